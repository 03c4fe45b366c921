const { randomInt } = require('node:crypto');

/** Property tests draw another seed for each run. Workers inherit the variable. */
if (!process.env.PROPERTY_SEED) {
  process.env.PROPERTY_SEED = String(randomInt(2 ** 31));
  process.stderr.write(`Property tests: PROPERTY_SEED=${process.env.PROPERTY_SEED} repeats this run\n`);
}
