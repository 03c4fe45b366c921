const { createHash } = require('node:crypto');
const path = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** jest's own order, longest first; with `TEST_ORDER=<seed>` a random one, the same for the same seed. */
module.exports = class SeededSequencer extends Sequencer {
  sort(tests) {
    const seed = process.env.TEST_ORDER;
    if (!seed) return super.sort(tests);
    const digestOf = ({ path: file, context }) =>
      createHash('sha256')
        .update(`${seed} ${path.relative(context.config.rootDir, file)}`)
        .digest('hex');
    return tests
      .map((test) => ({ test, digest: digestOf(test) }))
      .sort((one, other) => (one.digest < other.digest ? -1 : 1))
      .map(({ test }) => test);
  }
};
