import './chains.feature';

export { AdminChainsModule } from './admin-chains.module';
export { ChainResponse } from './admin/dto/chain.response';
export type { Chain, ChainId } from './chain';
export { ChainStates, type ChainState } from './chain-states';
export { Chains } from './chains';
export { ChainsModule } from './chains.module';
export { ContractSignatures } from './signatures/contract-signatures';
export { EvmNodes } from './evm-nodes';
export type { EvmNode } from './evm/evm-node';
export type { RequestLimits, RpcAnswer, RpcCall } from './rpc/json-rpc';
export { unavailable as chainUnavailable } from './from-nodes';
export { NodeError } from './node-error';
export { TonAccounts } from './ton/ton-accounts';
export { verifications, type Verification } from './verification';
