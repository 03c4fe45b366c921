/** Webhooks that reach others, acts on what belongs to another, and events and jobs that are lost. */

const endpoints = ['test/integration/admin-webhooks.integration-spec.ts'];
const delivery = ['test/integration/webhook-delivery.integration-spec.ts'];
const leases = ['test/integration/webhook-leases.integration-spec.ts'];
const health = 'libs/webhooks/src/delivery/endpoint-health.repository.ts';
const jobs = ['test/integration/job-runner.integration-spec.ts'];
const log = { file: 'libs/webhooks/src/admin/delivery-log.repository.ts', specs: endpoints };

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const webhooks = [
  {
    id: 'webhooks-delivery-of-another-endpoint',
    ...log,
    find: 'WHERE endpoint_id = $1 AND occurred_at = $2 AND event_id = $3',
    replace: 'WHERE $1::uuid IS NOT NULL AND occurred_at = $2 AND event_id = $3',
  },
  {
    id: 'webhooks-attempts-of-another-endpoint',
    ...log,
    find: 'where: { endpointId, eventId },',
    replace: 'where: { eventId },',
  },
  {
    id: 'webhooks-replay-only-of-what-is-due',
    ...log,
    find: 'AND queue.lease IS NOT NULL AND queue.due_at > $2',
    replace: 'AND queue.due_at > $2',
  },
  {
    id: 'webhooks-replay-under-way',
    ...log,
    find: 'AND queue.lease IS NOT NULL AND queue.due_at > $2',
    replace: 'AND false AND queue.due_at > $2',
  },
  {
    id: 'webhooks-secret-of-another-endpoint',
    file: 'libs/webhooks/src/admin/webhook-secrets.ts',
    find: "      if (!known.some(({ id }) => id === secretId)) throw webhookError('webhook.secret_not_found');\n",
    replace: '',
    specs: endpoints,
  },
  {
    id: 'webhooks-secrets-of-all-endpoints-expire',
    file: 'libs/webhooks/src/admin/webhook-secrets.repository.ts',
    find: "      .where('endpoint_id = :endpointId', { endpointId })\n",
    replace: "      .where('true')\n",
    specs: endpoints,
  },
  {
    id: 'webhooks-secret-outlives-a-shorter-overlap',
    file: 'libs/webhooks/src/admin/webhook-secrets.repository.ts',
    find: ".orWhere('expires_at > :instant', { instant })",
    replace: '',
    specs: endpoints,
  },
  {
    id: 'webhooks-next-secret-of-the-oldest-kind',
    file: 'libs/webhooks/src/admin/webhook-secrets.ts',
    find: "known.at(-1)?.kind ?? 'hmac'",
    replace: "known.at(0)?.kind ?? 'hmac'",
    specs: endpoints,
  },
  {
    id: 'webhooks-log-skips-a-delivery',
    file: 'libs/webhooks/src/admin/webhook-log.ts',
    find: 'return { deliveries, nextId: floor && left && idOfSequence(floor) };',
    replace: 'return { deliveries, nextId: left && idOfSequence(left) };',
    specs: endpoints,
  },
  {
    id: 'webhooks-changed-by-two-at-once',
    file: 'libs/webhooks/src/admin/endpoints.repository.ts',
    find: "{ where: { id }, lock: { mode: 'for_no_key_update' } }",
    replace: '{ where: { id } }',
    specs: endpoints,
  },
  ...[
    ['failures', 'failingSince'],
    ['warning', 'warnedAt'],
    ['pause', 'pausedUntil'],
  ].map(([what, column]) => ({
    id: `webhooks-enabled-with-an-old-${what}`,
    file: 'libs/webhooks/src/endpoint-switch.ts',
    find: `        ${column}: null,\n`,
    replace: '',
    specs: endpoints,
  })),
  {
    id: 'webhooks-oldest-secret-first',
    file: 'libs/webhooks/src/delivery/delivery.repository.ts',
    find: 'ORDER BY created_at DESC, id DESC`',
    replace: 'ORDER BY created_at, id`',
    specs: delivery,
  },
  {
    id: 'webhooks-warned-once-and-for-all',
    file: 'libs/webhooks/src/delivery/endpoint-health.repository.ts',
    find: 'SET failing_since = NULL, warned_at = NULL',
    replace: 'SET failing_since = NULL',
    specs: delivery,
  },
  {
    id: 'webhooks-pause-replaced-by-a-shorter-one',
    file: health,
    find: 'greatest(paused_until, $4::timestamptz)',
    replace: '$4::timestamptz',
    specs: leases,
  },
  {
    id: 'webhooks-disabled-endpoint-fails',
    file: health,
    find: "AND url = $2 AND status = 'active'\n  RETURNING",
    replace: 'AND url = $2\n  RETURNING',
    specs: delivery,
  },
  {
    id: 'webhooks-released-at-once',
    file: 'libs/webhooks/src/delivery/delivery.repository.ts',
    find: 'greatest(first.due_at, held.not_before) AS due_at',
    replace: 'first.due_at AS due_at',
    specs: delivery,
  },
  {
    id: 'webhooks-sent-during-a-pause',
    file: 'libs/webhooks/src/delivery/endpoint-deliveries.ts',
    find: ' || this.halts > haltsBefore ||',
    replace: ' ||',
    specs: leases,
  },
  {
    id: 'events-dropped-a-day-early',
    file: 'libs/events/src/events-upkeep.ts',
    find: 'new Date(now - EVENT_DAYS * DAY)',
    replace: 'new Date(now - (EVENT_DAYS - 1) * DAY)',
    specs: ['test/integration/upkeep.integration-spec.ts'],
  },
  {
    id: 'jobs-failed-as-done',
    file: 'libs/jobs/src/job-runner.ts',
    find: "outcome === 'done' ? boss.complete(job.name, id) : boss.fail(job.name, id)",
    replace: 'boss.complete(job.name, id)',
    specs: jobs,
  },
  {
    id: 'jobs-unknown-readiness',
    file: 'libs/jobs/src/job-runner.ts',
    find: 'this.isReady().catch(() => false)',
    replace: 'this.isReady().catch(() => true)',
    specs: jobs,
  },
  {
    id: 'applications-secret-of-another',
    file: 'libs/applications/src/application-secrets.ts',
    find: 'delete({ id: secretId, applicationId })',
    replace: 'delete({ id: secretId })',
    specs: ['test/integration/admin-secrets.integration-spec.ts'],
  },
  {
    id: 'applications-bot-of-another-environment-disabled',
    file: 'libs/applications/src/accepted-bots.ts',
    find: 'isMeant(bot) && bot.environment === environment &&',
    replace: 'isMeant(bot) &&',
    specs: ['test/integration/doors.integration-spec.ts'],
  },
  {
    id: 'applications-web-login-of-a-test-bot',
    file: 'libs/applications/src/applications.service.ts',
    find: "        candidate.environment === 'production' &&\n",
    replace: '',
    specs: ['test/integration/oidc.integration-spec.ts'],
  },
  {
    id: 'applications-signature-of-another-provider',
    file: 'libs/applications/src/bots.service.ts',
    find: "wanted.provider === 'telegram' ? wanted.signaturePolicy : 'optional'",
    replace: 'wanted.signaturePolicy',
    specs: ['test/integration/admin-bots.integration-spec.ts'],
  },
  {
    id: 'applications-overlap-that-is-over',
    file: 'libs/applications/src/bots.service.ts',
    find: 'overlapUntil <= this.clock.now()',
    replace: 'overlapUntil < this.clock.now()',
    specs: ['test/integration/admin-bots.integration-spec.ts'],
  },
  {
    id: 'webhooks-begun-while-ending',
    file: 'libs/webhooks/src/delivery/endpoint-deliveries.ts',
    find: 'if (this.isStopped || this.halts > haltsBefore',
    replace: 'if (this.halts > haltsBefore',
    specs: leases,
  },
  {
    id: 'webhooks-signed-by-an-expired-secret',
    file: 'libs/webhooks/src/delivery/delivery.repository.ts',
    find: 'AND coalesce(expires_at > $2::timestamptz, true)',
    replace: 'AND coalesce(expires_at >= $2::timestamptz, true)',
    specs: ['test/integration/webhook-delivery.integration-spec.ts'],
  },
  {
    id: 'webhooks-attempts-are-deleted-at-once',
    file: 'libs/webhooks/src/delivery/webhook-upkeep.repository.ts',
    find: 'WHERE attempted_at < $1::timestamptz ORDER',
    replace: 'WHERE $1::timestamptz IS NOT NULL ORDER',
    specs: leases,
  },
];
