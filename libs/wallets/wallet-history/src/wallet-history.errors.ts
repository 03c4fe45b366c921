import { defineErrors } from '@countersign/errors';

export const walletHistoryError = defineErrors({
  'wallet.chain_not_followed': {
    kind: 'not-found',
    title: 'The chain is not followed for this wallet',
    remedy: 'Read which chains are: GET /v1/wallets/{walletId}/balances.',
  },
  'wallet.history_unreadable': {
    kind: 'conflict',
    title: 'What is stored of this wallet cannot be read any more',
    remedy: 'Unlink the wallet and link it again: its history begins anew.',
  },
  'chain.not_read': {
    kind: 'conflict',
    title: 'No block of the chain is read yet, or it is not followed',
    remedy: 'Read the state of its follower, and the fault that it tells.',
  },
  'chain.block_not_final': {
    kind: 'conflict',
    title: 'The block is later than the last final one of this service or of its node',
    remedy: 'Name an earlier block: what is between would never be read.',
  },
  'chain.nodes_disagree': {
    kind: 'conflict',
    title: 'The nodes of the chain tell other blocks at this number',
    remedy: 'Remove the node that lies from the file of chains, and restart the replicas.',
  },
  'chain.reset_elsewhere': {
    kind: 'conflict',
    title: 'Another reset of the chain is under way',
    remedy: 'Look at its follower, and reset it again if that is still needed.',
  },
});
