// By its path: its name leads here, see moduleNameMapper in jest.config.js. The copy that Node's loader takes for kept modules.
const fc = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.PROPERTY_SEED) });

const SURROGATES = 0x800;
const FIRST_SURROGATE = 0xd800;

/** Any code point but a surrogate. */
const codePoint = fc.integer({ min: 0, max: 0x10ffff - SURROGATES }).map(
  (place) => String.fromCodePoint(place < FIRST_SURROGATE ? place : place + SURROGATES),
  (text) => {
    const code = typeof text === 'string' ? text.codePointAt(0) : undefined;
    if (code === undefined || String.fromCodePoint(code) !== text || !text.isWellFormed())
      throw new TypeError('not a code point');
    return code < FIRST_SURROGATE ? code : code - SURROGATES;
  },
);

const { string } = fc;

/** The same characters as the unit `binary`, for which fast-check makes a map of a million: 0.8 s of CPU time per worker. */
fc.string = (constraints) =>
  string(constraints?.unit === 'binary' ? { ...constraints, unit: codePoint } : constraints);

const { webUrl } = fc;

const percentEncoded = (character) => {
  const encoded = encodeURIComponent(character);
  return encoded === character ? `%${character.charCodeAt(0).toString(16)}` : encoded;
};

/** The same addresses as the stock arbitrary, without its map of all characters for percent-encoding: 0.9 s of CPU time per worker. */
fc.webUrl = (constraints) => {
  if (constraints) return webUrl(constraints);
  const plain = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@"];
  const unit = fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom(...plain) },
    { weight: 1, arbitrary: codePoint.map(percentEncoded) },
  );
  const pathOf = (segments, size) => fc.array(string({ unit, size }), { size: segments });
  // Few long segments, or more short ones.
  const path = fc.oneof(pathOf('xsmall', 'small'), pathOf('small', 'xsmall'));
  return fc
    .tuple(fc.constantFrom('http', 'https'), fc.webAuthority(), path)
    .map(([scheme, authority, segments]) => [`${scheme}://${authority}`, ...segments].join('/'));
};

const { assert } = fc;
const times = Number(process.env.PROPERTY_TIMES || 1);
if (!Number.isSafeInteger(times) || times < 1)
  throw new RangeError('PROPERTY_TIMES must be a positive integer');

/** `PROPERTY_TIMES=50` runs each property fifty times as often. */
fc.assert = (property, parameters) =>
  assert(
    property,
    times === 1 ? parameters : { ...parameters, numRuns: times * (parameters?.numRuns ?? 100) },
  );

// The default export is another object, which cannot be changed.
fc.default = fc;

module.exports = fc;
