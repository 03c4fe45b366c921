export { CustodyClient, CustodyRefused, type Act } from './custody-client';
export type { CustodyHealth, WalletDescription } from '@countersign/custody-protocol';
export { tonWalletOf } from '@countersign/wallet-keys';
