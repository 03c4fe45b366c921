import './custody-client.feature';

export { CustodyClient, type Requester } from './custody-client';
export { CustodyClientModule } from './custody-client.module';
export { JournalSeal } from './journal/journal-seal';
export { consentStates, Refused } from '@countersign/custody-protocol';
export type {
  Asked,
  ConsentState,
  CustodyHealth,
  Recipients,
  Signing,
  WalletDescription,
  WayOut,
} from '@countersign/custody-protocol';
export { tonStateInitOf, tonWalletOf } from '@countersign/wallet-keys';
