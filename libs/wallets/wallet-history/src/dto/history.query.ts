import { FlagInQuery, invalidCursor, Matching, PageQuery } from '@countersign/http';
import type { PageWanted } from '../reading/wallet-reading.service';

const DEFAULT_LIMIT = 50;
const CURSOR = /^-?[1-9]\d{0,14}$/;

export class BalancesQuery {
  @FlagInQuery('Whether tokens that look like spam are listed.', true, { default: false })
  includeHidden?: string;
}

export class HistoryQuery extends PageQuery {
  @Matching('CAIP-2: one of the chains that are followed.', 'eip155:1', {
    input: 'required',
    pattern: /^eip155:[1-9]\d{0,15}$/,
    message: 'must be a CAIP-2 id such as eip155:1',
  })
  chainId: string;

  @FlagInQuery('Whether transactions that look like spam are listed, with the reasons.', true, {
    default: false,
  })
  includeHidden?: string;
}

/** @throws AppError request.invalid for a cursor that no page gave */
export function toPageWanted({ chainId, includeHidden, limit, cursor }: HistoryQuery): PageWanted {
  return {
    chainId,
    after: cursor === undefined ? null : readCursor(cursor),
    limit: Number(limit ?? DEFAULT_LIMIT),
    includesHidden: includeHidden === 'true',
  };
}

export function toCursor(sequence: number | null): string | null {
  return sequence === null ? null : Buffer.from(String(sequence)).toString('base64url');
}

function readCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!CURSOR.test(text) || toCursor(Number(text)) !== cursor) throw invalidCursor();
  return Number(text);
}
