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

/** The table of docs/security-inventory.md, by method and path. */
export function readTable(): ReadonlyMap<string, Record<Column, string>> {
  const text = readFileSync(join(__dirname, '../../docs/security-inventory.md'), 'utf8');
  const section = text.split('## Routes by assurance')[1]?.split('\n## ')[0] ?? '';
  const lines = [...section.matchAll(/^\| `([A-Z]+ [^`]+)`\s*\|(.+)\|$/gm)];
  return new Map(
    lines.map(([, route = '', cells = '']) => {
      const values = cells.split('|').map((cell) => cell.trim());
      return [
        route,
        Object.fromEntries(COLUMNS.map((column, index) => [column, values[index]])) as Record<Column, string>,
      ];
    }),
  );
}
