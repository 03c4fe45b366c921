import './embedded-wallets.feature';

export { WalletSigning, CompatSigning, chainOf, decode, trailOf } from './acts/wallet-signing';
export { ActMetrics } from './acts/act-metrics';
export { actNames, type ActInput, type ReadAct, type ReplacementKind, type WantedAct } from './acts/acts';
export { WalletAccess } from './acts/act-rules';
export { ConsentActs } from './acts/consent-acts.service';
export { WalletActs, type ActSource, type CompatToken, type OpenedAct } from './acts/wallet-acts.service';
export { ActResponse, SignatureResponse, toAct, toSignature, WalletInPath } from './dto/embedded-wallet.dto';
export { WalletDestruction } from './freezing/wallet-destruction';
export { RestoredDatabase } from './freezing/restored-database';
export { WalletFreezing } from './freezing/wallet-freezing';
export { ForeignUse } from './own/foreign-use';
export { EmbeddedWallets } from './own/embedded-wallets.service';
export { WalletExports } from './acts/wallet-exports';
export { Custody, tonWalletIn } from './custody';
export { codesOfActs, embeddedWalletError, walletActError } from './embedded-wallets.errors';
export { EmbeddedWalletsModule } from './embedded-wallets.module';
