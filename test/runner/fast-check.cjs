// By its path: its name leads here, see moduleNameMapper in jest.config.js. The copy that Node's loader takes for kept modules.
const fc = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.PROPERTY_SEED) });

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
