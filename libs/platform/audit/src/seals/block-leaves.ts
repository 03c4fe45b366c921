import { merkleRoot } from '@countersign/crypto';

/** Bytes of the id of a record. */
export const ID_BYTES = 16;
const LEAF_BYTES = 32;

/** Bytes of one entry: the id of a record, and its leaf. */
export const ENTRY_BYTES = ID_BYTES + LEAF_BYTES;

interface LeafEntry {
  readonly id: string;
  readonly leaf: Buffer;
}

/** The records of a block, in its order. */
export function packLeaves(entries: readonly LeafEntry[]): Buffer {
  return Buffer.concat(entries.flatMap(({ id, leaf }) => [bytesOf(id), leaf]));
}

/** @returns null for bytes that `packLeaves` did not make */
export function unpackLeaves(packed: Buffer): readonly LeafEntry[] | null {
  if (packed.length % ENTRY_BYTES !== 0) return null;
  const entries: LeafEntry[] = [];
  for (let at = 0; at < packed.length; at += ENTRY_BYTES)
    entries.push({
      id: uuidOf(packed.subarray(at, at + ID_BYTES)),
      leaf: packed.subarray(at + ID_BYTES, at + ENTRY_BYTES),
    });
  return entries;
}

export function rootOf(entries: readonly LeafEntry[]): Buffer {
  return merkleRoot(entries.map(({ leaf }) => leaf));
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
