export { JournalSeal } from '@countersign/custody-client';
export { WalletFreezing } from '@countersign/embedded-wallets';
export { ImportsService, readLines } from '@countersign/imports';
