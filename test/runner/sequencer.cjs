const { createHash } = require('node:crypto');
const path = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** Files that mostly wait, with their usual seconds. */
const WAITING = new Map([
  ['http-database-away.nightly-spec.ts', 35],
  ['job-runner.nightly-spec.ts', 30],
  ['held-rows.nightly-spec.ts', 21],
  ['gateway-database-away.nightly-spec.ts', 20],
  ['oidc-issuer.nightly-spec.ts', 15],
  ['webhook-delivery.integration-spec.ts', 12],
  ['wrong-clock.integration-spec.ts', 12],
  ['gateway-replicas.integration-spec.ts', 11],
  ['webhook-client.spec.ts', 8],
  ['http-draining.integration-spec.ts', 7],
  ['shared-transactions.integration-spec.ts', 7],
  ['surroundings.spec.ts', 7],
]);

/** Slow files that do not wait. On a fresh clone jest knows no durations, and would sort by file size. */
const SLOW = new Set([
  'admin-attacks-values.integration-spec.ts',
  'audit-trail.nightly-spec.ts',
  'erasure-ledger.integration-spec.ts',
  'events.integration-spec.ts',
  'http-hostile-values.integration-spec.ts',
]);

/** Assumed seconds of files without a recorded duration. */
const SLOW_SECONDS = 9;
const INTEGRATION_SECONDS = 2.5;
const UNIT_SECONDS = 0.4;

/**
 * Sorts files longest first, and spreads those that mostly wait: one at a time, while the other workers compute. Several at
 * once would leave the cores idle. With `TEST_ORDER=<seed>` the order is random, and the same for the same seed.
 */
module.exports = class BalancingSequencer extends Sequencer {
  constructor(options) {
    super(options);
    this.otherWorkers = options.globalConfig.maxWorkers - 1;
  }

  sort(tests) {
    const seed = process.env.TEST_ORDER;
    return seed ? inRandomOrder(tests, seed) : this.balanced(super.sort(tests));
  }

  balanced(tests) {
    const sorted = tests.toSorted((one, other) => secondsOf(other) - secondsOf(one));
    const others = sorted.filter((test) => !WAITING.has(nameOf(test)));
    const order = [];
    let secondsToFill = 0;
    for (const waiting of sorted.filter((test) => WAITING.has(nameOf(test)))) {
      order.push(waiting);
      secondsToFill += secondsOf(waiting) * this.otherWorkers;
      while (secondsToFill > 0 && others.length > 0) {
        const test = others.shift();
        secondsToFill -= secondsOf(test);
        order.push(test);
      }
    }
    return [...order, ...others];
  }
};

function inRandomOrder(tests, seed) {
  const digestOf = ({ path: file, context }) =>
    createHash('sha256')
      .update(`${seed} ${path.relative(context.config.rootDir, file)}`)
      .digest('hex');
  return tests
    .map((test) => ({ test, digest: digestOf(test) }))
    .sort((one, other) => (one.digest < other.digest ? -1 : 1))
    .map(({ test }) => test);
}

function nameOf({ path: file }) {
  return path.basename(file);
}

/** `duration` is in milliseconds, from jest's cache. */
function secondsOf(test) {
  if (test.duration !== undefined) return test.duration / 1000;
  const name = nameOf(test);
  if (SLOW.has(name)) return SLOW_SECONDS;
  return WAITING.get(name) ?? (name.endsWith('integration-spec.ts') ? INTEGRATION_SECONDS : UNIT_SECONDS);
}
