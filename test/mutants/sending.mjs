/** How embedded wallets send: tokens, keys, nonces, broadcasts, and what nodes say of them. */

const SENDS = 'test/integration/sends.integration-spec.ts';
const ACCOUNTS = 'test/integration/sends-of-accounts.integration-spec.ts';
const KILLS = 'test/nightly/sends-kills.nightly-spec.ts';
const ON_TON = 'test/integration/ton-sends.integration-spec.ts';
const LIMITS = 'test/integration/send-limits.integration-spec.ts';
const NODES = 'test/integration/evm-sending.integration-spec.ts';
const LAYER_1 = 'test/integration/sends-layer-1.integration-spec.ts';
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
    id: 'sending-not-counted-in-sums',
    ...ofSending('making/sending.service', LIMITS),
    find: 'await this.decisions.count(tx, send);',
    replace: '',
  },
  {
    id: 'sending-sums-without-a-lock',
    ...ofSending('limits/send-sums.repository', LIMITS),
    find: 'SELECT pg_advisory_xact_lock(key) FROM (',
    replace: 'SELECT key FROM (',
  },
  {
    id: 'sending-sums-of-the-first-look',
    ...ofSending('limits/send-decisions', LIMITS),
    find: '    await this.assertWithin(tx, asked, sums);\n    for',
    replace: '    for',
  },
  {
    id: 'sending-sums-of-all-wallets-in-one',
    ...ofSending('limits/send-decisions', LIMITS),
    find: '(asset: string) => sumDigest(wallet, applicationId, asset)',
    replace: '(asset: string) => `${applicationId}/${asset}`',
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
];
