export { confirmedByTwo, NODES_NEEDED } from './nodes-needed';
export * from './fees/fees';
export { layer1FeeCall, layer1FeeFrom } from './fees/layer1-fee';
export * from './intents/send-intent';
export { readSendIntent, sendDigest } from './intents/read-intent';
export { sendRefusals, type RefusedSend, type SendResult } from './send-refusals';
export * from './transactions/transaction';
export { nextState, type MinedVersion, type NodeView, type SendState } from './states/next-state';
export { nextNonce } from './transactions/next-nonce';
