export { blockFaults, type BlockFault } from './block-faults';
export { ChainWindow } from './chain-window';
export { rulesOfChain, type ChainRules } from './chain-rules';
export type { BlockLink, CheckedBlock, CheckedLog } from './checked-block';
export type { Address, Hash } from './hex';
export { Counterparties } from './counterparties';
export { readBlock } from './read-block';
export {
  foldSymbol,
  isOwnDoing,
  spamReasonsOf,
  spamReasonsOfNames,
  spamRules,
  type SpamReason,
  type TokenNames,
} from './spam';
export { decodeDecimals, decodeText, decodeUint256 } from './abi';
export { TRANSFER, TRANSFER_BATCH, TRANSFER_SINGLE } from './token-logs';
export type { Transfer, TransferTransaction } from './transfer';
export { transfersOf } from './transfers-of';
