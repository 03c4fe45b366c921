export {
  readAccountId,
  readChainId,
  writeAccountId,
  type ChainId,
  type EvmAccountId,
  type TonNetwork,
} from './chain-id';
export { isErc6492, splitErc6492, type Erc6492Signature } from './erc6492';
export { readEvmAddress, showEvmAddress, type EvmAddress } from './evm-address';
export {
  evmProofOf,
  MAX_EVM_SIGNATURE_BYTES,
  recoverEvmKey,
  type EvmProof,
  type EvmSignedMessage,
} from './evm-signature';
export { metaproMessage, type MetaproChallenge } from './metapro-message';
export {
  MAX_SIWE_BYTES,
  readSiweMessage,
  siweMessage,
  writeSiweMessage,
  type SiweChallenge,
  type SiweFields,
} from './siwe-message';
export { readTonAddress, showTonAddress, type TonAddress } from './ton-address';
export { readTonProof, type TonProof } from './ton-proof';
export { tonWalletNames, type TonWalletName } from './ton-wallets';
export { checkSiweMessage, verifySiwe, type SiwePolicy } from './verify-siwe';
export {
  DEFAULT_TON_SKEW_SECONDS,
  tonProofHash,
  verifyTonProof,
  type TonProofPolicy,
  type VerifiedTonProof,
} from './verify-ton-proof';
export {
  evmSignatureRefusals,
  siweRefusals,
  tonProofRefusals,
  walletAddressRefusals,
  walletRefusals,
  type EvmSignatureRefusal,
  type SiweRefusal,
  type TonProofRefusal,
  type WalletAddressRefusal,
  type WalletRefusal,
  type WalletRefusalDefinition,
} from './wallet-refusals';
