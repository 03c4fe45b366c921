export { confirmedByTwo, NODES_NEEDED } from './nodes-needed';
export {
  readFeeHistory,
  feesFrom,
  greatestFee,
  replacementFees,
  gasLimitFrom,
  type Fees,
  type NodeFees,
} from './fees/fees';
export { layer1FeeCall, layer1FeeFrom } from './fees/layer1-fee';
export {
  callOf,
  type SendCall,
  type EvmSendIntent,
  type SendIntent,
  type TonSendIntent,
} from './intents/send-intent';
export { readSendIntent, sendDigest } from './intents/read-intent';
export { sendRefusals, type RefusedSend, type SendResult } from './send-refusals';
export {
  cancellingCall,
  signedTransaction,
  transactionHash,
  unsignedTransaction,
} from './transactions/transaction';
export { nextState, type MinedVersion, type NodeView, type SendState } from './states/next-state';
export { nextNonce } from './transactions/next-nonce';
