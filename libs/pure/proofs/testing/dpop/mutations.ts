import * as fc from 'fast-check';

/** One to three places cut out or overwritten, with a liking for the characters of a JWS. */
export function edited(text: string): fc.Arbitrary<string> {
  const inserts = fc.oneof(
    fc.constant(''),
    fc.stringMatching(/^[A-Za-z0-9_.=+/-]{1,12}$/),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const edit = fc.tuple(fc.nat({ max: text.length }), fc.nat({ max: 12 }), inserts);
  return fc
    .array(edit, { minLength: 1, maxLength: 3 })
    .map((edits) =>
      edits.reduce((before, [at, cut, put]) => before.slice(0, at) + put + before.slice(at + cut), text),
    );
}

/** One bit of one of the three decoded parts of a JWS. */
export function bitFlipped(jws: string): fc.Arbitrary<string> {
  const parts = jws.split('.');
  return fc.tuple(fc.nat({ max: 2 }), fc.nat(), fc.nat({ max: 7 })).map(([index, at, bit]) => {
    const bytes = Buffer.from(parts[index] ?? '', 'base64url');
    const position = at % bytes.length;
    bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position);
    return parts.with(index, bytes.toString('base64url')).join('.');
  });
}
