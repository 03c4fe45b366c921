export { normalizedHash, tonExternalMessage, type TonExternalMessage } from './external-message';
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
