export { normalizedHash, readTonExternalMessage, tonExternalMessage } from './external-message';
export { jettonWalletOf, readJettonCode, type JettonCode } from './jetton-wallets';
export {
  messageOf,
  sendOf,
  type CoinSend,
  type CollectibleSend,
  type JettonSend,
  type TonMessage,
  type TonSend,
} from './messages';
export * from './transfer';
export * from './outcome';
export { decideTonSend, seqnoOf, type TonLookUp, type TonWalletAnswer } from './verdict';
