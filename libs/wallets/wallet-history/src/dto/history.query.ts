import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { invalidCursor, MayBeAbsent, PageQuery } from '@countersign/http';
import type { PageWanted } from '../reading/wallet-reading.service';

const DEFAULT_LIMIT = 50;
const CURSOR = /^-?[1-9]\d{0,14}$/;

export class BalancesQuery {
  @ApiPropertyOptional({
    description: 'Whether tokens are told that look like spam.',
    type: 'boolean',
    default: false,
    example: true,
  })
  @MayBeAbsent()
  @IsIn(['true', 'false'])
  includeHidden?: string;
}

export class HistoryQuery extends PageQuery {
  @ApiProperty({ description: 'CAIP-2: one of the chains that are followed.', example: 'eip155:1' })
  @Matches(/^eip155:[1-9]\d{0,15}$/, { message: 'must be a CAIP-2 id such as eip155:1' })
  chainId: string;

  @ApiPropertyOptional({
    description: 'Whether those are told that look like spam, with the reasons.',
    type: 'boolean',
    default: false,
    example: true,
  })
  @MayBeAbsent()
  @IsIn(['true', 'false'])
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
