export { blockFaults, type BlockFault, type BlockFaultDefinition } from './block-faults';
export { ChainWindow, type Placement, type WindowOptions } from './chain-window';
export { rulesOfChain, type ChainRules } from './chain-rules';
export type {
  BlockLink,
  CheckedBlock,
  CheckedLog,
  CheckedTransaction,
  CheckedWithdrawal,
  TransactionCost,
} from './checked-block';
export type { Address, Hash } from './hex';
export { Counterparties } from './counterparties';
export { readBlock, type AskedBlock } from './read-block';
export {
  foldSymbol,
  isOwnDoing,
  spamReasonsOf,
  spamRules,
  type SpamContext,
  type SpamReason,
  type TokenNames,
} from './spam';
export { decodeDecimals, decodeText, decodeUint256 } from './abi';
export type { Asset, SeenTransfers, Transfer, TransferTransaction, UnreadLog } from './transfer';
export { MAX_BATCH } from './token-logs';
export { transfersOf } from './transfers-of';
