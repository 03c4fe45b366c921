/** Defects that the simulator has to find. `npm run simulate -- --defect <name>` changes the source while it is loaded. */
exports.defects = {
  'reuse-is-ignored': {
    file: 'libs/identity/sessions/src/rotation.ts',
    find: ": { kind: 'reused' };\n}",
    replace: ": { kind: 'foreign' };\n}",
  },
  'revocation-is-lost': {
    file: 'libs/identity/sessions/src/store/session-endings.repository.ts',
    find: 'for (let start = 0; start < ids.length;',
    replace: 'for (let start = ids.length; start < ids.length;',
  },
  'event-is-lost': {
    file: 'libs/identity/auth/src/sign-in/sign-in-openings.ts',
    find: 'this.outbox.add(tx, sessionEvents.opened, group.map(toSessionOpened)),',
    replace: 'this.outbox.add(tx, sessionEvents.opened, created.map(toSessionOpened)),',
  },
  'a-score-counts-again': {
    file: 'libs/community/leaderboards/src/scores/scores.service.ts',
    find: 'const earlier = known.get(id) ?? accepted.get(id);',
    replace: 'const earlier = accepted.get(id);',
  },
  'an-eleventh-session': {
    file: 'libs/identity/sessions/src/store/sessions.sql.ts',
    find: 'OFFSET $1::int - 1',
    replace: 'OFFSET $1::int',
  },
  'the-prior-token-lives': {
    file: 'libs/identity/sessions/src/refresh.service.ts',
    find: 'const PRIOR_ACCESS_SECONDS = 10;',
    replace: 'const PRIOR_ACCESS_SECONDS = 600;',
  },
  'old-proofs-open-sessions': {
    file: 'libs/identity/auth/src/proof/verified-proof.ts',
    find: 'if (!madeAt || !authNotBefore) return false;',
    replace: 'if (madeAt || !authNotBefore) return false;',
  },
  'an-invitation-without-end': {
    file: 'libs/community/teams/src/invitations/store/invitation.entity.ts',
    find: "return expiresAt <= now ? 'expired' : 'open';",
    replace: "return 'open';",
  },
  'erasure-begins-and-can-be-cancelled': {
    file: 'libs/identity/auth/src/sign-in/pending-erasures.ts',
    find: '!arrival.cancelsErasure || erasure.startedAt ||',
    replace: '!arrival.cancelsErasure ||',
  },
  'an-event-outside-the-transaction': {
    file: 'libs/platform/audit/src/events/outbox.ts',
    find: 'await this.repository.insert(tx, now, rows);',
    replace: 'await this.repository.insert(tx.connection.manager, now, rows);',
  },
  'a-retry-repeats-the-act': {
    file: 'libs/platform/database/src/database.ts',
    find: 'if (isDatabaseAway(error) || error instanceof CommitTimeout) throw unavailable(error);',
    replace:
      'if (isDatabaseAway(error) && attempt === 1) continue;\n        if (isDatabaseAway(error) || error instanceof CommitTimeout) throw unavailable(error);',
  },
  'tokens-of-all-tenants': {
    file: 'libs/identity/gateway/src/oauth/introspection.service.ts',
    find: 'if (inspected?.principal.applicationId !== applicationId) return { active: false };',
    replace: 'if (!inspected) return { active: false };',
  },
  'erasure-misses-scores': {
    file: 'libs/community/leaderboards/src/account-data/boards-account-data.ts',
    find: "erase: 'delete' },",
    replace: "erase: 'unname' },",
  },
  'a-slide-beyond-the-end': {
    file: 'libs/identity/sessions/src/memory/slide-writer.ts',
    find: 'const deadline = Math.min(session.accessExpiresAt.getTime(), usedAt + session.accessIdleIn * SECOND);',
    replace: 'const deadline = usedAt + 2 * session.accessIdleIn * SECOND;',
  },
  'teams-of-all-tenants': {
    file: 'libs/community/teams/src/access/team-access.ts',
    find: 'if (team?.applicationId !== caller.applicationId) throw',
    replace: 'if (!team) throw',
  },
};
