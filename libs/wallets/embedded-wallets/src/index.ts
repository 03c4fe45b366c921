import './embedded-wallets.clear-text';
import './embedded-wallets.feature';

export { actNames } from './acts/act-names';
export { AdminEmbeddedStateResponse } from './admin/custody.dto';
export { CustodyOperations } from './admin/custody-operations';
export { WalletDestruction } from './freezing/wallet-destruction';
export { RecoveryUpkeep } from './recovery/recovery-upkeep';
export { WalletFreezing } from './freezing/wallet-freezing';
export { EmbeddedWalletsModule } from './embedded-wallets.module';
