export type { Chain, ChainId, ListedToken } from './chain';
export { Chains } from './chains';
export {
  ContractSignatures,
  type ContractSignatureQuestion,
  type ContractSignatureRefusal,
  type ContractVerdict,
} from './contract-signatures';
export { EvmNodes, type EvmNode, type RequestLimits, type RpcAnswer, type RpcCall } from './evm-nodes';
export { NodeError, type NodeErrorDetails, type NodeErrorKind } from './node-error';
export { TonAccounts } from './ton-accounts';
export { chainError } from './chain.errors';
