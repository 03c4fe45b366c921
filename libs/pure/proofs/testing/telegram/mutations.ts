import * as fc from 'fast-check';

/** One to three insertions, deletions and replacements, preferring the characters of queries and JSON. */
export function edited(text: string): fc.Arbitrary<string> {
  const at = fc.nat({ max: text.length - 1 });
  const character = fc.oneof(
    fc.constantFrom(...Array.from('&=%+?#;\0\n"{}[]:,\\/aZ09_-')),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  const edit = fc.oneof(
    fc.record({ at, length: fc.constant(0), insert: character }),
    fc.record({ at, length: fc.nat({ max: 8 }), insert: fc.constant('') }),
    fc.record({ at, length: fc.constant(1), insert: character }),
    fc.record({ at, length: fc.nat({ max: 40 }), insert: fc.string({ unit: 'binary', maxLength: 40 }) }),
  );
  const apply = (before: string, { at, length, insert }: { at: number; length: number; insert: string }) =>
    before.slice(0, at) + insert + before.slice(at + length);
  return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => edits.reduce(apply, text));
}

/** One bit of one UTF-16 code unit. */
export function bitFlipped(text: string): fc.Arbitrary<string> {
  return fc.tuple(fc.nat({ max: text.length - 1 }), fc.nat({ max: 15 })).map(([at, bit]) => {
    const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
    return text.slice(0, at) + flipped + text.slice(at + 1);
  });
}

/** Mutations of a signed query, each with its description. Some of them keep its content. */
export function queryChanges(query: string): [done: string, changed: fc.Arbitrary<string>][] {
  const pairs = query.split('&');
  const index = fc.nat({ max: pairs.length - 1 });
  const offset = fc.nat({ max: pairs.length });
  const added = fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/), fc.string());
  return [
    ['one bit of the text was flipped', bitFlipped(query)],
    ['one bit of a decoded value was flipped', valueBitFlipped(query)],
    ['the text was edited', edited(query)],
    ['a field was dropped', index.map((at) => pairs.toSpliced(at, 1).join('&'))],
    [
      'a field was doubled, with its own value or another',
      fc.tuple(index, offset, fc.option(fc.string())).map(([at, to, value]) => {
        const pair = pairs[at] ?? '';
        const name = pair.slice(0, pair.indexOf('='));
        const double = value === null ? pair : `${name}=${encodeURIComponent(value)}`;
        return pairs.toSpliced(to, 0, double).join('&');
      }),
    ],
    [
      'a field was added',
      fc
        .tuple(offset, added)
        .map(([to, [name, value]]) =>
          pairs.toSpliced(to, 0, `${name}=${encodeURIComponent(value)}`).join('&'),
        ),
    ],
  ];
}

function valueBitFlipped(query: string): fc.Arbitrary<string> {
  const pairs = query.split('&');
  const fields = [...new URLSearchParams(query)];
  const index = fc.nat({ max: fields.length - 1 }).filter((at) => fields[at]?.[1] !== '');
  return fc.tuple(index, fc.nat(), fc.nat({ max: 7 })).map(([at, position, bit]) => {
    const [name = '', value = ''] = fields[at] ?? [];
    const bytes = Buffer.from(value);
    const offset = position % bytes.length;
    bytes.writeUInt8(bytes.readUInt8(offset) ^ (1 << bit), offset);
    const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    return pairs.with(at, `${name}=${encoded}`).join('&');
  });
}

/** The same fields in any order. */
export function reordered(query: string): fc.Arbitrary<string> {
  const pairs = query.split('&');
  return fc.shuffledSubarray(pairs, { minLength: pairs.length }).map((shuffled) => shuffled.join('&'));
}

/** The same fields in any spelling: characters as they are, percent-encoded in both cases, spaces as `+`. */
export function respelled(query: string): fc.Arbitrary<string> {
  return fc.array(fc.nat({ max: 3 }), { minLength: 1 }).map((choices) => {
    let position = 0;
    const respell = (text: string) =>
      Array.from(text, (character) => spelling(character, choices[position++ % choices.length] ?? 3)).join(
        '',
      );
    return [...new URLSearchParams(query)].map((field) => field.map(respell).join('=')).join('&');
  });
}

function spelling(character: string, how: number): string {
  if (how === 0 && character === ' ') return '+';
  if (how === 1 && !/[&+%=#]/.test(character)) return character;
  const hex = encodeURIComponent(character);
  const bytes = hex.startsWith('%') ? hex : `%${Buffer.from(character).toString('hex')}`;
  return how === 2 ? bytes.toLowerCase() : bytes;
}

/** An independent reading of a query. */
export function saidByQuery(query: string): string {
  return saidByFields([...new URLSearchParams(query)]);
}

export function saidByFields(fields: readonly (readonly [name: string, value: unknown])[]): string {
  return JSON.stringify(
    fields
      .map(([name, value]) => `${name}=${String(value)}`)
      .toSorted((one, other) => (one < other ? -1 : 1)),
  );
}

/** Unsigned texts, of three degrees of similarity to a query. */
export const hostileTexts: readonly fc.Arbitrary<string>[] = [
  fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
  fc.string({
    unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)),
    maxLength: 300,
    size: 'max',
  }),
  fc.stringMatching(/^([a-z_]{1,4}=[%0-9A-F+{}":,]{0,12}&?){0,20}$/, { size: 'max' }),
];
