import { invalidCursor } from './page';

const MAX_BIGINT = 2n ** 63n - 1n;

/** A sequence in the form of a UUID, as cursors need it. They are ordered alike. */
export function idOfSequence(sequence: string): string {
  const digits = BigInt(sequence).toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** @throws AppError request.invalid for a cursor whose id is no sequence of the database */
export function sequenceOfId(id: string): string {
  const sequence = BigInt(`0x${id.replaceAll('-', '')}`);
  if (sequence > MAX_BIGINT) throw invalidCursor();
  return sequence.toString();
}
