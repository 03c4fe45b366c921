export { AdminChainsModule } from './admin-chains.module';
export { ChainResponse } from './admin/dto/chain.response';
export type { Chain, ChainId, ListedToken } from './chain';
export { chainError } from './chain.errors';
export { ChainStates, type AskedNode, type ChainState } from './chain-states';
export { Chains } from './chains';
export { ChainsModule } from './chains.module';
export { ContractSignatures } from './signatures/contract-signatures';
export type {
  ContractSignatureQuestion,
  ContractSignatureRefusal,
  ContractVerdict,
} from './signatures/signature-question';
export {
  EvmNodes,
  type EvmNode,
  type KnownNode,
  type RequestLimits,
  type RpcAnswer,
  type RpcCall,
} from './evm-nodes';
export { NodeError, type NodeErrorDetails, type NodeErrorKind } from './node-error';
export { TonAccounts, type TonPublicKey } from './ton/ton-accounts';
