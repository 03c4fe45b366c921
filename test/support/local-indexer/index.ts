export { LocalIndexer, type RowsAsked } from './local-indexer';
export type { IndexerRow } from './rows';
