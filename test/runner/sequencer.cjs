const { createHash } = require('node:crypto');
const path = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/** Files that mostly wait, with their seconds. */
const WAITING = new Map([
  ['http-database-away.integration-spec.ts', 35],
  ['job-runner.integration-spec.ts', 30],
  ['held-rows.integration-spec.ts', 21],
  ['gateway-database-away.integration-spec.ts', 20],
  ['oidc-issuer.integration-spec.ts', 15],
  ['webhook-delivery.integration-spec.ts', 12],
  ['wrong-clock.integration-spec.ts', 12],
  ['gateway-replicas.integration-spec.ts', 11],
  ['webhook-client.spec.ts', 8],
  ['http-draining.integration-spec.ts', 7],
  ['shared-transactions.integration-spec.ts', 7],
  ['surroundings.spec.ts', 7],
]);

/** Files that compute for seconds: without the times of a run before, jest begins with the largest files. */
const COMPUTING = new Set([
  'admin-attacks-values.integration-spec.ts',
  'audit-sealing.integration-spec.ts',
  'audit-trail.integration-spec.ts',
  'erasure-ledger.integration-spec.ts',
  'events.integration-spec.ts',
  'http-hostile-values.integration-spec.ts',
  'keys-rotation.integration-spec.ts',
  'wallet-back-fill.integration-spec.ts',
  'wallet-history-agreement.integration-spec.ts',
  'wallet-history-batches.integration-spec.ts',
]);

/** Seconds of a file whose last time is not known. */
const INTEGRATION_SECONDS = 2.5;
const UNIT_SECONDS = 0.4;

/**
 * One file that waits at a time, beside files that compute: together they would leave the cores idle, and at the end they would run
 * alone. In a random order with `TEST_ORDER=<seed>`, the same for the same seed.
 */
module.exports = class BalancingSequencer extends Sequencer {
  constructor({ globalConfig, ...options }) {
    super({ globalConfig, ...options });
    this.otherWorkers = globalConfig.maxWorkers - 1;
  }

  sort(tests) {
    const seed = process.env.TEST_ORDER;
    return seed ? inRandomOrder(tests, seed) : this.balanced(super.sort(tests));
  }

  balanced(tests) {
    const waiting = tests
      .filter((test) => WAITING.has(nameOf(test)))
      .sort((one, other) => WAITING.get(nameOf(other)) - WAITING.get(nameOf(one)));
    const others = tests
      .filter((test) => !WAITING.has(nameOf(test)))
      .sort((one, other) => COMPUTING.has(nameOf(other)) - COMPUTING.has(nameOf(one)));
    const order = [];
    let waited = 0;
    let computed = 0;
    while (waiting.length + others.length > 0) {
      const isWaiting = others.length === 0 || (waiting.length > 0 && waited * this.otherWorkers <= computed);
      const test = isWaiting ? waiting.shift() : others.shift();
      order.push(test);
      if (isWaiting) waited += secondsOf(test);
      else computed += secondsOf(test);
    }
    return order;
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
  return WAITING.get(name) ?? (name.endsWith('integration-spec.ts') ? INTEGRATION_SECONDS : UNIT_SECONDS);
}
