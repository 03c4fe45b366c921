export { readAddress, readHash, readNumber, type Address, type Hash } from './evm/hex';
export { readTransaction, type CheckedTransaction } from './evm/read-transaction';
export { SpamFilter, spamReasons, type SpamReason } from './evm/spam';
export { decodeDecimals, decodeText } from './evm/token-names';
export { coinsOf, transfersOf, type Asset, type Transfer } from './evm/transfers-of';
export { normalizedHash, readTonExternalMessage, tonExternalMessage } from './ton/external-message';
export { jettonWalletOf, readJettonCode, type JettonCode } from './ton/jetton-wallets';
export {
  messageOf,
  sendOf,
  type CoinSend,
  type CollectibleSend,
  type JettonSend,
  type TonMessage,
  type TonSend,
} from './ton/messages';
export * from './ton/transfer';
export * from './ton/outcome';
export { decideTonSend, seqnoOf, type TonLookUp, type TonWalletAnswer } from './ton/verdict';
