/** Refresh, re-entry, access, revocation, and whose sessions they are. */

const rotation = {
  file: 'libs/identity/sessions/src/rotation.ts',
  specs: ['libs/identity/sessions/src/rotation.spec.ts'],
};
const reentry = {
  file: 'libs/identity/auth/src/replay/reentry.rule.ts',
  specs: ['libs/identity/auth/src/replay/reentry.rule.spec.ts'],
};
const authenticator = {
  file: 'libs/identity/sessions/src/access/session-authenticator.ts',
  specs: ['libs/identity/sessions/src/access/session-authenticator.spec.ts'],
};
const ownSessions = {
  file: 'libs/identity/sessions/src/own/own-sessions.service.ts',
  specs: ['test/integration/own-sessions.integration-spec.ts'],
};
const reentries = ['test/integration/reentry.integration-spec.ts'];
const revocations = ['test/integration/revocation.integration-spec.ts'];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const sessions = [
  {
    id: 'refresh-repeats-too-long',
    ...rotation,
    find: '< REFRESH_REPEAT_SECONDS * SECOND',
    replace: '<= REFRESH_REPEAT_SECONDS * SECOND',
  },
  {
    id: 'refresh-any-family',
    ...rotation,
    find: "if (!equalsConstantTime(sha256(presented.family), session.familyDigest)) return { kind: 'foreign' };",
    replace: '',
  },
  {
    id: 'refresh-old-token-repeats',
    ...rotation,
    find: 'recentRotation(session, digest, now) ?? unansweredRotation(session, digest, now)',
    replace: 'session.rotations.find((each) => each.digest === digest)',
  },
  {
    id: 'refresh-used-pair-repeats',
    ...rotation,
    find: 'latest?.digest === digest && awaitsFirstUse &&',
    replace: 'latest?.digest === digest &&',
  },
  {
    id: 'refresh-first-use-not-recorded',
    ...authenticator,
    find: 'await this.firstUses.record(session);',
    replace: '',
    specs: ['test/integration/lost-refreshes.integration-spec.ts'],
  },
  {
    id: 'refresh-again-counts-twice',
    file: 'libs/identity/auth/src/sign-in/refresh-sign-in.service.ts',
    find: 'this.verdict ??= await',
    replace: 'this.verdict = await',
    specs: ['test/integration/rate-limits.integration-spec.ts'],
  },
  {
    id: 'refresh-theft-ends-nothing',
    file: 'libs/identity/sessions/src/refresh.service.ts',
    find: "(kind === 'reuse' ? [session] : [])",
    replace: '(kind && session ? [] : [])',
    specs: ['test/integration/session-life.integration-spec.ts'],
  },
  {
    id: 'reentry-replay-unseen',
    file: 'libs/identity/auth/src/replay/proofs.repository.ts',
    find: "first.has(proof.proofId.toString('hex'))",
    replace: 'first.has(proof.proofId.toString("hex")) || proof !== undefined',
    specs: reentries,
  },
  {
    id: 'reentry-any-key',
    ...reentry,
    find: "if (isBound && !isSameKey) return 'other-key';",
    replace: '',
  },
  {
    id: 'reentry-any-application',
    ...reentry,
    find: ' || session.applicationId !== presenter.applicationId',
    replace: '',
  },
  {
    id: 'reentry-any-user',
    ...reentry,
    find: 'session?.userId !== presenter.userId || session.applicationId',
    replace: 'session?.applicationId',
  },
  {
    id: 'reentry-after-revocation',
    ...reentry,
    find: "new Set(['logout', 'idle', 'evicted'])",
    replace: "new Set(['logout', 'idle', 'evicted', 'revoked'])",
  },
  { id: 'reentry-keeps-step-up', ...reentry, find: ' && !isSteppedUp', replace: '' },
  {
    id: 'reentry-binds-uninvited',
    ...reentry,
    find: "if (!isBound && presenter.deviceKeyThumbprint !== null && !presenter.isKeyRequired) return 'not-bound';",
    replace: '',
  },
  {
    id: 'reentry-after-logout-and-revocation',
    file: 'libs/identity/sessions/src/store/session-endings.repository.ts',
    find: "  'revoked',\n  'deactivated',",
    replace: "  'deactivated',",
    specs: reentries,
  },
  {
    id: 'access-after-end',
    ...authenticator,
    find: 'if (endOf(session, now)) return refusalOf(session);',
    replace: '',
  },
  {
    id: 'access-at-its-end',
    ...authenticator,
    find: 'session.accessExpiresAt.getTime() <= now.getTime()',
    replace: 'session.accessExpiresAt.getTime() < now.getTime()',
  },
  {
    id: 'access-prior-too-long',
    ...authenticator,
    find: 'priorAccessExpiresAt > now ?',
    replace: 'priorAccessExpiresAt >= now ?',
  },
  {
    id: 'revocation-untold-of-an-end',
    file: 'libs/identity/sessions/src/store/session-endings.repository.ts',
    find: '    await this.announceEnded(tx, ended, reason);\n',
    replace: '',
    specs: revocations,
  },
  {
    id: 'revocation-untold-of-a-renewal',
    file: 'libs/identity/sessions/src/sessions.service.ts',
    find: '    await this.endings.announceRevoked(tx, [session.id]);\n',
    replace: '',
    specs: revocations,
  },
  {
    id: 'tenancy-sessions-of-others',
    ...ownSessions,
    find: 'found?.userId === caller.userId &&',
    replace: 'found !== null &&',
  },
  {
    id: 'sides-outdate-each-other',
    file: 'libs/identity/sessions/src/own/own-endings.ts',
    find: 'limits.spared?.exceptIdentityIds ?? null',
    replace: 'null',
    specs: ['test/integration/sides-of-accounts.integration-spec.ts'],
  },
  {
    id: 'sides-of-merged-links-are-one',
    file: 'libs/identity/account/src/separation/join-sides.ts',
    find: 'separableUntil !== null && separableUntil > now',
    replace: 'false',
    specs: ['test/integration/sides-of-accounts.integration-spec.ts'],
  },
  {
    id: 'sides-share-the-limits-of-calls',
    file: 'libs/identity/sessions/src/access/call-limits.ts',
    find: '[applicationId, identityId])',
    replace: '[applicationId])',
    specs: ['test/integration/limits-of-sides.integration-spec.ts'],
  },
  {
    id: 'tenancy-third-party-reaches-all',
    ...ownSessions,
    file: 'libs/identity/sessions/src/access/account-reach.ts',
    find: "trust !== 'first-party' || caller",
    replace: 'caller',
  },
  {
    id: 'writes-with-a-wrong-clock',
    file: 'libs/platform/database/src/clock/clock-skew.ts',
    find: 'if (this.isTooLarge) throw',
    replace: 'if (false) throw',
    specs: ['test/integration/wrong-clock.integration-spec.ts'],
  },
  {
    id: 'restore-leaves-earlier-proofs-good',
    file: 'libs/identity/sessions/src/bulk/session-endings-in-steps.ts',
    find: '        const hit = await this.endings.usersOpenedUntil(tx, range, instant);\n        if (hit.length > 0) await this.users.setAuthNotBeforeOfAll(tx, hit, now);\n',
    replace: '',
    specs: ['test/integration/erasure-ledger.integration-spec.ts'],
  },
  {
    id: 'client-refresh-forgets-the-launch',
    file: 'published/client/src/session/session-manager.ts',
    find: 'await keep({ ...used.pair, ...pair, isNewUser, startParam }, used.mark, era, at);',
    replace: 'await keep({ ...used.pair, ...pair }, used.mark, era, at);',
    specs: ['published/client/src/countersign.spec.ts'],
  },
  {
    id: 'client-cancels-an-erasure-again',
    file: 'published/client/src/session/session-manager.ts',
    find: '({ ...proof, cancelErasure: undefined } as unknown as InitDataProof)',
    replace: '(proof as unknown as InitDataProof)',
    specs: ['published/client/src/countersign.spec.ts'],
  },
  {
    id: 'client-refreshes-a-token-in-use',
    file: 'published/client/src/session/session-manager.ts',
    find: 'if (isCurrent(used)) touchedAt = now();',
    replace: 'if (!isCurrent(used)) touchedAt = now();',
    specs: ['published/client/src/countersign.spec.ts'],
  },
  {
    id: 'reentry-answers-the-first-proof',
    file: 'libs/identity/auth/src/sign-in/reentries.ts',
    find: 'const reentered = { ...principal, authenticatedAt: reenteredAt };',
    replace: 'const reentered = principal;',
    specs: ['test/integration/identity-token-in-answers.integration-spec.ts'],
  },
  {
    id: 'export-one-page-of-sessions',
    file: 'libs/identity/sessions/src/bulk/sessions-account-data.ts',
    find: 'size === PAGE;',
    replace: 'size === PAGE && afterId === null;',
    specs: ['test/integration/export.integration-spec.ts'],
  },
];
