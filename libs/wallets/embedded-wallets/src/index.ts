import './embedded-wallets.feature';

export { WalletSigning } from './acts/wallet-signing';
export { ActMetrics } from './acts/act-metrics';
export {
  actNames,
  consentKinds,
  replacementKinds,
  signingKinds,
  type ConsentKind,
  type ReplacementKind,
  type SigningKind,
} from './acts/acts';
export { ActReading, trailOf } from './acts/act-reading';
export type { ActRequest, ReadAct, ReadsAct, WantedAct } from './acts/read-act';
export { codesOfActs, codesOfSends } from './acts/act-codes';
export { sendReadingError, sendRefusal } from './acts/send-reading.errors';
export { WalletActs, type ForeignToken, type OpenedAct } from './acts/wallet-acts.service';
export { ActResponse, SignatureResponse, toAct, toSignature } from './dto/act.response';
export { WalletDestruction } from './freezing/wallet-destruction';
export { RestoredDatabase } from './freezing/restored-database';
export { WalletFreezing } from './freezing/wallet-freezing';
export { ForeignUse } from './own/foreign-use';
export { EmbeddedWallets } from './own/embedded-wallets.service';
export { WalletExports } from './acts/wallet-exports';
export { Custody, tonWalletIn } from './custody';
export { embeddedWalletError, walletActError } from './embedded-wallets.errors';
export { WalletInPath } from './wallet-in-path';
export { EmbeddedWalletsModule } from './embedded-wallets.module';
