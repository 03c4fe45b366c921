import './linked-wallets.clear-text';
import './linked-wallets.feature';

export { AdminWalletResponse } from './admin/dto/wallet.dto';
export { WalletDirectory } from './admin/wallet-directory';
export { WalletOperations } from './admin/wallet-operations';
export { FollowedWallets, type FollowedDigest, type WalletsListener } from './followed-wallets';
export { OwnWallets, type OwnWallet } from './own/own-wallets.service';
export { walletActs } from './own/wallet-acts';
export { WalletAddresses } from './wallet-addresses';
export { WalletChecks } from './wallet-checks';
export { WalletKeys, type OpenedWallets } from './keys/wallet-keys';
export { type OpenedWallet } from './store/wallet-sealing';
export { WalletEntity } from './store/wallet.entity';
export { ListensToWallets, type OnWalletChange } from './on-wallet-change';
export { walletError } from './wallets.errors';
export { WalletsModule } from './wallets.module';
