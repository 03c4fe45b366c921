import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whatCodesMean } from './what-codes-mean.js';

const document = readFileSync(join(__dirname, '../../../docs/client.md'), 'utf8');
const errors = readFileSync(join(__dirname, '../../../docs/errors.md'), 'utf8');

describe('what codes mean', () => {
  it('stands in docs/client.md', () => {
    const [, session = '', signIn = ''] =
      /\nAfter a call or a refresh:\n(.+)\nAfter a sign-in:\n(.+?)\n## /s.exec(document) ?? [];

    expect({ session: meaningsIn(session), signIn: meaningsIn(signIn) }).toEqual(whatCodesMean);
  });

  it('is said of codes that there are', () => {
    const codes = Object.values(whatCodesMean).flatMap((meanings) => Object.keys(meanings));
    const ofTheService = codes.filter((code) => !code.startsWith('local.'));

    expect(ofTheService.filter((code) => !errors.includes(`\`${code}\``))).toEqual([]);
  });
});

/** `**refresh** after `session.expired` and `session.token_invalid`. ...` by code. */
function meaningsIn(text: string): Record<string, string> {
  const said = [...text.matchAll(/\*\*([a-z-]+)\*\* after ((?:`[a-z_.]+`(?:, | and )?)+)/g)];
  return Object.fromEntries(
    said.flatMap(([, meaning = '', codes = '']) =>
      [...codes.matchAll(/`([a-z_.]+)`/g)].map(([, code = '']) => [code, meaning]),
    ),
  );
}
