export { blockFaults, type BlockFault } from './block-faults';
export { ChainWindow } from './chain-window';
export { rulesOfChain, type ChainRules } from './chain-rules';
export type { BlockLink, CheckedBlock, CheckedLog, CheckedTransaction } from './checked-block';
export { expected, readAddress, readHash, readNumber, type Address, type Hash } from './hex';
export { areSendersRight } from './recomputing/senders';
export { Counterparties } from './transfers/counterparties';
export { readBlock } from './reading/read-block';
export { readTransaction } from './reading/read-transaction';
export {
  foldSymbol,
  isOwnDoing,
  spamReasonsOf,
  spamReasonsOfNames,
  spamRules,
  type SpamReason,
  type TokenNames,
} from './transfers/spam';
export { decodeDecimals, decodeText, decodeUint256 } from './transfers/abi';
export { TRANSFER, TRANSFER_BATCH, TRANSFER_SINGLE } from './transfers/token-logs';
export type { Asset, Transfer, TransferTransaction } from './transfers/transfer';
export { transfersOf } from './transfers/transfers-of';
