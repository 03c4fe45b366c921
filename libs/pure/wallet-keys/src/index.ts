export { evmAddressOf, signEvmDigest } from './evm-key';
export { ENTROPY_BYTES, newEntropy, wordsOf } from './mnemonic';
export { secretBytes, wipe, wiping } from './secret-bytes';
export { digestToSign, signDigest, signingKinds, type SigningKind } from './signed-bytes';
export { signTonMessage, tonPublicKeyOf } from './ton-key';
export { tonStateInitOf, tonWalletOf } from './ton-wallet';
export { deriveWalletKeys, type WalletKeys } from './wallet-keys';
