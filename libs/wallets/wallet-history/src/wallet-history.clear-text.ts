import { defineReviewedTables, holds } from '@countersign/database';

const KEYED_BY_WALLET = 'keyed digest: without the key of the wallet it tells nothing';
const PUBLIC_BLOCK = 'a block of a public chain';

defineReviewedTables({
  chain_blocks: {
    isOfPerson: false,
    columns: {
      chain_id: 'a chain that the operator configured',
      number: PUBLIC_BLOCK,
      hash: PUBLIC_BLOCK,
      parent_hash: PUBLIC_BLOCK,
    },
  },
  chain_positions: {
    isOfPerson: false,
    columns: {
      chain_id: 'a chain that the operator configured',
      genesis_hash: PUBLIC_BLOCK,
      head_number: PUBLIC_BLOCK,
      tip_number: PUBLIC_BLOCK,
      tip_hash: PUBLIC_BLOCK,
      final_number: PUBLIC_BLOCK,
      state: holds.enumerated,
      fault: holds.enumerated,
    },
  },
  chain_starts: {
    isOfPerson: false,
    columns: {
      chain_id: 'a chain that the operator configured',
      from_block: PUBLIC_BLOCK,
    },
  },
  token_name_keys: { isOfPerson: false, columns: { chain_id: 'a chain that the operator configured' } },
  token_names: {
    isOfPerson: false,
    columns: {
      chain_id: 'a chain that the operator configured',
      digest: 'keyed digest of a contract, under a key that is sealed',
      content: 'what the contract says of itself, sealed under the same key',
      asked_on: 'day on which the contract was asked',
    },
  },
  wallet_assets: {
    isOfPerson: true,
    columns: { digest: KEYED_BY_WALLET, asset: KEYED_BY_WALLET, sequence: holds.counter },
  },
  wallet_back_fills: { isOfPerson: true, columns: { chain_id: 'a chain that the operator configured' } },
  wallet_chains: {
    isOfPerson: true,
    columns: {
      chain_id: 'a chain that the operator configured',
      from_block: 'the block from which on the wallet is followed: about when it was linked',
    },
  },
  wallet_remains: { isOfPerson: false, columns: { digest: 'keyed digest, whose key is destroyed' } },
  wallet_tallies: { isOfPerson: true, columns: { digest: KEYED_BY_WALLET } },
  wallet_transfers: {
    isOfPerson: true,
    columns: { digest: KEYED_BY_WALLET, sequence: holds.counter, entry: KEYED_BY_WALLET },
  },
  wallet_transfers_pending: {
    isOfPerson: true,
    columns: {
      chain_id: 'a chain that the operator configured',
      block_number: PUBLIC_BLOCK,
      block_hash: PUBLIC_BLOCK,
      digest: 'keyed digest, another one in each block',
      position: holds.counter,
    },
  },
});
