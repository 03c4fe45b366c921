export interface BlockFaultDefinition {
  /** One short sentence for operators, the same at every occurrence. */
  readonly title: string;
  /**
   * `absent`: the node has not got the block, or no longer. `malformed`: the answer is not what the protocol says.
   * `contradiction`: the answer contradicts itself. None of them is a reorganisation.
   */
  readonly kind: 'absent' | 'malformed' | 'contradiction';
}

/** Why a node's answer is not taken for a block, by code. */
export const blockFaults = {
  'block.absent': { kind: 'absent', title: 'The node does not know the block' },
  'block.receipts_absent': { kind: 'absent', title: 'The node does not know the receipts of the block' },
  'block.malformed': { kind: 'malformed', title: 'The header of the block is malformed' },
  'block.too_large': { kind: 'malformed', title: 'The block has more entries than any chain allows' },
  'block.transaction_malformed': { kind: 'malformed', title: 'A transaction is malformed' },
  'block.receipt_malformed': { kind: 'malformed', title: 'A receipt is malformed' },
  'block.log_malformed': { kind: 'malformed', title: 'A log is malformed' },
  'block.withdrawal_malformed': { kind: 'malformed', title: 'A withdrawal is malformed' },
  'block.not_the_one_asked': { kind: 'contradiction', title: 'The node answers another block than asked' },
  'block.other_chain': { kind: 'contradiction', title: 'A transaction is signed for another chain' },
  'block.transactions_missing': {
    kind: 'contradiction',
    title: 'The block has no transactions, but its root says otherwise',
  },
  'block.transaction_misplaced': {
    kind: 'contradiction',
    title: 'A transaction names another block or position, or occurs twice',
  },
  'block.receipts_count': {
    kind: 'contradiction',
    title: 'There are not as many receipts as transactions',
  },
  'block.receipt_misplaced': {
    kind: 'contradiction',
    title: 'A receipt names another block, transaction or position',
  },
  'block.log_misplaced': {
    kind: 'contradiction',
    title: 'A log names another block, transaction or position, or was removed',
  },
  'block.log_indexes': { kind: 'contradiction', title: 'The indexes of the logs are not consecutive' },
  'block.logs_missing': {
    kind: 'contradiction',
    title: 'The bloom of the block names logs that are missing',
  },
  'block.logs_added': {
    kind: 'contradiction',
    title: 'There are logs that the bloom of the block does not name',
  },
  'block.not_encodable': {
    kind: 'malformed',
    title: 'A field that is hashed is missing, malformed or of an unknown kind',
  },
  'block.hash_differs': { kind: 'contradiction', title: 'The hash of the block is not that of its header' },
  'block.transaction_hash_differs': {
    kind: 'contradiction',
    title: 'The hash of a transaction is not that of its contents',
  },
  'block.transactions_differ': {
    kind: 'contradiction',
    title: 'The transactions are not those of the root in the header',
  },
  'block.receipts_differ': {
    kind: 'contradiction',
    title: 'The receipts are not those of the root in the header',
  },
  'block.withdrawals_differ': {
    kind: 'contradiction',
    title: 'The withdrawals are not those of the root in the header',
  },
  'block.outcome_differs': {
    kind: 'contradiction',
    title: 'The gas, price or created contract of a receipt does not follow from its transaction',
  },
} as const satisfies Record<`block.${string}`, BlockFaultDefinition>;

/** The code of the rule that an answer broke. */
export type BlockFault = keyof typeof blockFaults;
