import { readBroadcastAnswer, type BroadcastAnswer } from './broadcast-answer';

const HASH = `0x${'ab'.repeat(32)}`;
const answers: readonly (readonly [string, number, string, BroadcastAnswer])[] = [
  ['geth', -32000, 'already known', 'known'],
  ['geth', -32000, 'nonce too low: next nonce 5, tx nonce 4', 'nonce-used'],
  ['geth', -32000, 'transaction underpriced: gas tip cap 1, minimum needed 25', 'underpriced'],
  ['geth', -32000, 'replacement transaction underpriced: new tx gas fee cap 11 <= 12 queued', 'underpriced'],
  [
    'geth',
    -32000,
    'max fee per gas less than block base fee: address 0xab, maxFeePerGas: 1, baseFee: 7',
    'underpriced',
  ],
  [
    'geth',
    -32000,
    'insufficient funds for gas * price + value: balance 0, tx cost 5, overshot 5',
    'refused-funds',
  ],
  ['geth', -32000, 'intrinsic gas too low: gas 20999, minimum needed 21000', 'refused-gas'],
  ['geth', -32000, 'exceeds block gas limit', 'refused-gas'],
  ['geth', -32000, 'transaction gas limit too high (cap: 16777216, tx: 30000000)', 'refused-gas'],
  ['geth', -32000, 'nonce too high', 'unknown'],
  ['geth', -32000, 'txpool is full', 'unknown'],
  ['geth', -32000, 'future transaction tries to replace pending', 'unknown'],
  ['geth', -32000, 'tx fee (1.50 ether) exceeds the configured cap (1.00 ether)', 'unknown'],
  ['geth', -32000, 'invalid sender', 'unknown'],
  ['geth before 2018', -32000, `known transaction: ${'ab'.repeat(32)}`, 'known'],
  ['Nethermind', -32010, 'AlreadyKnown', 'known'],
  ['Nethermind', -32010, 'OldNonce, Current nonce: 5, nonce of rejected tx: 4', 'nonce-used'],
  ['Nethermind', -32010, 'FeeTooLow', 'underpriced'],
  ['Nethermind', -32010, 'FeeTooLowToCompete', 'underpriced'],
  ['Nethermind', -32010, 'ReplacementNotAllowed', 'underpriced'],
  ['Nethermind', -32010, 'InsufficientFunds, Account balance: 0, cumulative cost: 5', 'refused-funds'],
  ['Nethermind', -32010, 'GasLimitExceeded', 'refused-gas'],
  ['Nethermind', -32000, 'gas limit reached', 'refused-gas'],
  ['Nethermind', -32010, 'OwnNonceAlreadyUsed', 'unknown'],
  ['Nethermind', -32010, 'Syncing', 'unknown'],
  ['Erigon', -32000, 'ALREADY_EXISTS: already known', 'known'],
  ['Erigon', -32000, 'existing txn with same hash', 'known'],
  ['Erigon', -32000, 'nonce too low', 'nonce-used'],
  ['Erigon', -32000, 'INTERNAL_ERROR: could not replace existing tx', 'underpriced'],
  ['Erigon', -32000, 'FEE_TOO_LOW: underpriced', 'underpriced'],
  ['Erigon', -32000, 'fee too low', 'underpriced'],
  ['Erigon', -32000, 'insufficient funds', 'refused-funds'],
  ['Erigon', -32000, 'IntrinsicGas', 'refused-gas'],
  ['Erigon', -32000, 'pending sub-pool is full', 'unknown'],
  ['Besu', -32000, 'Known transaction', 'known'],
  ['Besu', -32001, 'Nonce too low', 'nonce-used'],
  ['Besu', -32000, 'Replacement transaction underpriced', 'underpriced'],
  ['Besu', -32009, 'Gas price below configured minimum gas price', 'underpriced'],
  ['Besu', -32009, 'Gas price below current base fee', 'underpriced'],
  ['Besu', -32004, 'Upfront cost exceeds account balance', 'refused-funds'],
  ['Besu', -32003, 'Intrinsic gas exceeds gas limit', 'refused-gas'],
  ['Besu', -32005, 'Transaction gas limit exceeds block gas limit', 'refused-gas'],
  ['Besu', -32000, 'An invalid transaction with a lower nonce exists', 'unknown'],
  ['Besu', -32000, 'Transaction nonce is too distant from current sender nonce', 'unknown'],
  ['Besu', -32000, 'Transaction not found', 'unknown'],
  ['reth', -32000, 'already known', 'known'],
  ['reth', -32000, 'nonce too low: next nonce 5, tx nonce 4', 'nonce-used'],
  ['reth', -32603, 'transaction underpriced', 'underpriced'],
  ['reth', -32003, 'insufficient funds for gas * price + value: have 0 want 5', 'refused-funds'],
  ['reth', -32000, 'insufficient gas price to replace existing transaction.', 'underpriced'],
  ['anvil', -32003, 'transaction already imported', 'known'],
  ['anvil', -32003, 'nonce too low', 'nonce-used'],
  ['anvil', -32003, 'replacement transaction underpriced', 'underpriced'],
  ['anvil', -32003, 'max fee per gas less than block base fee', 'underpriced'],
  ['anvil', -32003, 'Insufficient funds for gas * price + value', 'refused-funds'],
  ['anvil', -32003, 'invalid chain id for signer', 'unknown'],
  ['anvil', -32602, 'Failed to decode transaction', 'unknown'],
  [
    'EthereumJS',
    -32603,
    '0xab tries to send a tx with nonce 4, but account has nonce 5 (tx nonce too low)',
    'nonce-used',
  ],
  ['EthereumJS', -32602, `${HASH}: this transaction is already in the TxPool`, 'known'],
  ['EthereumJS', -32603, 'replacement gas too low, got tip 1, min: 2, got fee 1, min: 2', 'underpriced'],
  [
    'EthereumJS',
    -32603,
    'Tx cannot pay basefee of 7, have 1 (not within 50% range of current basefee)',
    'underpriced',
  ],
  [
    'EthereumJS',
    -32603,
    '0xab does not have enough balance to cover transaction costs, need 5, but have 0 (insufficient balance)',
    'refused-funds',
  ],
  [
    'EthereumJS',
    -32603,
    'Tx gaslimit of 9 exceeds block gas limit of 8 (exceeds last block gas limit)',
    'refused-gas',
  ],
  ['a relay', -32603, 'nonce too low', 'nonce-used'],
  ['OpenEthereum', -32010, 'Transaction with the same hash was already imported.', 'known'],
  [
    'OpenEthereum',
    -32010,
    'Transaction gas is too low. There is not enough gas to cover minimal cost.',
    'refused-gas',
  ],
  ['Arbitrum', -32000, 'invalid transaction nonce', 'unknown'],
  ['a host', -32005, 'Too Many Requests', 'unknown'],
  ['a host', -32603, 'Internal error', 'unknown'],
  ['a host', 403, 'transaction is temporarily banned', 'unknown'],
  ['a host', -32000, '', 'unknown'],
  ['a host', -32000, 'unknown transaction', 'unknown'],
  ['a liar', -32000, 'already known, nonce too low', 'unknown'],
  ['a liar', -32000, `${' '.repeat(1_000_000)}already known`, 'unknown'],
];

describe('the answer of a node', () => {
  it.each(answers)('%s, %d: %.60s is read as %s', (_, code, message, answer) => {
    expect(readBroadcastAnswer({ error: { code, message } }, HASH)).toBe(answer);
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
