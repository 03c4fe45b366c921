const { parseArgs } = require('node:util');
const { loadTypeScript } = require('./load.cjs');
const { seedRandomness } = require('./seeded.cjs');

/** `npm run simulate -- <options>`. Must run before the product is loaded: it replaces the clock and the random numbers. */

const text = { type: 'string' };
const options = { seed: text, steps: text, histories: text, defect: text, replay: text, shrink: text };
const { values } = parseArgs({ options: { ...options, 'no-races': { type: 'boolean' } } });
const wholeNumber = (name, fallback) => {
  const value = values[name] ?? String(fallback);
  if (!/^\d{1,9}$/.test(value)) throw new RangeError(`--${name} must be a whole number`);
  return Number(value);
};

const seed = wholeNumber('seed', Math.floor(Math.random() * 1_000_000));
seedRandomness(seed);
loadTypeScript(values.defect);
const { simulate } = require('./simulate.ts');

simulate({
  seed,
  steps: wholeNumber('steps', 300),
  histories: wholeNumber('histories', 1),
  maxTries: wholeNumber('shrink', 16),
  withRaces: !values['no-races'],
  defect: values.defect,
  replay: values.replay,
}).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    process.exit(2);
  },
);
