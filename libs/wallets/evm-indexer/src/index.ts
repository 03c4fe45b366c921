export { EvmIndexerModule } from './evm-indexer.module';
