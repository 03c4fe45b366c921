import { invalidCursor } from '@countersign/http';

const CURSOR = /^-?[1-9]\d{0,14}$/;

export function toCursor(sequence: number | null): string | null {
  return sequence === null ? null : Buffer.from(String(sequence)).toString('base64url');
}

/** @throws AppError request.invalid for a cursor that no page gave */
export function readCursor(cursor: string | null): number | null {
  if (cursor === null) return null;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!CURSOR.test(text) || toCursor(Number(text)) !== cursor) throw invalidCursor();
  return Number(text);
}
