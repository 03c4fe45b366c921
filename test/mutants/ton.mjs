/** Balances, transactions and collectibles of TON. */

const of = (file, spec) => ({
  file: `libs/wallets/ton-history/src/${file}.ts`,
  specs: [`test/integration/ton-${spec}.integration-spec.ts`],
});

const ofSends = (file, spec) => ({ file: `libs/pure/ton-sends/src/${file}.ts`, specs: [spec] });
const ofVerdict = ofSends('verdict', 'libs/pure/ton-sends/src/verdict.spec.ts');
const ofOutcome = ofSends('outcome', 'test/integration/ton-send-outcomes.integration-spec.ts');

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const ton = [
  {
    id: 'ton-amount-of-one-of-two',
    ...of('asking/two-endpoints', 'balances'),
    find: 'answers.some((answer) => answer !== first)',
    replace: 'answers.length === 0',
  },
  {
    id: 'ton-unlisted-jetton-shown',
    ...of('ton-reader', 'balances'),
    find: 'reason: null },\n            true,',
    replace: 'reason: null },\n            false,',
  },
  {
    id: 'ton-transaction-of-one-of-two-agreed',
    ...of('history/listed', 'transactions'),
    find: 'if (contentsOf(known.transaction) === contentsOf(transaction))',
    replace: 'if (known)',
  },
  {
    id: 'ton-final-by-the-word-of-one',
    ...of('history/ton-transactions', 'transactions'),
    find: "isFinal: isFinal && verification === 'agreed'",
    replace: 'isFinal',
  },
  {
    id: 'ton-list-complete-without-what-cannot-be-read',
    ...of('history/ton-transactions', 'attacks'),
    find: 'isAgreed && isRead && isWhole',
    replace: 'isAgreed && isWhole',
  },
  {
    id: 'ton-transaction-of-another-account',
    ...of('history/ton-transactions', 'transactions'),
    find: 'account.includes(one.account) &&',
    replace: '',
  },
  {
    id: 'ton-jettons-of-a-failed-transfer',
    ...of('history/transfers', 'transactions'),
    find: 'if (!isSuccessful || !message) return [];',
    replace: 'if (!message) return [];',
  },
  {
    id: 'ton-deposit-that-went-back',
    ...of('history/transfers', 'transactions'),
    find: 'if (wentBack(transaction)) return [];',
    replace: '',
  },
  {
    id: 'ton-self-transfer-twice',
    ...of('history/transfers', 'transactions'),
    find: '|| to === accounts.owner',
    replace: '',
  },
  {
    id: 'ton-item-that-its-collection-does-not-know',
    ...of('collectibles/item-checks', 'collectibles'),
    find: '(await nameOf(endpoint, collection, index)) === item',
    replace: '(await nameOf(endpoint, collection, index)) !== null',
  },
  {
    id: 'ton-item-of-another-owner',
    ...of('collectibles/item-checks', 'collectibles'),
    find: "if (addressOfStack(of) !== owner) return 'false';",
    replace: '',
  },
  {
    id: 'ton-send-over-by-one-endpoint',
    ...ofVerdict,
    find: '!states.every(({ shardTime }) => isOver(shardTime))',
    replace: '!states.some(({ shardTime }) => isOver(shardTime))',
  },
  {
    id: 'ton-send-not-sent-by-one-endpoint',
    ...ofVerdict,
    find: 'if (states.every((state) => state.seqno === seqno))',
    replace: 'if (states.some((state) => state.seqno === seqno))',
  },
  {
    id: 'ton-send-mined-by-one-indexer',
    ...ofVerdict,
    find: 'found.length >= WITNESSES && ',
    replace: '',
  },
  {
    id: 'ton-jettons-delivered-when-they-bounce',
    ...ofOutcome,
    find: "if (!back) return { outcome: 'failed' };",
    replace: "return { outcome: 'delivered' };",
  },
  {
    id: 'ton-send-skipped-by-the-wallet',
    ...ofOutcome,
    find: "if (!out) return { outcome: 'failed' };",
    replace: "if (!out) return { outcome: 'unknown' };",
  },
];
