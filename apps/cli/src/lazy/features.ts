export { JournalSeal } from '@countersign/embedded-wallets';
export { WalletFreezing } from '@countersign/embedded-wallets';
export { ImportsService, readLines } from '@countersign/imports';
