/** Of features: the commands that use them exist where those are in use. */
export { JournalSeal } from '@countersign/custody-client';
export { WalletFreezing } from '@countersign/embedded-wallets';
export { ImportsService, readLines } from '@countersign/imports';
