import { FlagInQuery, Matching, PageQuery } from '@countersign/http';
import type { PageWanted } from '../wallet-readers';

const DEFAULT_LIMIT = 50;

export class HistoryQuery extends PageQuery {
  @Matching('CAIP-2: one of the chains that are read for the wallet.', 'eip155:1', {
    input: 'required',
    pattern: /^(?:eip155:[1-9]\d{0,15}|ton:-(?:239|3))$/,
    message: 'must be a CAIP-2 id such as eip155:1',
  })
  chainId: string;

  @FlagInQuery('Whether transactions that look like spam are listed, with the reasons.', true, {
    default: false,
  })
  includeHidden?: string;
}

export function toPageWanted({ includeHidden, limit, cursor }: HistoryQuery): PageWanted {
  return {
    cursor: cursor ?? null,
    limit: Number(limit ?? DEFAULT_LIMIT),
    includesHidden: includeHidden === 'true',
  };
}
