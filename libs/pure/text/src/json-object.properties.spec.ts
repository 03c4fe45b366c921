import * as fc from 'fast-check';
import { readJsonObject } from './json-members';

const aName = fc.oneof(fc.constantFrom('a', 'b', '1', '__proto__', 'a"', 'a\\', ':', '{'), fc.string());
/** Texts of JSON in which every object names its members once. */
const aTree = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('1', 'null', '"{\\":,["', '[]', '{}'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' , ')}]`),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(aName, tie('value')), { selector: ([name]) => name, maxLength: 4 })
    .map((members) => objectText(members)),
}));

function objectText(members: readonly (readonly [name: string, value: string])[]): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(name)} : ${value}`).join(',')}}`;
}

/** The same name with its first character escaped. */
function otherSpelling(name: string): string {
  const code = name.charCodeAt(0).toString(16).padStart(4, '0');
  return `"\\u${code}${JSON.stringify(name.slice(1)).slice(1)}`;
}

describe('readJsonObject', () => {
  it('reads what names every member once, however deep', () => {
    fc.assert(
      fc.property(aTree.object, (text) => {
        expect(readJsonObject(text)).toEqual(JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses a member named twice, wherever and however it is spelled', () => {
    const aDouble = fc.tuple(aName.filter(Boolean), aTree.value, aTree.value, aTree.value, fc.boolean());
    fc.assert(
      fc.property(aDouble, ([name, first, between, second, isSpelledAnew]) => {
        const again = isSpelledAnew ? otherSpelling(name) : JSON.stringify(name);
        const double = `{${JSON.stringify(name)}:${first},"${name.length}between":${between},${again}:${second}}`;

        expect(readJsonObject(double)).toBeUndefined();
        expect(readJsonObject(`{"a":[${between},${double}],"b":${between}}`)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});
