/** Records that are missing, or say something else. */

const specs = ['test/nightly/audit-trail.nightly-spec.ts'];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const auditTrail = [
  {
    id: 'audit-no-session-opened',
    file: 'libs/identity/auth/src/sign-in/sign-in-openings.ts',
    find: "      this.audit.recordAll(tx, 'session.opened', events(false)),\n",
    replace: '',
    specs,
  },
  {
    id: 'audit-opened-for-created',
    file: 'libs/identity/auth/src/sign-in/sign-in-openings.ts',
    find: "user.isNew ? 'user.created' : 'session.opened'",
    replace: "'session.opened'",
    specs,
  },
  {
    id: 'audit-linked-as-unlinked',
    file: 'libs/identity/account/src/identities/own-identities.service.ts',
    find: "this.record(tx, 'identity.linked',",
    replace: "this.record(tx, 'identity.unlinked',",
    specs,
  },
  {
    id: 'audit-no-identity-unlinked',
    file: 'libs/identity/account/src/identities/own-identities.service.ts',
    find: "await this.record(tx, 'identity.unlinked', caller, identityId, {",
    replace: 'void ({',
    specs,
  },
  {
    id: 'audit-no-session-stepped-up',
    file: 'libs/identity/account/src/step-up/step-up.service.ts',
    find: "await this.audit.record(tx, 'session.stepped_up', {",
    replace: 'void ({',
    specs,
  },
  {
    id: 'audit-no-contact-added',
    file: 'libs/identity/account/src/contact.service.ts',
    find: "await this.audit.record(tx, 'identity.contact_added', {",
    replace: 'void ({',
    specs,
  },
  {
    id: 'audit-no-user-status-changed',
    file: 'libs/identity/account/src/account.service.ts',
    find: "await this.audit.record(tx, 'user.status_changed', {",
    replace: 'void ({',
    specs,
  },
  {
    id: 'audit-no-bot-removed',
    file: 'libs/identity/applications/src/bots/bots.service.ts',
    find: "      await this.record(tx, 'bot.removed', bot);\n",
    replace: '',
    specs,
  },
  {
    id: 'audit-ended-session-as-actor',
    file: 'libs/identity/sessions/src/own/own-sessions.service.ts',
    find: 'actor: `session:${endedBy}`',
    replace: 'actor: `session:${id}`',
    specs,
  },
  {
    id: 'audit-no-partition-across-midnight',
    file: 'libs/platform/audit/src/audit.service.ts',
    find: "    await this.partitions.ensure('audit_records', plusSeconds(now, MARGIN_SECONDS));\n",
    replace: '',
    specs: ['test/integration/events-outbox.integration-spec.ts'],
  },
  {
    id: 'audit-no-cap-raised',
    file: 'libs/identity/account/src/identities/own-identities.service.ts',
    find: 'if (isNew || linked.cap !== known?.cap)',
    replace: 'if (isNew)',
    specs: ['test/integration/wallets.integration-spec.ts'],
  },
  {
    id: 'audit-read-from-the-first-record-on',
    file: 'libs/platform/audit/src/reading/audit-reader.ts',
    find: 'earliest && (from ? later(from, earliest) : earliest)',
    replace: 'earliest',
    specs: ['test/integration/admin-audit.integration-spec.ts'],
  },
];
