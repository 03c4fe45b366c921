import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whatCodesMean } from './what-codes-mean.js';

const document = readFileSync(join(__dirname, '../../../docs/client.md'), 'utf8');
const errors = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');

describe('what codes mean', () => {
  it('stands in docs/client.md', () => {
    const rows = [...document.matchAll(/^\| `([a-z_]+\.[a-z_]+)` +\| (.{22}) \|(.*)\|$/gm)];
    const shown = { session: {}, signIn: {} } as Record<string, Record<string, string>>;
    for (const [, code = '', session = '', signIn = ''] of rows) {
      if (session.trim()) (shown['session'] ??= {})[code] = session.trim();
      if (signIn.trim()) (shown['signIn'] ??= {})[code] = signIn.trim();
    }

    expect(shown).toEqual(whatCodesMean);
  });

  it('is said of codes that there are', () => {
    const codes = Object.values(whatCodesMean).flatMap((meanings) => Object.keys(meanings));
    const ofTheService = codes.filter((code) => !code.startsWith('local.'));

    expect(ofTheService.filter((code) => !errors.includes(`\`${code}\``))).toEqual([]);
  });
});
