export { evmAddressOf } from './evm-key';
export { newEntropy, wordsOf } from './mnemonic';
export { secretBytes, wipe, wiping } from './secret-bytes';
export { digestToSign, signDigest, type SigningKind } from './signed-bytes';
export { tonPublicKeyOf } from './ton-key';
export { tonStateInitOf, tonWalletOf } from './ton-wallet';
export { addressOn, deriveWalletKeys, publicKeysOf, type PublicKeys, type WalletKeys } from './wallet-keys';
