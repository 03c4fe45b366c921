const { createHash } = require('node:crypto');
const path = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/**
 * Takes seven seconds or more, mostly to wait. Last in the order, such a file would run alone: without the times of a run before, jest
 * begins with the largest files.
 */
const LONGEST = new Set([
  'admin-webhooks.integration-spec.ts',
  'audit-sealing.integration-spec.ts',
  'audit-trail.integration-spec.ts',
  'erasure-ledger.integration-spec.ts',
  'events.integration-spec.ts',
  'gateway-database-away.integration-spec.ts',
  'gateway-memory.integration-spec.ts',
  'gateway-replicas.integration-spec.ts',
  'held-rows.integration-spec.ts',
  'http-database-away.integration-spec.ts',
  'http-hostile-values.integration-spec.ts',
  'job-runner.integration-spec.ts',
  'keys-rotation.integration-spec.ts',
  'oidc-issuer.integration-spec.ts',
  'setup-scripts.spec.ts',
  'wallet-back-fill.integration-spec.ts',
  'wallet-history-batches.integration-spec.ts',
  'webhook-delivery.integration-spec.ts',
  'wrong-clock.integration-spec.ts',
]);

/** The longest files first, and the others as jest has them. In a random order with `TEST_ORDER=<seed>`, the same for the same seed. */
module.exports = class LongestFirstSequencer extends Sequencer {
  sort(tests) {
    const seed = process.env.TEST_ORDER;
    if (!seed) {
      const isLong = (test) => (LONGEST.has(path.basename(test.path)) ? 1 : 0);
      return super.sort(tests).sort((one, other) => isLong(other) - isLong(one));
    }
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
