export { AdminChainsModule } from './admin-chains.module';
export { ChainResponse } from './admin/dto/chain.response';
export type { Chain, ChainId } from './chain';
export { ChainStates, type ChainState } from './chain-states';
export { Chains } from './chains';
export { ChainsModule } from './chains.module';
export { ContractSignatures } from './signatures/contract-signatures';
export type {
  ContractSignatureQuestion,
  ContractSignatureRefusal,
  ContractVerdict,
} from './signatures/signature-question';
export { EvmNodes, type EvmNode, type RequestLimits, type RpcAnswer, type RpcCall } from './evm-nodes';
export { unavailable as chainUnavailable } from './from-nodes';
export { NodeError } from './node-error';
export { TonAccounts } from './ton/ton-accounts';
