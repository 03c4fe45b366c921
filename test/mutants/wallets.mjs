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
    find: "presented.purpose === 'sign-in' && !createsAccounts(application, verified)",
    replace: 'false',
  },
  {
    id: 'wallet-metapro-as-sure-as-siwe',
    ...ofDoor('evm-wallets', 'wallet-door', 'wallet-takeover'),
    find: "assurance: assuranceOf(kind, 'platform'),",
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
    find: "assurance: assuranceOf(kind, nodes >= NODES_OF_PLATFORM ? 'platform' : 'bot-token'),",
    replace: "assurance: nodes >= NODES_OF_PLATFORM ? 'platform' : 'bot-token',",
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
    id: 'wallet-ton-frozen-as-undeployed',
    file: 'libs/wallets/chains/src/ton/ton-accounts.ts',
    find: "isDeployed: state !== 'uninitialized'",
    replace: 'isDeployed: false',
    specs: inIntegration('ton-accounts', 'wallet-telegram'),
  },
  {
    id: 'wallet-challenge-lost-without-step-up',
    file: 'libs/wallets/linked-wallets/src/own/own-wallets.service.ts',
    find: 'await this.identities.assertMayLink(caller);',
    replace: '',
    specs: inIntegration('wallet-uses'),
  },
  {
    id: 'wallet-ton-endpoints-disagree',
    file: 'libs/wallets/chains/src/ton/ton-accounts.ts',
    find: "!this.disagreements.compare({ id: chainId, nodeCount: answers.length }, 'key', said)",
    replace: 'false',
    specs: inIntegration('ton-accounts', 'wallet-telegram'),
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
    find: 'await this.wallets.completePrimary(tx, userId);',
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
    find: '...{ evidence, checkedAt, maySignIn: true },',
    replace: '...{ evidence, maySignIn: true },',
  },
  {
    id: 'wallets-lying-node-changes-owners',
    ...ofWallets('wallet-checks', 'wallet-checks'),
    find: 'return verdict.refusal === null || shown.has(verdict.refusal) ? { holds: verdict.isValid } : null;',
    replace: 'return { holds: verdict.isValid };',
  },
  {
    id: 'wallets-rotated-key-unseen',
    ...ofWallets('wallet-checks', 'wallet-telegram'),
    find: 'publicKey === key.publicKey',
    replace: 'true',
  },
  {
    id: 'wallets-deleted-account-holds',
    ...ofWallets('wallet-checks', 'wallet-telegram'),
    find: 'if (!account.isDeployed) return key.isDeployed ? null : { holds: true };',
    replace: 'if (!account.isDeployed) return { holds: true };',
  },
  {
    id: 'wallets-new-owners-confirm-themselves',
    ...ofWallets('store/wallets.repository', 'wallet-checks', 'wallet-uses'),
    find: 'tx.update(WalletEntity, { id }, { ...found, ...change })',
    replace: 'tx.update(WalletEntity, { id }, { ...found, ...change, ownersChangedAt: null })',
  },
  {
    id: 'wallets-rotated-key-acts',
    ...ofWallets('wallets-of-identities', 'wallet-telegram'),
    find: "hasOtherKey(former, provenBy(claim)) ? walletError('wallet.owners_not_confirmed') : null",
    replace: 'null',
  },
  {
    id: 'wallets-rotated-key-replaces-the-former',
    ...ofWallets('wallet-register', 'wallet-telegram'),
    find: '...(isRotated ? { ownersChangedAt: at } : {}),',
    replace: '',
  },
  {
    id: 'wallets-confirmation-of-later-changes',
    ...ofWallets('own/trusted-wallets', 'wallet-trust-races'),
    find: 'ownersConfirmed !== wallet.ownersChanges',
    replace: 'ownersConfirmed < 0',
  },
  {
    id: 'wallets-change-of-owners-uncounted',
    ...ofWallets('store/wallets.repository', 'wallet-trust-races'),
    find: "'owners_changes + 1'",
    replace: "'owners_changes'",
  },
  {
    id: 'wallets-contract-signs-in-unasked',
    ...ofWallets('wallet-uses', 'wallet-uses'),
    find: '(chainId === null || signInAllowedAt !== null)',
    replace: 'true',
  },
  {
    id: 'wallets-sign-in-of-new-owners',
    ...ofWallets('wallet-uses', 'wallet-uses'),
    find: "(wallet.chainId !== null || use === 'act')",
    replace: "use === 'act'",
  },
  {
    id: 'wallets-confirmed-by-themselves',
    ...ofWallets('own/trusted-wallets', 'wallet-uses'),
    find: "caller.identityId === identityId || (own && refusalOf(own, 'act'))",
    replace: 'false',
  },
  {
    id: 'wallets-sign-in-outlives-a-merge',
    ...ofWallets('wallet-register', 'wallet-contract-acts'),
    find: 'signInAllowedAt: null,\n      });',
    replace: 'signInAllowedAt: wallet.signInAllowedAt,\n      });',
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
    id: 'chains-node-is-paused-for-as-long-as-it-wants',
    file: 'libs/wallets/chains/src/rpc/node-health.ts',
    find: 'Math.min(details.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS)',
    replace: 'details.retryAfterMs ?? 0',
    specs: ['libs/wallets/chains/src/rpc/node-health.spec.ts'],
  },
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
    find: 'else away.add(chainId);',
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
  {
    id: 'wallets-amount-of-one-node-is-agreed',
    file: 'libs/wallets/wallet-reading/src/amounts/node-amounts.ts',
    find: "chain.nodeCount > 1 ? 'agreed' : 'single'",
    replace: "'agreed'",
    specs: ['test/integration/wallet-amounts.integration-spec.ts'],
  },
];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
const embedded = [
  {
    id: 'erasure-of-wallets-unasked',
    file: 'libs/identity/account/src/erasure/erasure.service.ts',
    find: 'walletIds.every((id) => forfeited.has(id))',
    replace: 'walletIds.some((id) => forfeited.has(id))',
    specs: inIntegration('embedded-wallets-erased'),
  },
  {
    id: 'wallets-forfeited-by-a-token',
    file: 'libs/identity/account/src/erasure/erasure.service.ts',
    find: "      if (forfeited.length > 0 && reach !== 'account') throw tooLow(locked.level);\n",
    replace: '',
    specs: inIntegration('embedded-wallets-erased'),
  },
  {
    id: 'failed-export-counts',
    file: 'libs/wallets/embedded-wallets/src/store/embedded-wallets.repository.ts',
    find: 'AND a.done_at IS NOT NULL',
    replace: 'AND a.allowed_at IS NOT NULL',
    specs: inIntegration('embedded-wallets-erased'),
  },
  {
    id: 'wallet-made-before-an-erasure',
    file: 'libs/wallets/embedded-wallets/src/own/embedded-wallets.service.ts',
    find: 'if (reserved.createdAt) return false;\n    await this.assertNoErasure(tx, caller);',
    replace: 'if (reserved.createdAt) return false;',
    specs: inIntegration('embedded-wallets-erased'),
  },
  {
    id: 'wallet-made-by-an-identity-that-came',
    file: 'libs/wallets/embedded-wallets/src/own/embedded-wallets.service.ts',
    find: '      await this.settled.assertSettled(tx, caller);\n',
    replace: '',
    specs: inIntegration('embedded-wallets-merges'),
  },
  {
    id: 'digest-of-an-act-without-a-key',
    file: 'libs/wallets/embedded-wallets/src/store/wallet-act-sealing.ts',
    find: "return macOf(macKey, lengthPrefixed(['wallet-act', digest]));",
    replace: 'void macKey;\n  return digest;',
    specs: inIntegration('embedded-wallets'),
  },
  {
    id: 'act-without-a-device-key',
    file: 'libs/wallets/embedded-wallets/src/acts/act-rules.ts',
    find: 'requiresDeviceKey && session.deviceKeyThumbprint === null',
    replace: 'requiresDeviceKey && session.deviceKeyThumbprint === undefined',
    specs: inIntegration('embedded-wallets'),
  },
];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const wallets = [...doors, ...ofAccounts, ...embedded];
