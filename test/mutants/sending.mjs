/** How embedded wallets send: tokens, keys, nonces, broadcasts, and what nodes say of them. */

const SENDS = 'test/integration/sends.integration-spec.ts';
const ACCOUNTS = 'test/integration/sends-of-accounts.integration-spec.ts';
const KILLS = 'test/nightly/sends-kills.nightly-spec.ts';
const ON_TON = 'test/integration/ton-sends.integration-spec.ts';
const LIMITS = 'test/integration/send-limits.integration-spec.ts';
const WIDENED = 'test/integration/send-limits-widened.integration-spec.ts';
const NODES = 'test/integration/evm-sending.integration-spec.ts';
const LAYER_1 = 'test/integration/sends-layer-1.integration-spec.ts';
const WAITING = 'test/integration/waiting-sends.integration-spec.ts';
const ENDINGS = 'test/integration/waiting-sends-endings.integration-spec.ts';
const ofSending = (file, ...specs) => ({ file: `libs/wallets/sending/src/${file}.ts`, specs });

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const sending = [
  {
    id: 'sending-without-layer-1',
    ...ofSending('evm/quotes', LAYER_1),
    find: 'greatestFee(gas, fees) + layer1',
    replace: 'greatestFee(gas, fees)',
  },
  {
    id: 'sending-key-of-another-request',
    ...ofSending('making/sending.service', SENDS),
    find: 'if (found && !found.requestDigest.equals(requestDigest(wallet, asked)))',
    replace: 'if (false as boolean)',
  },
  {
    id: 'sending-parallel-call-of-a-key-refused',
    ...ofSending('making/sending.service', ON_TON),
    find: 'if (parallel === null) throw error;',
    replace: 'throw error;',
  },
  {
    id: 'sending-after-nonces-that-are-missing',
    ...ofSending('evm/evm-sends', SENDS),
    find: "throw sendError('send.nonces_missing');",
    replace: ';',
  },
  {
    id: 'sending-on-ton-two-at-once',
    ...ofSending('ton/ton-plans', ON_TON),
    find: 'if (await this.sends.isAnyWaiting(tx, walletId, chainId))',
    replace: 'if (false as boolean)',
  },
  {
    id: 'sending-on-ton-a-seqno-that-is-used',
    ...ofSending('ton/ton-plans', ON_TON),
    find: "if (agreed < stored) throw sendError('send.nonces_missing');",
    replace: '',
  },
  {
    id: 'sending-on-ton-jettons-that-bounced-are-final',
    ...ofSending('ton/ton-sends', ON_TON),
    find: "if (outcome !== 'unknown') return { state: 'failed', outcome: { outcome } };",
    replace: "if (outcome !== 'unknown') return { state: 'final', outcome: { outcome } };",
  },
  {
    id: 'sending-on-ton-never-given-back',
    ...ofSending('following/chain-sends', ON_TON),
    find: "if (state === 'not-sent') await sends.giveNonceBack(tx, send);",
    replace: '',
  },
  {
    id: 'sending-on-ton-coins-stay-with-a-contract-that-fails',
    ...ofSending('ton/ton-plans', ON_TON),
    find: 'bounce: !isEmpty',
    replace: 'bounce: false',
  },
  {
    id: 'sending-not-looked-after',
    ...ofSending('following/chain-sends', SENDS),
    find: 'await this.broadcast(waiting);',
    replace: '',
  },
  {
    id: 'sending-without-a-lease',
    ...ofSending('following/chain-sends', KILLS),
    find: '|| !(await this.acquire())',
    replace: '',
  },
  {
    id: 'sending-lease-that-never-ends',
    ...ofSending('store/sending-leases.repository', KILLS),
    find: 'OR l.lease_until < $4 OR l.lease_until > $5',
    replace: 'OR (l.lease_until < $4 AND l.lease_until > $5)',
  },
  {
    id: 'sending-while-the-account-is-erased',
    ...ofSending('store/sends.repository', ACCOUNTS),
    find: '.getExists()',
    replace: '.getExists().then(() => false)',
  },
  {
    id: 'sending-that-holds-up-an-erasure-for-ever',
    file: 'libs/identity/account/src/erasure/erasure-completion.ts',
    specs: [ACCOUNTS],
    find: '!isWaitOver && (await',
    replace: '(await',
  },
  {
    id: 'sending-cancelled-counts-as-done',
    ...ofSending('following/send-changes', 'test/integration/events.integration-spec.ts'),
    find: "end === 'wallet.send_final' && kind === 'cancel'",
    replace: "end === 'wallet.send_failed' && kind === 'cancel'",
  },
  {
    id: 'sending-looks-at-all-at-once',
    ...ofSending('following/chain-sends', 'test/nightly/sends-many.nightly-spec.ts'),
    find: 'const LOOKED_AT = 50;',
    replace: 'const LOOKED_AT = 1_000;',
  },
  {
    id: 'sending-off-asks-nodes',
    ...ofSending('making/send-plans', SENDS),
    find: "if (!chain?.sending) throw sendReadingError('send.chain_off');",
    replace: "if (!chain) throw sendReadingError('send.chain_off');",
  },
  {
    id: 'sending-words-of-nodes-with-keys',
    file: 'libs/wallets/chains/src/rpc/json-rpc.ts',
    specs: [NODES],
    find: "(WORD.test(word) ? word : '*')",
    replace: 'word',
  },
  {
    id: 'sending-own-version-is-foreign',
    file: 'libs/wallets/chains/src/sending/evidence.ts',
    specs: [NODES],
    find: 'calls.findIndex((call) => isSameCall(call, found))',
    replace: 'calls.findIndex(() => false)',
  },
  {
    id: 'sending-to-the-first-node-only',
    file: 'libs/wallets/chains/src/sending/evm-sending.ts',
    specs: [SENDS],
    find: 'this.nodes.of(chain.id).map(async (node): Promise<BroadcastReport>',
    replace: 'this.nodes.of(chain.id).slice(0, 1).map(async (node): Promise<BroadcastReport>',
  },
  {
    id: 'sending-urgency-by-order',
    file: 'libs/wallets/chains/src/rpc/request-pace.ts',
    specs: ['libs/wallets/chains/src/rpc/request-pace.spec.ts'],
    find: '(other) => other.rank <= rank',
    replace: '() => true',
  },
  {
    id: 'sending-limits-not-asked',
    ...ofSending('making/sending.service', LIMITS),
    find: "if (decision.outcome === 'refused') throw refusalOf(decision.code);",
    replace: '',
  },
  {
    id: 'sending-not-counted-in-shared-sums',
    ...ofSending('making/sending.service', LIMITS),
    find: 'await this.decisions.count(tx, send);',
    replace: '',
  },
  {
    id: 'sending-shared-sums-decided-without-a-lock',
    ...ofSending('limits/shared-sums', LIMITS),
    find: 'if (refused) throw refusalOf(refused);',
    replace: '',
  },
  {
    id: 'sending-limits-widened-by-a-session',
    ...ofSending('limits/wallet-limits.service', LIMITS),
    find: 'if (isWider) {',
    replace: 'if (false as boolean) {',
  },
  {
    id: 'sending-share-without-what-failed',
    ...ofSending('limits/send-decisions', LIMITS),
    find: 'brake: spentWithin(countedMs(HOUR_MS), signed, now)',
    replace: 'brake: spentWithin(countedMs(HOUR_MS), spent, now)',
  },
  {
    id: 'sending-share-that-counts-shorter-than-the-sum',
    ...ofSending('limits/send-decisions', LIMITS),
    find: 'brake: spentWithin(countedMs(HOUR_MS), signed, now)',
    replace: 'brake: spentWithin(HOUR_MS, signed, now)',
  },
  {
    id: 'sending-limits-of-another-launch',
    ...ofSending('limits/limits-sealing', WIDENED),
    find: "['send-limits', JSON.stringify(limits)]",
    replace: "['send-limits', String(limits.firstSendDelayHours)]",
  },
  {
    id: 'sending-limits-changed-by-any-application',
    ...ofSending('limits/wallet-limits.service', WIDENED),
    find: 'if (!(await this.embedded.isGranted(manager, walletId, applicationId)))',
    replace: 'if (applicationId === walletId)',
  },
  {
    id: 'sending-money-that-is-too-new',
    ...ofSending('evm/spendable', LIMITS),
    find: '[each.latest, each.deep]',
    replace: '[each.latest]',
  },
  {
    id: 'sending-without-what-others-take',
    ...ofSending('evm/spendable', LIMITS),
    find: 'later.reduce((sum, each) => sum - each.coins, coins)',
    replace: 'later.reduce((sum) => sum, coins)',
  },
  {
    id: 'waiting-signed-for-an-ended-session',
    file: 'libs/wallets/embedded-wallets/src/acts/act-rules.ts',
    specs: [WAITING],
    find: '!HARMLESS_ENDS.includes(session.endReason)',
    replace: 'false',
  },
  {
    id: 'waiting-signed-after-all-proofs-were-outdated',
    file: 'libs/wallets/embedded-wallets/src/acts/act-rules.ts',
    specs: [WAITING],
    find: 'if (notBefore && notBefore >= createdAt)',
    replace: 'if (false as boolean)',
  },
  {
    id: 'waiting-ended-by-sends-of-others',
    ...ofSending('waiting/waiting-sends', LIMITS),
    find: "if (decision.outcome === 'refused' && DELAYING.includes(decision.code))",
    replace: "if (decision.outcome === 'refused' && decision.code === 'send.amount_zero')",
  },
  {
    id: 'waiting-not-ended-by-a-freeze',
    file: 'libs/wallets/embedded-wallets/src/freezing/wallet-freezing.ts',
    specs: [ENDINGS],
    find: "await this.laterActs.stop(tx, { walletId }, 'wallet.frozen');",
    replace: 'void this.laterActs;',
  },
  {
    id: 'waiting-not-ended-with-its-grant',
    file: 'libs/wallets/embedded-wallets/src/own/embedded-state.service.ts',
    specs: [ENDINGS],
    find: "await this.laterActs.stop(tx, { walletId, applicationId }, 'wallet.not_granted');",
    replace: 'void this.laterActs;',
  },
  {
    id: 'waiting-signed-for-an-application-that-is-not-first-party',
    file: 'libs/wallets/embedded-wallets/src/own/embedded-wallets.service.ts',
    specs: [ENDINGS],
    find: "if (trust !== 'first-party') throw accountError",
    replace: 'if (false as boolean) throw accountError',
  },
  {
    id: 'waiting-not-ended-by-its-application',
    ...ofSending('waiting/waiting-sends', ENDINGS),
    find: 'stopped.push(id);',
    replace: 'void id;',
  },
  {
    id: 'waiting-freezes-after-an-hour',
    ...ofSending('waiting/send-launches', ENDINGS),
    find: 'if (!isGood) return null;',
    replace: 'void isGood;',
  },
  {
    id: 'waiting-freezes-again-after-a-freeze',
    ...ofSending('waiting/send-waits', ENDINGS),
    find: 'if (of.applicationId === undefined) await this.waits.endFreezeCodes(tx, of.walletId);',
    replace: 'void of;',
  },
  {
    id: 'waiting-warns-third-party-applications',
    ...ofSending('waiting/send-waits', ENDINGS),
    find: "&& trust === 'first-party'",
    replace: '&& trust.length > 0',
  },
  {
    id: 'waiting-not-ended-by-a-merge',
    ...ofSending('sends-account-data', WAITING),
    find: "await this.waiting.endAll(tx, { userIds }, 'wallet.came_by_merge');",
    replace: 'void userIds;',
  },
  {
    id: 'waiting-signed-though-the-chain-knows-more',
    ...ofSending('making/send-signing', WAITING),
    find: 'const isUsedElsewhere = nonce > Number(nonces.next);',
    replace: 'const isUsedElsewhere = nonce > Number(nonces.next) + 100;',
  },
  {
    id: 'waiting-launch-of-another-person',
    ...ofSending('waiting/send-confirmations', WAITING),
    find: 'send?.userId !== userId || ',
    replace: '!send || ',
  },
  {
    id: 'waiting-launch-in-another-application',
    ...ofSending('waiting/send-confirmations', WAITING),
    find: 'send.applicationId !== applicationId || ',
    replace: '',
  },
  {
    id: 'waiting-launch-with-any-code',
    ...ofSending('waiting/send-confirmations', WAITING),
    find: " || !isCodeOf('launch', wallet, code)",
    replace: '',
  },
  {
    id: 'waiting-code-used-twice',
    ...ofSending('waiting/send-waits.repository', WAITING),
    find: 'sendId, launchedAt: IsNull(), launchUntil',
    replace: 'sendId, launchUntil',
  },
  {
    id: 'waiting-grant-of-another-send',
    ...ofSending('waiting/send-confirmations', WAITING),
    find: 'return { act, requestDigest: sha256(sendId) };',
    replace: 'return { act, requestDigest: sha256(sendId.slice(0, 1)) };',
  },
  {
    id: 'waiting-freeze-by-another-person',
    ...ofSending('waiting/send-launches', WAITING),
    find: 'send?.userId !== user.userId || ',
    replace: '!send || ',
  },
];
