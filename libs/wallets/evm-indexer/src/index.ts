import './evm-indexer.feature';

export { EvmIndexerModule } from './evm-indexer.module';
export { WalletTransfers } from './transfers/wallet-transfers';
