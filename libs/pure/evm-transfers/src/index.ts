export { rulesOfChain, type ChainRules } from './chain-rules';
export type { CheckedTransaction } from './checked-transaction';
export { expected, readAddress, readHash, readNumber, type Address, type Hash } from './hex';
export { Counterparties } from './transfers/counterparties';
export { readTransaction } from './reading/read-transaction';
export { foldSymbol, spamReasonsOf, spamRules, type SpamReason } from './transfers/spam';
export { decodeDecimals, decodeText, decodeUint256 } from './transfers/abi';
export type { Asset, Transfer, TransferTransaction } from './transfers/transfer';
export { transfersOf } from './transfers/transfers-of';
