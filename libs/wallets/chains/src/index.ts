export { AdminChainsModule, ChainsModule } from './chains.module';
export type { Chain, ChainSending, EvmChainSending, TonChainSending } from './chain';
export { MAX_DECIMALS, type ListedToken } from './registry/chain-file';
export { Chains } from './chains';
export {
  ContractSignatures,
  type ContractSignatureRefusal,
  type ContractVerdict,
} from './evm/contract-signatures';
export type { BlockReference } from './evm/block-reference';
export type { EvmNode } from './evm/evm-node';
export { FinalBlocks, type FinalBlock, verifications, type Verification } from './evm/final-blocks';
export { Receipts, type Receipt } from './evm/receipts';
export type { AccountList, EvmIndexer } from './indexer/evm-indexer';
export {
  agreedOf,
  askEnough,
  fromNodes,
  inOrder,
  nullIfAway,
  throwUnavailable,
  tooFewNodes,
  NODES_ASKED,
  unavailable as chainUnavailable,
} from './from-nodes';
export { malformed, NodeError } from './node-error';
export { isRecord, type JsonRecord, type RpcAnswer, type RpcCall } from './rpc/json-rpc';
export { readAmount, readWord } from './evm/quantities';
export { readTonHash, type TonBlock } from './ton/read-toncenter';
export { addressOfStack, readCell } from './ton/cells';
export { EvmIndexers, EvmNodes, TonIndexers } from './services';
export { TonAccounts } from './ton/ton-accounts';
export type { TonEndpoint } from './ton/ton-endpoint';
export type { TonIndexer } from './ton/ton-indexer';
export { isFinalOnTon, isSuccessfulOnTon, agreedSeqno, TonSending, type TonAsset } from './ton/ton-sending';
export { EvmSending, type Funds, type FundsThen } from './sending/evm-sending';
export type { NodeAnswer } from './sending/node-answer';
