export { toShownAddress, type AskedAsset } from './amounts/evm-asset';
export { NodeAmounts, type Amounts } from './amounts/node-amounts';
export { TokenUnits, type TokenUnit } from './amounts/token-units';
export { CollectibleResponse } from './dto/collectibles.response';
export * from './dto/transactions.response';
export { walletReadingError } from './wallet-reader';
export { WalletReaders, isOn } from './wallet-readers';
export { WalletReadingModule } from './wallet-reading.module';
