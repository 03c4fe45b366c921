import './embedded-wallets.clear-text';
import './embedded-wallets.feature';

export { actNames } from './acts/act-names';
export { ActReading, contextOf, trailOf } from './acts/act-reading';
export type { ReadAct, WantedAct } from './acts/read-act';
export { ReadsSends, type SendReader } from './acts/reads-sends';
export { WalletTokens } from './acts/wallet-tokens';
export { AdminEmbeddedStateResponse } from './admin/custody.dto';
export { CustodyOperations } from './admin/custody-operations';
export { WalletDestruction } from './freezing/wallet-destruction';
export { RecoveryUpkeep } from './recovery/recovery-upkeep';
export { WalletFreezing } from './freezing/wallet-freezing';
export { EmbeddedWallets } from './own/embedded-wallets.service';
export { Custody } from './custody';
export { embeddedWalletError, walletActError } from './embedded-wallets.errors';
export type { EmbeddedWalletSettings } from './embedded-wallets.settings';
export { EmbeddedWalletsModule } from './embedded-wallets.module';
