export { confirmedByTwo, NODES_NEEDED } from './nodes-needed';
export { readFeeHistory } from './fees/fee-history';
export { feesFrom, greatestFee, replacementFees, type Fees, type NodeFees } from './fees/fees';
export { gasLimitFrom } from './fees/gas-limit';
export { layer1FeeCall, layer1FeeFrom } from './fees/layer1-fee';
export { callOf, type SendCall } from './intents/call-of';
export { readSendIntent } from './intents/read-intent';
export { sendDigest } from './intents/send-digest';
export type { EvmSendIntent, SendIntent, TonSendIntent } from './intents/send-intent';
export { sendRefusals, type RefusedSend, type SendResult } from './send-refusals';
export {
  cancellingCall,
  signedTransaction,
  transactionHash,
  unsignedTransaction,
} from './transactions/transaction';
export { nextState, type MinedVersion, type NodeView, type SendState } from './states/next-state';
export { nextNonce } from './transactions/next-nonce';
