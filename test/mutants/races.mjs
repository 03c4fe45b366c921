/** Checks that are reached only when something changes between the verification and the transaction. */

const accountPlane = ['test/integration/account-plane-races.integration-spec.ts'];
const proofs = ['test/integration/proof-races.integration-spec.ts'];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const races = [
  {
    id: 'race-code-used-twice',
    file: 'libs/identity/auth/src/exchange/redirect-codes.ts',
    find: '.update({ digest, usedAt: IsNull() },',
    replace: '.update({ digest },',
    specs: proofs,
  },
  {
    id: 'race-removed-secret-counts',
    file: 'libs/identity/auth/src/rapidpace/rapidpace-verifier.ts',
    find: "if (!secretIds.some((id) => locked.includes(id))) throw rapidpaceError('rapidpace.hmac_mismatch');",
    replace: '',
    specs: proofs,
  },
  {
    id: 'race-disabled-bot-vouches',
    file: 'libs/identity/auth/src/replay/proof-spending.ts',
    find: "await this.bots.assertCounts(tx, proof.botRowId, proof.assurance === 'platform');",
    replace: '',
    specs: accountPlane,
  },
  {
    id: 'race-deactivated-survivor-merges',
    file: 'libs/identity/account/src/merge.service.ts',
    find: " || survivor.status !== 'active'",
    replace: '',
    specs: accountPlane,
  },
  {
    id: 'race-ended-session-steps-up',
    file: 'libs/identity/account/src/rules/account-plane.ts',
    find: 'session?.userId !== userId || endOf(session, now)',
    replace: 'session?.userId !== userId',
    specs: accountPlane,
  },
  {
    id: 'race-ended-session-acts',
    file: 'libs/identity/account/src/rules/account-plane.ts',
    find: 'session?.userId !== userId || endOf(session, now)',
    replace: 'session?.userId !== userId',
    specs: accountPlane,
  },
  {
    id: 'race-bot-no-longer-allowed-vouches',
    file: 'libs/identity/auth/src/telegram/init-data.door.ts',
    find: 'return { proof, application, spend: (tx) => this.acceptedBots.assertListed(tx, applicationId, key) };',
    replace: 'return { proof, application };',
    specs: proofs,
  },
];
