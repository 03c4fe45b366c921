export { confirmedByTwo, NODES_NEEDED } from './nodes-needed';
export { readFeeHistory, type FeeHistory } from './fees/fee-history';
export { feesFrom, greatestFee, replacementFees, type FeeCaps, type Fees, type NodeFees } from './fees/fees';
export { gasLimitFrom } from './fees/gas-limit';
export { layer1FeeCall, layer1FeeFrom } from './fees/layer1-fee';
export { callOf, type SendCall } from './intents/call-of';
export { readSendIntent, type Sender } from './intents/read-intent';
export { sendDigest, type ConfirmedSend } from './intents/send-digest';
export type {
  CallIntent,
  CoinIntent,
  CollectibleIntent,
  EvmSendIntent,
  JettonIntent,
  SendIntent,
  SendKind,
  TokenIntent,
  TonCoinIntent,
  TonCollectibleIntent,
  TonSendIntent,
} from './intents/send-intent';
export {
  refusedSend,
  sendRefusals,
  type RefusedSend,
  type SendRefusal,
  type SendResult,
} from './send-refusals';
export {
  readBroadcastAnswer,
  type BroadcastAnswer,
  type BroadcastReply,
} from './transactions/broadcast-answer';
export {
  cancellingCall,
  signedTransaction,
  transactionHash,
  unsignedTransaction,
  type TransactionFields,
} from './transactions/transaction';
export {
  isSettled,
  nextState,
  type MinedVersion,
  type NextState,
  type NodeEvidence,
  type NodeView,
  type SendState,
  type SendStateName,
} from './states/next-state';
export { nextNonce, type NextNonce } from './transactions/next-nonce';
export { decideSend } from './limits/decide-send';
export { limitedSumsOf, partOf, refusedBySums, type LimitedSum } from './limits/limited-sums';
export { readSendLimits, type SendLimits, type SendLimitsJson } from './limits/send-limits';
export { spendingOf, type AttachedCoins, type Spending, type Totals } from './limits/spending';
