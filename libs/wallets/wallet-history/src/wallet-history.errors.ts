import { defineErrors } from '@countersign/errors';

export const walletHistoryError = defineErrors({
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
});
