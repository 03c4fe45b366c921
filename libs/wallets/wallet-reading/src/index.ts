export type { AskedAsset } from './amounts/asset-calls';
export { listedAssets, toBalance, toEvmAsset, toShownAddress } from './amounts/evm-asset';
export { MAX_ASKED, NodeAmounts, NOT_ASKED, type Amounts } from './amounts/node-amounts';
export { TokenUnits, type TokenUnit } from './amounts/token-units';
export { AssetResponse, ClaimedNamesResponse } from './dto/asset.response';
export { BalanceResponse, ChainBalancesResponse, type AmountReason } from './dto/balances.response';
export { ChainReadingResponse } from './dto/chain.response';
export { CollectibleResponse, CollectiblesPage } from './dto/collectibles.response';
export {
  BlockOfEntryResponse,
  TransactionResponse,
  TransactionsPage,
  TransferResponse,
  type Direction,
  type TransferKind,
} from './dto/transactions.response';
export { toChainReading } from './chain-reading';
export { ReadsWallets, type PageWanted, type WalletReader } from './wallet-reader';
export { isOn, WalletReaders } from './wallet-readers';
export { walletReadingError } from './wallet-reading.errors';
export { WalletReadingModule } from './wallet-reading.module';
