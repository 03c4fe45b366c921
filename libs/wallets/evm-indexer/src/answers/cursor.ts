import { invalidCursor } from '@countersign/http';

/** Where a page begins: at a block, after so many of its items. */
export interface Cursor {
  readonly block: number;
  readonly skip: number;
}

const CURSOR = /^(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,4})$/;

export function toCursor({ block, skip }: Cursor): string {
  return Buffer.from(`${block}.${skip}`).toString('base64url');
}

/** @throws AppError request.invalid for a cursor that no page gave */
export function readCursor(cursor: string | null): Cursor | null {
  if (cursor === null) return null;
  const [, block, skip] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const read =
    block === undefined || skip === undefined ? null : { block: Number(block), skip: Number(skip) };
  if (!read || toCursor(read) !== cursor) throw invalidCursor();
  return read;
}
