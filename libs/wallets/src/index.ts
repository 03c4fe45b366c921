export { FollowedWallets, type FollowedDigest, type WalletsListener } from './followed-wallets';
export { PartOfWallet, type WalletPart } from './wallet-part';
export { WalletKeys } from './wallet-keys';
export { walletKinds, WalletEntity, type WalletKind } from './wallet.entity';
export { type OpenedWallet } from './wallet-sealing';
