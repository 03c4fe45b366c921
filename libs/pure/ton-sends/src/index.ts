export { normalizedHash, readTonExternalMessage, tonExternalMessage } from './external-message';
export {
  messageOf,
  sendOf,
  type CoinSend,
  type CollectibleSend,
  type JettonSend,
  type TonMessage,
  type TonSend,
} from './messages';
export {
  MAX_LIFETIME_SECONDS,
  readTonTransfer,
  tonTransferDigest,
  tonTransferPayload,
  tonWalletIdOf,
  type TonNetworkId,
  type TonTransfer,
} from './transfer';
export {
  progressOf,
  tonOutcomes,
  transactionOf,
  type ChainMessage,
  type ChainTransaction,
  type TonOutcome,
  type SentMessage,
} from './outcome';
export { decideTonSend, seqnoOf, type TonLookUp, type TonWalletAnswer } from './verdict';
