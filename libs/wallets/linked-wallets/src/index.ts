export { walletScopes, walletFields, walletSettings } from './linked-wallets.feature';
import './admin/known-wallet';

export { toWalletResponse, WalletResponse } from './dto/wallet.response';
export { WalletJoins } from './joins/wallet-joins.service';
export { ApplicationConnections } from './own/application-connections';
export { ConnectedWallets } from './own/connected-wallets';
export type { OfWallet } from './proofs/proven-wallet';
export { OwnWallets, type OwnWallet } from './own/own-wallets.service';
export { WalletKeys } from './wallet-keys';
export { keysOf, type OpenedWallet } from './store/wallet-sealing';
export { WalletEntity } from './store/wallet.entity';
export { walletError } from './wallets.errors';
export { WalletRecords } from './wallet-records';
export { WalletRegister } from './wallet-register';
export { WalletsModule } from './wallets.module';
