import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const MASK = 0x5a;
const PREFIX_BYTES = 4;
const HEX = Buffer.from('0123456789abcdef', 'latin1');
const BASE64 = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1');

/** A secret that is searched for, masked: the search does not find itself. */
export interface Canary {
  readonly name: string;
  readonly masked: Buffer;
}

/** @param secret at least 12 bytes */
export function canary(name: string, secret: Buffer): Canary {
  const masked = Buffer.from(new ArrayBuffer(secret.length));
  for (let index = 0; index < secret.length; index += 1) masked[index] = (secret[index] ?? 0) ^ MASK;
  return { name, masked };
}

/** The secret as bytes, in the reverse order (limbs of a number), in hexadecimal and in base64 (without its last digit). */
export function canariesOf(name: string, secret: Buffer): Canary[] {
  const encodings = {
    '': (index: number) => secret[index],
    ' reversed': (index: number) => secret[secret.length - 1 - index],
    ' in hexadecimal': (index: number) => HEX[digitAt(secret, index, 4)],
    ' in base64': (index: number) => BASE64[digitAt(secret, index, 6)],
  };
  const bits = { '': 8, ' reversed': 8, ' in hexadecimal': 4, ' in base64': 6 };
  return Object.entries(encodings).map(([suffix, at]) => {
    const digits = Math.floor((secret.length * 8) / bits[suffix as keyof typeof bits]);
    const masked = Buffer.from(new ArrayBuffer(digits));
    for (let index = 0; index < digits; index += 1) masked[index] = (at(index) ?? 0) ^ MASK;
    return { name: `${name}${suffix}`, masked };
  });
}

function digitAt(secret: Buffer, index: number, bits: number): number {
  let digit = 0;
  for (let bit = index * bits; bit < (index + 1) * bits; bit += 1)
    digit = (digit << 1) | (((secret[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  return digit;
}

/** Names of the canaries in the writable memory of a process, once for each copy. Linux only. */
export function findInMemory(canaries: readonly Canary[], processId: number | 'self' = 'self'): string[] {
  const longest = Math.max(...canaries.map(({ masked }) => masked.length));
  const chunk = Buffer.from(new ArrayBuffer(CHUNK_BYTES + longest));
  const memory = openSync(`/proc/${processId}/mem`, 'r');
  const found: string[] = [];
  try {
    for (const [start, end] of writableRanges(processId)) {
      for (let at = start; at < end; at += CHUNK_BYTES) {
        const length = readInto(chunk, memory, at, end);
        for (const { name, masked } of canaries)
          found.push(...Array.from({ length: count(chunk, length, masked) }, () => name));
        chunk.fill(0);
      }
    }
  } finally {
    closeSync(memory);
  }
  return found;
}

function writableRanges(processId: number | 'self'): (readonly [start: number, end: number])[] {
  const lines = readFileSync(`/proc/${processId}/maps`, 'latin1').split('\n');
  return lines.flatMap((line) => {
    const [, start, end] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    return start !== undefined && end !== undefined
      ? [[parseInt(start, 16), parseInt(end, 16)] as const]
      : [];
  });
}

/** Bytes read: none of a range that has gone. */
function readInto(chunk: Buffer, memory: number, at: number, end: number): number {
  try {
    return readSync(memory, chunk, 0, Math.min(chunk.length, end - at), at);
  } catch {
    return 0;
  }
}

/** Counts what begins in the chunk, and not in its overlap with the next one. */
function count(chunk: Buffer, length: number, masked: Buffer): number {
  const prefix = Buffer.from(new ArrayBuffer(PREFIX_BYTES));
  for (let index = 0; index < PREFIX_BYTES; index += 1) prefix[index] = (masked[index] ?? 0) ^ MASK;
  let matches = 0;
  for (let at = chunk.indexOf(prefix); at >= 0 && at < CHUNK_BYTES; at = chunk.indexOf(prefix, at + 1)) {
    if (
      at + masked.length <= length &&
      masked.every((byte, index) => (chunk[at + index] ?? 0) === (byte ^ MASK))
    )
      matches += 1;
  }
  return matches;
}
