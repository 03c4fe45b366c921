export { walletActRefusals } from './act-refusals';
export { decodeAct, decodedActJson } from './decode-act';
export { hexOf, isReadable, membersOf } from './fields';
export { coinDecimals, shownAddress } from './meaning';
export { readWalletAct } from './read-act';
export type {
  ActContext,
  AllowedCall,
  DecodedAct,
  DecodedActJson,
  Spend,
  TonTransferAct,
  WalletAct,
} from './wallet-act';
export { confirmedByTwo, NODES_NEEDED } from './sends/nodes-needed';
export * from './sends/fees/fees';
export { layer1FeeCall, layer1FeeFrom } from './sends/fees/layer1-fee';
export * from './sends/intents/send-intent';
export { readSendIntent, sendDigest } from './sends/intents/read-intent';
export { sendRefusals, type RefusedSend, type SendResult } from './sends/send-refusals';
export * from './sends/transactions/transaction';
export { nextState, type MinedVersion, type NodeView, type SendState } from './sends/states/next-state';
export { nextNonce } from './sends/transactions/next-nonce';
