import { readBroadcastAnswer, type BroadcastAnswer } from './broadcast-answer';

const HASH = `0x${'ab'.repeat(32)}`;
const answers: readonly (readonly [string, string, BroadcastAnswer])[] = [
  ['geth', 'already known', 'known'],
  ['geth', 'nonce too low: next nonce 5, tx nonce 4', 'nonce-used'],
  ['geth', 'transaction underpriced: gas tip cap 1, minimum needed 25', 'underpriced'],
  ['geth', 'replacement transaction underpriced: new tx gas fee cap 11 <= 12 queued', 'underpriced'],
  [
    'geth',
    'max fee per gas less than block base fee: address 0xab, maxFeePerGas: 1, baseFee: 7',
    'underpriced',
  ],
  ['geth', 'insufficient funds for gas * price + value: balance 0, tx cost 5, overshot 5', 'refused-funds'],
  ['geth', 'intrinsic gas too low: gas 20999, minimum needed 21000', 'refused-gas'],
  ['geth', 'exceeds block gas limit', 'refused-gas'],
  ['geth', 'transaction gas limit too high (cap: 16777216, tx: 30000000)', 'refused-gas'],
  ['geth', 'nonce too high', 'unknown'],
  ['geth', 'txpool is full', 'unknown'],
  ['geth', 'future transaction tries to replace pending', 'unknown'],
  ['geth', 'tx fee (1.50 ether) exceeds the configured cap (1.00 ether)', 'unknown'],
  ['geth', 'invalid sender', 'unknown'],
  ['geth before 2018', `known transaction: ${'ab'.repeat(32)}`, 'known'],
  ['Nethermind', 'AlreadyKnown', 'known'],
  ['Nethermind', 'OldNonce, Current nonce: 5, nonce of rejected tx: 4', 'nonce-used'],
  ['Nethermind', 'FeeTooLow', 'underpriced'],
  ['Nethermind', 'FeeTooLowToCompete', 'underpriced'],
  ['Nethermind', 'ReplacementNotAllowed', 'underpriced'],
  ['Nethermind', 'InsufficientFunds, Account balance: 0, cumulative cost: 5', 'refused-funds'],
  ['Nethermind', 'GasLimitExceeded', 'refused-gas'],
  ['Nethermind', 'gas limit reached', 'refused-gas'],
  ['Nethermind', 'OwnNonceAlreadyUsed', 'unknown'],
  ['Nethermind', 'Syncing', 'unknown'],
  ['Erigon', 'ALREADY_EXISTS: already known', 'known'],
  ['Erigon', 'existing txn with same hash', 'known'],
  ['Erigon', 'nonce too low', 'nonce-used'],
  ['Erigon', 'INTERNAL_ERROR: could not replace existing tx', 'underpriced'],
  ['Erigon', 'FEE_TOO_LOW: underpriced', 'underpriced'],
  ['Erigon', 'fee too low', 'underpriced'],
  ['Erigon', 'insufficient funds', 'refused-funds'],
  ['Erigon', 'IntrinsicGas', 'refused-gas'],
  ['Erigon', 'pending sub-pool is full', 'unknown'],
  ['Besu', 'Known transaction', 'known'],
  ['Besu', 'Nonce too low', 'nonce-used'],
  ['Besu', 'Replacement transaction underpriced', 'underpriced'],
  ['Besu', 'Gas price below configured minimum gas price', 'underpriced'],
  ['Besu', 'Gas price below current base fee', 'underpriced'],
  ['Besu', 'Upfront cost exceeds account balance', 'refused-funds'],
  ['Besu', 'Intrinsic gas exceeds gas limit', 'refused-gas'],
  ['Besu', 'Transaction gas limit exceeds block gas limit', 'refused-gas'],
  ['Besu', 'An invalid transaction with a lower nonce exists', 'unknown'],
  ['Besu', 'Transaction nonce is too distant from current sender nonce', 'unknown'],
  ['Besu', 'Transaction not found', 'unknown'],
  ['reth', 'already known', 'known'],
  ['reth', 'nonce too low: next nonce 5, tx nonce 4', 'nonce-used'],
  ['reth', 'transaction underpriced', 'underpriced'],
  ['reth', 'insufficient funds for gas * price + value: have 0 want 5', 'refused-funds'],
  ['reth', 'insufficient gas price to replace existing transaction.', 'underpriced'],
  ['anvil', 'transaction already imported', 'known'],
  ['anvil', 'nonce too low', 'nonce-used'],
  ['anvil', 'replacement transaction underpriced', 'underpriced'],
  ['anvil', 'max fee per gas less than block base fee', 'underpriced'],
  ['anvil', 'Insufficient funds for gas * price + value', 'refused-funds'],
  ['anvil', 'invalid chain id for signer', 'unknown'],
  ['anvil', 'Failed to decode transaction', 'unknown'],
  [
    'EthereumJS',
    '0xab tries to send a tx with nonce 4, but account has nonce 5 (tx nonce too low)',
    'nonce-used',
  ],
  ['EthereumJS', `${HASH}: this transaction is already in the TxPool`, 'known'],
  ['EthereumJS', 'replacement gas too low, got tip 1, min: 2, got fee 1, min: 2', 'underpriced'],
  [
    'EthereumJS',
    'Tx cannot pay basefee of 7, have 1 (not within 50% range of current basefee)',
    'underpriced',
  ],
  [
    'EthereumJS',
    '0xab does not have enough balance to cover transaction costs, need 5, but have 0 (insufficient balance)',
    'refused-funds',
  ],
  [
    'EthereumJS',
    'Tx gaslimit of 9 exceeds block gas limit of 8 (exceeds last block gas limit)',
    'refused-gas',
  ],
  ['a relay', 'nonce too low', 'nonce-used'],
  ['OpenEthereum', 'Transaction with the same hash was already imported.', 'known'],
  [
    'OpenEthereum',
    'Transaction gas is too low. There is not enough gas to cover minimal cost.',
    'refused-gas',
  ],
  ['Arbitrum', 'invalid transaction nonce', 'unknown'],
  ['a host', 'Too Many Requests', 'unknown'],
  ['a host', 'Internal error', 'unknown'],
  ['a host', 'transaction is temporarily banned', 'unknown'],
  ['a host', '', 'unknown'],
  ['a host', 'unknown transaction', 'unknown'],
  ['a liar', 'already known, nonce too low', 'unknown'],
  ['a liar', `${' '.repeat(1_000_000)}already known`, 'unknown'],
];

describe('the answer of a node', () => {
  it.each(answers)('%s: %.60s is read as %s', (_, message, answer) => {
    expect(readBroadcastAnswer({ error: { code: -32000, message } }, HASH)).toBe(answer);
  });

  it.each([-32000, -32001, -32003, -32010, -32603, 0])('means the same with the code %d', (code) => {
    expect(readBroadcastAnswer({ error: { code, message: 'already known' } }, HASH)).toBe('known');
    expect(readBroadcastAnswer({ error: { code, message: 'boom' } }, HASH)).toBe('unknown');
  });

  it.each<readonly [unknown, BroadcastAnswer]>([
    [HASH, 'accepted'],
    [HASH.toUpperCase().replace('0X', '0x'), 'accepted'],
    [`0x${'cd'.repeat(32)}`, 'unknown'],
    [null, 'unknown'],
    ['ok', 'unknown'],
    [{ hash: HASH }, 'unknown'],
  ])('with the result %j is %s', (result, answer) => {
    expect(readBroadcastAnswer({ result }, HASH)).toBe(answer);
  });
});
