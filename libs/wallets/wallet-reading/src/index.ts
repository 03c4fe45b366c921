export { listedAssets, toBalance, toEvmAsset, toShownAddress, type AskedAsset } from './amounts/evm-asset';
export { MAX_ASKED, NodeAmounts, NOT_ASKED, type Amounts } from './amounts/node-amounts';
export { TokenUnits, type TokenUnit } from './amounts/token-units';
export { AssetResponse, ClaimedNamesResponse } from './dto/asset.response';
export { BalanceResponse, ChainBalancesResponse, type AmountReason } from './dto/balances.response';
export { ChainReadingResponse, toChainReading } from './dto/chain.response';
export { CollectibleResponse, CollectiblesPage } from './dto/collectibles.response';
export {
  BlockOfEntryResponse,
  TransactionResponse,
  TransactionsPage,
  TransferResponse,
  type Direction,
  type TransferKind,
} from './dto/transactions.response';
export {
  isOn,
  ReadsWallets,
  WalletReaders,
  walletReadingError,
  type PageWanted,
  type WalletReader,
} from './wallet-readers';
export { WalletReadingModule } from './wallet-reading.module';
