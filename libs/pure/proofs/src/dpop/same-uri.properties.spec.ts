import * as fc from 'fast-check';
import { tries } from '@countersign/text/testing';
import { isSameUri } from './verify-dpop-proof';

describe('isSameUri of any path', () => {
  const character = fc.oneof(
    fc.constantFrom(...'abcXYZ019-_~!$&()*+,;=:@'),
    fc.constantFrom('%2F', '%20', '%C3'),
  );
  const segment = fc.array(character, { minLength: 1, maxLength: 6 });
  const path = fc
    .array(segment, { minLength: 1, maxLength: 3 })
    .map((parts) => parts.flatMap((part) => ['/', ...part]));
  const address = (characters: readonly string[]) => `https://id.example${characters.join('')}`;

  it('takes every escape of what needs none for the same', () => {
    fc.assert(
      fc.property(path, fc.infiniteStream(fc.boolean()), (characters, coins) => {
        const respelled = characters.map((one) => (coins.next().value ? otherSpelling(one) : one));
        return isSameUri(address(characters), address(respelled));
      }),
      tries(250),
    );
  });

  it('takes a character less, more or other for another', () => {
    const change = fc.record({
      at: fc.nat(),
      cut: fc.nat({ max: 1 }),
      put: fc.array(character, { maxLength: 1 }),
    });
    fc.assert(
      fc.property(path, change, (characters, { at, cut, put }) => {
        const changed = characters.toSpliced(1 + (at % characters.length), cut, ...put);
        const isSame = changed.join('') === characters.join('');
        return isSameUri(address(characters), address(changed)) === isSame;
      }),
      tries(250),
    );
  });
});

function otherSpelling(character: string): string {
  if (/^[A-Za-z0-9_~-]$/.test(character)) return `%${Buffer.from(character).toString('hex')}`;
  return character.startsWith('%') ? character.toLowerCase() : character;
}
