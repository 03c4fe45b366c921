/** What wallets send: intents, fees, limits, and the states of a send. */

const ofSends = (file, spec = file) => ({
  file: `libs/pure/sends/src/${file}.ts`,
  specs: [`libs/pure/sends/src/${spec}.spec.ts`],
});

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const sends = [
  {
    id: 'send-to-the-token-contract',
    ...ofSends('intents/read-intent'),
    find: 'Object.values(read).includes(to) ?',
    replace: 'false ?',
  },
  {
    id: 'send-layer-1-of-one-node',
    ...ofSends('fees/layer1-fee'),
    find: ' || highest > 2n * lowest)',
    replace: ')',
  },
  {
    id: 'send-digest-without-the-fee',
    ...ofSends('intents/send-digest'),
    find: 'chain, address, String(maxFee)',
    replace: 'chain, address',
  },
  {
    id: 'send-fees-of-one-node',
    ...ofSends('fees/fees'),
    find: 'Math.max(histories.length, prices.length) < 2 || ',
    replace: '',
  },
  {
    id: 'send-fee-above-the-cap-of-the-act',
    ...ofSends('fees/fees'),
    find: 'return min(maxFeePerGas, maxFee / gas);',
    replace: 'return maxFeePerGas;',
  },
  {
    id: 'send-replacement-rounded-down',
    ...ofSends('fees/fees'),
    find: '(fee * 9n + 7n) / 8n',
    replace: '(fee * 9n) / 8n',
  },
  {
    id: 'send-nonce-of-one-node',
    ...ofSends('transactions/next-nonce'),
    find: 'if (agreed.length === 0 && !isBehind)',
    replace: 'if (counts.length === 0)',
  },
  {
    id: 'send-state-by-one-node',
    ...ofSends('nodes-needed', 'states/next-state'),
    find: 'const NODES_NEEDED = 2;',
    replace: 'const NODES_NEEDED = 1;',
  },
  {
    id: 'send-ended-and-moves-again',
    ...ofSends('states/next-state'),
    find: 'isSettled(state.name) ? state : moved',
    replace: 'false ? state : moved',
  },
  {
    id: 'send-dropped-by-nodes-that-are-behind',
    ...ofSends('states/next-state'),
    find: 'mined === null && head >= state.blockNumber',
    replace: 'mined === null',
  },
  {
    id: 'send-of-what-no-limit-lists',
    ...ofSends('limits/decide-send'),
    find: "named.includes(key)) return 'send.asset_not_allowed';",
    replace: 'named.includes(key)) continue;',
  },
  {
    id: 'send-coins-that-go-along-to-any-contract',
    ...ofSends('limits/decide-send', 'limits/attached-coins'),
    find: 'const isTrusted = carrier !== null &&',
    replace: 'const isTrusted = carrier !== null ||',
  },
  {
    id: 'send-sum-without-this-send',
    ...ofSends('limits/limited-sums'),
    find: '(total, part) => total + part.amount, sum.amount)',
    replace: '(total, part) => total + part.amount, 0n)',
  },
  {
    id: 'send-sum-of-a-window-that-is-too-short',
    ...ofSends('limits/limited-sums'),
    find: 'return windowMs + windowMs / PARTS;',
    replace: 'return windowMs;',
  },
  {
    id: 'send-call-of-any-contract',
    ...ofSends('limits/decide-send'),
    find: 'one.contract === contract && one.method === method',
    replace: 'one.method === method',
  },
  {
    id: 'send-collectible-zero-counts-as-nothing',
    ...ofSends('limits/spending'),
    find: 'amount === 0n && isAmountOrTokenId ? 1n : amount',
    replace: 'amount',
  },
];
