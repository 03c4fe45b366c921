import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { KeyRing } from '..';
import { KeyRingError } from './key-ring';
import { ringDocument, secretOf } from '../../testing/rings';
import { spellingsOf, thrownBy } from '../../testing/thrown';

const SECRET = secretOf('k1').toString('base64url');

type Path = readonly (string | number)[];

/** A valid document with one value set, or removed when `value` is undefined. */
function changed(path: Path, value: unknown): string {
  const document: unknown = ringDocument();
  let node = document as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) node = node[step] as Record<string | number, unknown>;
  node[path.at(-1) ?? ''] = value;
  return JSON.stringify(document);
}

const REFUSED: readonly [what: string, text: string, message: string][] = [
  ['nothing', '', 'the key ring is not JSON'],
  ['a bare secret', SECRET, 'the key ring is not JSON'],
  ['another version', changed(['version'], 2), 'version must be 1'],
  ['an unknown field', changed(['signing'], {}), 'signing is not a known field'],
  ['a secret for a field name', changed([SECRET], 1), '(unprintable) is not a known field'],
  ['a missing purpose', changed(['index'], undefined), 'index must be a list of at least one key'],
  ['no keys', changed(['sealing'], []), 'sealing must be a list of at least one key'],
  ['a key that is no object', changed(['index', 1], SECRET), 'index[1] must be an object'],
  ['an unknown field of a key', changed(['index', 1, 'note'], 'x'), 'index[1].note is not a known field'],
  ...['', 'K1', 'k_1', 'k-1', 'k:1', 'k1\n', 'a'.repeat(17), 1, null].map((id): [string, string, string] => [
    `the id ${JSON.stringify(id)}`,
    changed(['sealing', 0, 'id'], id),
    'sealing[0].id must be 1 to 16 lower-case letters and digits',
  ]),
  ...[
    '',
    null,
    [...secretOf('k1')],
    secretOf('k1').toString('hex'),
    `${SECRET}=`,
    ` ${SECRET}`,
    `${SECRET}\n`,
    SECRET.slice(1),
    `${SECRET}A`,
    Buffer.alloc(31, 'ab').toString('base64url'),
    Buffer.alloc(33, 'ab').toString('base64url'),
    // 32 bytes leave two spare bits in the last character.
    `${SECRET.slice(0, -1)}${nextCharacter(SECRET.at(-1) ?? '')}`,
    Buffer.alloc(32, 0xfb_ef).toString('base64'),
  ].map((secret): [string, string, string] => [
    `the secret ${JSON.stringify(secret)}`,
    changed(['sealing', 0, 'secret'], secret),
    'sealing[0].secret must be base64url of exactly 32 bytes',
  ]),
  ...[0, 1, 0x61, 0xff].map((byte): [string, string, string] => [
    `a secret of bytes ${byte}`,
    changed(['index', 0, 'secret'], Buffer.alloc(32, byte).toString('base64url')),
    'index[0].secret must be random',
  ]),
  ['an id in two purposes', changed(['index', 0, 'id'], 'k1'), 'index[0].id is the id of another key too'],
  [
    'a secret in two purposes',
    changed(['token', 1, 'secret'], SECRET),
    'token[1].secret is the secret of another key too',
  ],
];

function nextCharacter(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) + 1);
}

describe('parsing a key ring', () => {
  it('accepts the document that the others are made from', () => {
    expect(KeyRing.parse(`${JSON.stringify(ringDocument(), null, 2)}\n`).active('sealing').id).toBe('k2');
  });

  it.each(REFUSED)('refuses %s', (_, text, message) => {
    const error = thrownBy(() => KeyRing.parse(text));

    expect(error).toBeInstanceOf(KeyRingError);
    expect((error as KeyRingError).message).toBe(message);
    expect(message.startsWith((error as KeyRingError).field)).toBe(true);
    for (const spelling of spellingsOf(secretOf('k1'))) expect(inspect(error)).not.toContain(spelling);
  });

  it('throws nothing but a KeyRingError that holds no secret, however the text is broken', () => {
    const text = JSON.stringify(ringDocument());
    const secrets = ['k1', 'k2', 'i1', 'i2', 't1', 't2'].map((id) => secretOf(id).toString('base64url'));
    const fragments = secrets.flatMap((secret) => Array.from(secret, (_, at) => secret.slice(at, at + 8)));
    const longFragments = fragments.filter((fragment) => fragment.length === 8);
    const edit = fc.record({
      at: fc.nat(text.length),
      drop: fc.nat(50),
      put: fc.oneof(fc.constantFrom('', '"', '{', '}', ',', '\\'), fc.string({ maxLength: 4 })),
    });
    fc.assert(
      fc.property(edit, ({ at, drop, put }) => {
        try {
          KeyRing.parse(text.slice(0, at) + put + text.slice(at + drop));
        } catch (error) {
          expect(error).toBeInstanceOf(KeyRingError);
          const shown = inspect(error, { showHidden: true });
          expect(longFragments.filter((fragment) => shown.includes(fragment))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
