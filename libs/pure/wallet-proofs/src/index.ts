export { addressOfSubject, subjectOfContract } from './account-id';
export { readChainId, type ReadChain, type TonNetwork } from './chain-id';
export { isErc6492, splitErc6492 } from './erc6492';
export { readEvmAddress, showEvmAddress, type EvmAddress } from './evm-address';
export { evmProofOf, type EvmProof } from './evm-signature';
export { metaproMessage } from './metapro-message';
export { siweMessage } from './siwe-message';
export { readTonAddress, showTonAddress } from './ton-address';
export { readTonProof, type TonProof } from './ton-proof';
export { tonProofHash, verifyTonProof, type TonProofPolicy, type VerifiedTonProof } from './verify-ton-proof';
export {
  WalletChains,
  walletChainsError,
  type ContractSignatureQuestion,
  type ContractSignatureRefusal,
  type ContractVerdict,
  type TonPublicKey,
} from './wallet-chains';
export {
  evmSignatureRefusals,
  tonProofRefusals,
  walletAddressRefusals,
  type WalletAddressRefusal,
} from './wallet-refusals';
