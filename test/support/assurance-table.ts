import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const COLUMNS = ['vendor', 'bot-token', 'platform', 'third-party application'] as const;
export type Column = (typeof COLUMNS)[number];

/** What a caller of a column is answered where the table says `refused`. */
export const REFUSED: ReadonlySet<string> = new Set([
  'auth.assurance_too_low',
  'account.first_party_only',
  'profile.first_party_only',
]);

/**
 * The table of docs/security-inventory.md, by method and path. A row has what three columns reach, and its routes,
 * with several methods of a path as `GET/PATCH /v1/...`. The page says that `platform` reaches all.
 */
export function readTable(): ReadonlyMap<string, Record<Column, string>> {
  const text = readFileSync(join(__dirname, '../../docs/security-inventory.md'), 'utf8');
  const section = text.split('## Routes by assurance')[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| (\w+) +\| (\w+) +\| (\w+) +\| (`.+`) +\|$/gm)];
  const entries = rows.flatMap(([, vendor = '', botToken = '', thirdParty = '', cell = '']) =>
    [...cell.matchAll(/`([A-Z/]+) ([^`]+)`/g)]
      .flatMap(([, methods = '', path = '']) => methods.split('/').map((method) => `${method} ${path}`))
      .map((route): [string, Record<Column, string>] => [
        route,
        { vendor, 'bot-token': botToken, platform: 'yes', 'third-party application': thirdParty },
      ]),
  );
  expect(new Set(entries.map(([route]) => route)).size).toBe(entries.length);
  return new Map(entries);
}
