import './custody-client.feature';

export { CustodyClient, CustodyRefused, type Act } from './custody-client';
export { CustodyClientModule } from './custody-client.module';
export { JournalSeal } from './journal/journal-seal';
export type { CustodyHealth, JournalPosition, WalletDescription } from '@countersign/custody-protocol';
export { tonStateInitOf, tonWalletOf } from '@countersign/wallet-keys';
