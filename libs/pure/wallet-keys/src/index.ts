export { newEntropy, wordsOf } from './mnemonic';
export { secretBytes, wipe, wiping } from './secret-bytes';
export { digestToSign, signDigest, type SigningKind } from './signed-bytes';
export { tonStateInitOf, tonWalletOf } from './ton-wallet';
export { addressOn, deriveWalletKeys, publicKeysOf, type PublicKeys, type WalletKeys } from './wallet-keys';
