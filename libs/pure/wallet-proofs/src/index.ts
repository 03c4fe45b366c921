export { readChainId, type ReadChain, type TonNetwork } from './chain-id';
export { readEvmAddress, showEvmAddress, type EvmAddress } from './evm/evm-address';
export { evmProofOf, type EvmProof } from './evm/evm-signature';
export { metaproMessage } from './evm/metapro-message';
export { readSiweMessage, siweMessage } from './evm/siwe-message';
export {
  readTonProofMessage,
  tonProofMessage,
  tonProofHash,
  verifyTonProof,
  isEd25519Signature,
  type TonProofPolicy,
  type VerifiedTonProof,
} from './ton/verify-ton-proof';
export { readTonAddress, showTonAddress, type TonAddress } from './ton/ton-address';
export { readTonProof, type TonProof } from './ton/ton-proof';
export * from './wallet-refusals';
export { readBoundedBoc } from './ton/bounded-boc';
export { tonWalletLayout } from './ton/ton-wallets';
