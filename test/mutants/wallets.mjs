/** The doors of wallets, and the wallets of an account. */

const inIntegration = (...names) => names.map((name) => `test/integration/${name}.integration-spec.ts`);
const ofDoor = (file, ...specs) => ({
  file: `libs/identity/auth/src/wallets/${file}.ts`,
  specs: inIntegration(...specs),
});
const ofWallets = (file, ...specs) => ({
  file: `libs/wallets/linked-wallets/src/${file}.ts`,
  specs: inIntegration(...specs),
});
const chainReset = ['test/integration/wallet-history-reset-lease.integration-spec.ts'];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
const doors = [
  {
    id: 'wallet-challenge-any-application',
    ...ofDoor('wallet-challenges', 'wallet-answers'),
    find: 'if (used?.applicationId !== applicationId)',
    replace: 'if (!used)',
  },
  {
    id: 'wallet-challenge-any-purpose',
    ...ofDoor('wallet-challenges', 'wallet-answers'),
    find: 'challenge.purpose !== presented.purpose || ',
    replace: '',
  },
  {
    id: 'wallet-challenge-any-person',
    ...ofDoor('wallet-challenges', 'wallet-answers', 'wallet-attacks'),
    find: ' || challenge.userId !== presented.userId',
    replace: '',
  },
  {
    id: 'wallet-challenge-used-twice',
    ...ofDoor('wallet-challenges', 'wallet-answers'),
    find: "if (!used.isFirstUse) throw walletError('wallet.challenge_used');",
    replace: '',
  },
  {
    id: 'wallet-challenge-too-long',
    ...ofDoor('wallet-challenges', 'wallet-answers'),
    find: 'used.expiresAt <= now',
    replace: 'used.expiresAt < now',
  },
  {
    id: 'wallet-challenge-junk-is-looked-up',
    ...ofDoor('wallet-challenges', 'wallet-answers'),
    find: 'if (!readToken(this.keyRing, PREFIX, SECRET_BYTES, challengeId))',
    replace: "if (challengeId === '')",
  },
  {
    id: 'wallet-challenge-foreign-origin',
    ...ofDoor('wallet-challenge.service', 'wallet-challenges', 'wallet-takeover'),
    find: "if (wanted !== undefined && !origins.includes(wanted)) throw requestError('request.origin_not_allowed');",
    replace: '',
  },
  {
    id: 'wallet-challenge-of-test-network',
    ...ofDoor('wallet-challenge.service', 'wallet-challenges'),
    find: "if (address.isTest === true && !isTest) throw walletError('wallet.address_invalid');",
    replace: '',
  },
  {
    id: 'wallet-challenge-without-limit',
    ...ofDoor('wallet-limits', 'wallet-limits'),
    find: 'const verdict = await this.limits.consume(CHALLENGES, [userId]);',
    replace: 'const verdict = await this.limits.peek(CHALLENGES, [userId]);',
  },
  {
    id: 'wallet-signatures-without-limit',
    ...ofDoor('wallet-limits', 'wallet-limits'),
    find: 'if (userId !== null) assertAllowed(await this.limits.consume(OF_PERSON, [userId]));',
    replace: '',
  },
  {
    id: 'wallet-kind-not-accepted',
    ...ofDoor('accepted-kinds', 'wallet-door', 'wallet-attacks'),
    find: '!accept || !kinds.includes(kind)',
    replace: '!accept',
  },
  {
    id: 'wallet-kind-withdrawn',
    ...ofDoor('wallet.door', 'wallet-attacks'),
    find: 'assertAccepted(application, used.kind);',
    replace: '',
  },
  {
    id: 'wallet-founds-against-the-settings',
    ...ofDoor('wallet.door', 'wallet-door', 'wallet-attacks'),
    find: "presented.purpose === 'sign-in' && !application.settings.wallets.createsAccounts",
    replace: 'false',
  },
  {
    id: 'wallet-metapro-as-sure-as-siwe',
    ...ofDoor('evm-wallets', 'wallet-door', 'wallet-takeover'),
    find: "assurance: kind === 'siwe' ? 'platform' : 'bot-token',",
    replace: "assurance: 'platform',",
  },
  {
    id: 'wallet-contract-by-one-node',
    ...ofDoor('evm-wallets', 'wallet-contracts', 'wallet-contract-acts', 'wallet-checks'),
    find: 'const NODES_OF_PLATFORM = 2;',
    replace: 'const NODES_OF_PLATFORM = 1;',
  },
  {
    id: 'wallet-contract-by-metapro',
    ...ofDoor('evm-wallets', 'wallet-contracts', 'wallet-contract-acts'),
    find: "kind === 'siwe' && nodes >= NODES_OF_PLATFORM",
    replace: 'nodes >= NODES_OF_PLATFORM',
  },
  {
    id: 'wallet-contract-refuses',
    ...ofDoor('evm-wallets', 'wallet-contracts', 'wallet-contract-acts'),
    find: 'if (!isValid || block === null)',
    replace: 'if (block === null)',
  },
  {
    id: 'wallet-contract-of-any-chain',
    ...ofDoor('evm-wallets', 'wallet-contracts', 'admin-wallet-lookups'),
    find: 'subject: subjectOfContract(chainId, address),',
    replace: 'subject: address,',
  },
  {
    id: 'wallet-ton-switch-not-asked',
    ...ofDoor('ton-wallets', 'wallet-contracts'),
    find: "const mayBeOff = wallet === null || wallet.startsWith('v5');",
    replace: 'const mayBeOff = wallet === null;',
  },
  {
    id: 'wallet-ton-switch-not-told',
    ...ofDoor('ton-wallets', 'wallets', 'wallets-over-time'),
    find: "return 'not-asked';",
    replace: "return 'allowed';",
  },
  {
    id: 'wallet-ton-by-one-endpoint',
    ...ofDoor('ton-wallets', 'wallet-contracts'),
    find: 'const ENDPOINTS_OF_PLATFORM = 2;',
    replace: 'const ENDPOINTS_OF_PLATFORM = 1;',
  },
];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
const ofAccounts = [
  {
    id: 'wallets-of-others-are-changed',
    ...ofWallets('own/own-wallets.service', 'wallets'),
    find: "if (wallet?.userId !== caller.userId) throw walletError('wallet.not_found');\n      const dataKey",
    replace: "if (!wallet) throw walletError('wallet.not_found');\n      const dataKey",
  },
  {
    id: 'wallets-below-the-level',
    ...ofWallets('own/own-wallets.service', 'wallets'),
    find: 'isAtLevel ? found : ',
    replace: 'isAtLevel || found.length > 0 ? found : ',
  },
  {
    id: 'wallets-two-primary-ones',
    ...ofWallets('wallet-register', 'wallets-over-time'),
    find: 'wallet.isPrimary && !hasPrimary',
    replace: 'wallet.isPrimary',
  },
  {
    id: 'wallets-no-primary-one',
    ...ofWallets('wallet-register', 'wallets'),
    find: 'await this.wallets.completePrimary(tx, owner.userId);',
    replace: '',
  },
  {
    id: 'wallets-checked-by-an-old-proof',
    ...ofWallets('wallet-checks', 'wallet-checks'),
    find: 'if (wallet?.userId !== userId || wallet.evidence !== evidence) return;',
    replace: 'if (wallet?.userId !== userId) return;',
  },
  {
    id: 'wallets-detached-look-just-checked',
    ...ofWallets('wallets-of-identities', 'wallets-over-time'),
    find: '...{ evidence, checkedAt, ownersChangedAt },',
    replace: '...{ evidence },',
  },
  {
    id: 'wallets-lying-node-changes-owners',
    ...ofWallets('wallet-checks', 'wallet-checks'),
    find: 'if (verdict.refusal === null || shown.has(verdict.refusal))',
    replace: '',
  },
  {
    id: 'wallets-owners-changed-for-ever',
    ...ofWallets('store/wallets.repository', 'wallet-checks'),
    find: '{ evidence, checkedAt: at, ownersChangedAt: null }',
    replace: '{ evidence, checkedAt: at }',
  },
  {
    id: 'wallets-operator-unlinks-the-last-one',
    ...ofWallets('admin/wallet-operations', 'admin-wallets'),
    find: 'await this.identities.assertNotAlone(tx, userId, identityId);',
    replace: '',
  },
  {
    id: 'wallet-lookup-in-production-only',
    file: 'libs/identity/account/src/admin/known-wallet.ts',
    specs: inIntegration('admin-wallet-lookups'),
    find: '(environment === null ? environments : [environment])',
    replace: "[environment ?? 'production']",
  },
  {
    id: 'wallet-lookup-without-contracts',
    file: 'libs/identity/account/src/admin/known-wallet.ts',
    specs: inIntegration('admin-wallet-lookups'),
    find: '[address, ...ofContracts]',
    replace: '[address]',
  },
  {
    id: 'wallet-lookup-of-any-chain',
    file: 'libs/identity/account/src/admin/known-wallet.ts',
    specs: inIntegration('admin-wallet-lookups'),
    find: 'chainId === null ? ',
    replace: "chainId !== '' ? ",
  },
  {
    id: 'wallet-lookup-names-the-address',
    file: 'libs/identity/account/src/admin/user-lookups.service.ts',
    specs: inIntegration('admin-wallet-lookups'),
    find: "digest: this.digestOf('walletAddress', provider, address),",
    replace: 'digest: address,',
  },
  {
    id: 'wallet-history-reset-without-its-lease',
    file: 'libs/wallets/wallet-history/src/admin/chain-resets.ts',
    find: '    await this.positions.fence(tx, lease);\n',
    replace: '',
    specs: chainReset,
  },
  {
    id: 'wallet-history-reset-not-across-midnight',
    file: 'libs/wallets/wallet-history/src/admin/chain-resets.ts',
    find: 'is held yet.\n    await this.audit.prepare();\n',
    replace: 'is held yet.\n',
    specs: chainReset,
  },
  {
    id: 'wallet-history-reset-skips-blocks',
    file: 'libs/wallets/wallet-history/src/admin/chain-resets.ts',
    find: "    if (number > taken.finalNumber) throw walletHistoryError('chain.block_not_final');\n",
    replace: '',
    specs: chainReset,
  },
  {
    id: 'wallet-history-reset-takes-its-last-block',
    file: 'libs/wallets/wallet-history/src/admin/wallet-trimming.ts',
    find: 'opened.block.number <= lastBlock',
    replace: 'opened.block.number < lastBlock',
    specs: chainReset,
  },
  {
    id: 'wallet-history-reset-hides-a-gap',
    file: 'libs/wallets/wallet-history/src/admin/wallet-trimming.ts',
    find: 'isDamaged: isDamaged || !isWhole',
    replace: 'isDamaged',
    specs: chainReset,
  },
  {
    id: 'wallet-history-reset-keeps-whom-a-wallet-paid',
    file: 'libs/wallets/wallet-history/src/admin/wallet-trimming.ts',
    find: "direction === 'out' && counterparty",
    replace: 'counterparty',
    specs: ['test/integration/wallet-history-reset.integration-spec.ts'],
  },
  {
    id: 'wallet-history-old-blocks-look-current',
    file: 'libs/wallets/wallet-history/src/reading/followed-chains.ts',
    find: "return state === 'following' && !isOld ? null : confirmedAt;",
    replace: "return state === 'following' ? null : confirmedAt;",
    specs: ['libs/wallets/wallet-history/src/reading/followed-chains.spec.ts'],
  },
  {
    id: 'wallet-history-spam-hides-what-was-shown',
    file: 'libs/wallets/wallet-history/src/follower/finality/finaliser.ts',
    find: 'isHidden: change.isHidden && (row?.isHidden ?? true),',
    replace: 'isHidden: change.isHidden,',
    specs: inIntegration('wallet-history-rows'),
  },
  {
    id: 'chains-node-is-paused-for-as-long-as-it-wants',
    file: 'libs/wallets/chains/src/rpc/node-health.ts',
    find: 'Math.min(details.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)',
    replace: 'details.retryAfterMs ?? 0',
    specs: ['libs/wallets/chains/src/rpc/node-health.spec.ts'],
  },
  ...[
    ['blocks', "'DELETE FROM chain_blocks WHERE chain_id = $1'"],
    ['pending-rows', 'DELETE FROM wallet_transfers_pending WHERE chain_id = $1 AND'],
    ['position', 'lease_until = NULL WHERE chain_id = $1`'],
    ['first-blocks', "WHERE chain_id = $1 AND from_block > $2'"],
  ].map(([what, find]) => ({
    id: `wallet-history-reset-takes-${what}-of-other-chains`,
    file: 'libs/wallets/wallet-history/src/store/chain-reset.repository.ts',
    find,
    replace: find.replace('chain_id = $1', '$1::text IS NOT NULL'),
    specs: chainReset,
  })),
  ...[
    [
      'name',
      'read !== undefined && read !== sealedLabel.open(dataKey, walletId, wallet.label)',
      'read !== undefined',
    ],
    ['primary-one', 'isPrimary === true && !wallet.isPrimary', 'isPrimary === true'],
  ].map(([what, find, replace]) => ({
    id: `wallets-same-${what}-is-a-change`,
    file: 'libs/wallets/linked-wallets/src/own/own-wallets.service.ts',
    find,
    replace,
    specs: inIntegration('wallets'),
  })),
  {
    id: 'wallets-checked-too-often',
    file: 'libs/wallets/linked-wallets/src/wallet-checks.ts',
    find: 'CHECKED_EVERY_HOURS = 6',
    replace: 'CHECKED_EVERY_HOURS = 5',
    specs: inIntegration('wallet-checks'),
  },
  {
    id: 'wallets-unchecked-behind-a-chain-without-nodes',
    file: 'libs/wallets/linked-wallets/src/wallet-checks.ts',
    find: 'else away.add(wallet.chainId);',
    replace: 'else return checked;',
    specs: inIntegration('wallet-checks'),
  },
  {
    id: 'chains-caller-waits-as-long-as-a-node-wants',
    file: 'libs/wallets/chains/src/from-nodes.ts',
    find: 'Math.min(MAX_RETRY_SECONDS, seconds || DEFAULT_RETRY_SECONDS)',
    replace: 'seconds || DEFAULT_RETRY_SECONDS',
    specs: inIntegration('contract-signatures'),
  },
  {
    id: 'chains-pause-of-a-node-has-no-end',
    file: 'libs/wallets/chains/src/rpc/node-health.ts',
    find: 'Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.failures - 1, 10))',
    replace: 'FIRST_PAUSE_MS * 2 ** Math.min(this.failures - 1, 10)',
    specs: ['libs/wallets/chains/src/rpc/node-health.spec.ts'],
  },
  {
    id: 'chains-lie-of-a-node-is-forgotten',
    file: 'libs/wallets/chains/src/rpc/node-health.ts',
    find: 'this.othersUntil = Math.max(this.othersUntil, this.monotonic() + pause);',
    replace: 'this.othersUntil = this.monotonic() + pause;',
    specs: ['libs/wallets/chains/src/rpc/node-health.spec.ts'],
  },
  {
    id: 'chains-limit-in-a-batch-is-missed',
    file: 'libs/wallets/chains/src/rpc/rpc-node.ts',
    find: '      if (limited?.ok === false) this.health.failed(limited.error);\n',
    replace: '',
    specs: inIntegration('evm-nodes'),
  },
  {
    id: 'chains-unknown-nodes-count-as-down',
    file: 'libs/wallets/chains/src/chain-states.ts',
    find: "state !== 'up' && state !== 'unknown'",
    replace: "state !== 'up'",
    specs: inIntegration('evm-nodes'),
  },
];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const wallets = [...doors, ...ofAccounts];
