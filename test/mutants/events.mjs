/** Events that are missing, reach the wrong subscribers, or are written where none is asked for. */

const specs = ['test/integration/events.integration-spec.ts'];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const events = [
  {
    id: 'events-idle-session-ended',
    file: 'libs/identity/sessions/src/store/session-endings.repository.ts',
    find: "const announced = reason === 'idle' ? [] : ended;",
    replace: 'const told = ended;',
    specs,
  },
  {
    id: 'events-no-user-created-by-a-detachment',
    file: 'libs/identity/account/src/identities/detachment.service.ts',
    find: "    await this.events.add(tx, 'user.created', fromId, { userId, identityId });\n",
    replace: '',
    specs,
  },
  {
    id: 'events-preferences-for-all-applications',
    file: 'libs/identity/profiles/src/profiles.service.ts',
    find: 'await (changed.length > 0',
    replace: 'await (changed.length >= 0',
    specs,
  },
  {
    id: 'events-no-erasure-cancelled',
    file: 'libs/identity/users/src/erasure/erasures.service.ts',
    find: "    await this.events.add(tx, 'user.erasure_cancelled', userId, { userId });\n",
    replace: '',
    specs,
  },
  {
    id: 'events-not-asked-for',
    file: 'libs/platform/events/src/outbox.ts',
    find: 'if (events.length === 0 || !(await this.isWanted(tx, type))) return;',
    replace: 'if (events.length === 0) return;',
    specs: ['test/integration/events-outbox.integration-spec.ts'],
  },
  {
    id: 'events-no-partition-across-midnight',
    file: 'libs/platform/events/src/outbox.ts',
    find: "    await this.partitions.ensure('events', plusSeconds(now, MARGIN_SECONDS));\n",
    replace: '',
    specs: ['test/integration/events-outbox.integration-spec.ts'],
  },
  {
    id: 'events-later-types-for-every-subscriber',
    file: 'libs/platform/events/src/events.repository.ts',
    find: 'WHERE subscriber_id = $1 AND NOT types',
    replace: 'WHERE $1::text IS NOT NULL AND NOT types',
    specs: ['test/integration/admin-webhooks.integration-spec.ts'],
  },
];
