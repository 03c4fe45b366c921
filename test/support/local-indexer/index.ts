export { LocalIndexer, type IndexerShape, type RowsAsked } from './local-indexer';
export type { AccountList, IndexerRow } from './rows';
