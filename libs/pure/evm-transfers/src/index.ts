export { readAddress, readHash, readNumber, type Address, type Hash } from './hex';
export { readTransaction, type CheckedTransaction } from './read-transaction';
export { SpamFilter, spamReasons, type SpamReason } from './spam';
export { decodeDecimals, decodeText } from './token-names';
export { coinsOf, transfersOf, type Asset, type Transfer } from './transfers-of';
