import './embedded-wallets.feature';

export { WalletSigning } from './acts/wallet-signing';
export { ActMetrics } from './acts/act-metrics';
export { actNames } from './acts/act-names';
export { ActReading, contextOf, trailOf } from './acts/act-reading';
export type { ReadAct, WantedAct } from './acts/read-act';
export {
  codesOfActs,
  codesOfSends,
  ReadsSends,
  type CountedSpending,
  type SendReader,
} from './acts/reads-sends';
export { sendReadingError, sendRefusal } from './acts/send-reading.errors';
export type { ForeignToken } from './acts/wallet-token';
export { WalletTokens } from './acts/wallet-tokens';
export { WalletDestruction } from './freezing/wallet-destruction';
export { RestoredDatabase } from './freezing/restored-database';
export { WalletFreezing } from './freezing/wallet-freezing';
export { ForeignUse } from './own/foreign-use';
export { EmbeddedWallets, type TokenOrigin } from './own/embedded-wallets.service';
export { Custody, tonWalletIn } from './custody';
export { embeddedWalletError, walletActError } from './embedded-wallets.errors';
export { EmbeddedWalletSettings } from './embedded-wallets.settings';
export { EmbeddedWalletsModule } from './embedded-wallets.module';
