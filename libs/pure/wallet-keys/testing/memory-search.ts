import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const MASK = 0x5a;
const [SPACE, COMMA] = [0x20, 0x2c];
const alphabet = (text: string): Buffer => Buffer.from(text, 'latin1');
const HEX = alphabet('0123456789abcdef');
const UPPER_HEX = alphabet('0123456789ABCDEF');
const BASE64 = alphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const BASE64URL = alphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
/** Between words: as they are shown, in lists, in JSON, by line, without any. */
const SEPARATORS = [' ', ',', ', ', '","', "', '", '-', '_', '+', '%20', '\n', '\r\n', ''].map(alphabet);

/** A secret that is searched for, masked: the search does not find itself. */
export interface Canary {
  readonly name: string;
  readonly masked: Buffer;
}

/** Bytes of the secret in an encoding, one by one: as a whole they would be found. */
type Encoding = (secret: Buffer) => Iterable<number>;

const texts: Readonly<Record<string, Encoding>> = {
  'in hexadecimal': (secret) => digits(secret, HEX),
  'in capital hexadecimal': (secret) => digits(secret, UPPER_HEX),
  'in hexadecimal with spaces': spaced,
  'in decimals': decimals,
  // At each alignment: of what stands before the secret, nothing is known.
  ...Object.fromEntries(
    [0, 4, 2].flatMap((skipped): [string, Encoding][] => [
      [`in base64 from bit ${skipped}`, (secret) => digits(secret, BASE64, skipped)],
      [`in base64url from bit ${skipped}`, (secret) => digits(secret, BASE64URL, skipped)],
    ]),
  ),
};

/** @param bytes at least 12 */
export function canary(name: string, bytes: Iterable<number>): Canary {
  const masked: number[] = [];
  for (const byte of bytes) masked.push(byte ^ MASK);
  return { name, masked: Buffer.from(masked) };
}

/**
 * The secret as bytes, in the reverse order (limbs of a number), and as text: hexadecimal, base64 (without digits that it shares with
 * others), decimals; each also as UTF-16.
 */
export function canariesOf(name: string, secret: Buffer): Canary[] {
  return [
    canary(name, secret),
    canary(`${name} reversed`, reversed(secret)),
    ...Object.entries(texts).flatMap(([form, encode]) => [
      canary(`${name} ${form}`, encode(secret)),
      canary(`${name} ${form} as UTF-16`, wide(encode(secret))),
    ]),
  ];
}

/** Words that are joined by spaces, and with other separators; each also as UTF-16. */
export function canariesOfWords(words: Buffer): Canary[] {
  return SEPARATORS.flatMap((separator, index) => [
    canary(`words ${index}`, joined(words, separator)),
    canary(`words ${index} as UTF-16`, wide(joined(words, separator))),
  ]);
}

function* reversed(secret: Buffer): Generator<number> {
  for (let index = secret.length - 1; index >= 0; index -= 1) yield secret[index] ?? 0;
}

/** Whole digits from a bit on. */
function* digits(secret: Buffer, letters: Buffer, from = 0): Generator<number> {
  const bits = Math.log2(letters.length);
  for (let at = from; at + bits <= secret.length * 8; at += bits) {
    let digit = 0;
    for (let bit = at; bit < at + bits; bit += 1)
      digit = (digit << 1) | (((secret[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
    yield letters[digit] ?? 0;
  }
}

/** As a buffer is printed. */
function* spaced(secret: Buffer): Generator<number> {
  for (const [index, byte] of secret.entries()) {
    if (index > 0) yield SPACE;
    yield HEX[byte >> 4] ?? 0;
    yield HEX[byte & 15] ?? 0;
  }
}

/** As JSON has a buffer. */
function* decimals(secret: Buffer): Generator<number> {
  for (const [index, byte] of secret.entries()) {
    if (index > 0) yield COMMA;
    if (byte >= 100) yield HEX[Math.floor(byte / 100)] ?? 0;
    if (byte >= 10) yield HEX[Math.floor(byte / 10) % 10] ?? 0;
    yield HEX[byte % 10] ?? 0;
  }
}

function* joined(words: Buffer, separator: Buffer): Generator<number> {
  for (const byte of words)
    if (byte === SPACE) yield* separator;
    else yield byte;
}

function* wide(text: Iterable<number>): Generator<number> {
  for (const byte of text) {
    yield byte;
    yield 0;
  }
}

/** Names of the canaries in the writable memory of a process, once for each copy. Linux only. */
export function findInMemory(canaries: readonly Canary[], processId: number | 'self' = 'self'): string[] {
  const longest = Math.max(...canaries.map(({ masked }) => masked.length));
  const chunk = Buffer.from(new ArrayBuffer(CHUNK_BYTES + longest));
  const memory = openSync(`/proc/${processId}/mem`, 'r');
  const byPair = canariesByPair(canaries);
  const zeros = Buffer.from(new ArrayBuffer(chunk.length));
  const found: string[] = [];
  try {
    for (const [start, end] of writableRanges(processId)) {
      for (let at = start; at < end; at += CHUNK_BYTES) {
        const length = readInto(chunk, memory, at, end);
        if (!chunk.equals(zeros)) found.push(...findIn(chunk, length, byPair));
        chunk.fill(0);
      }
    }
  } finally {
    closeSync(memory);
  }
  return found;
}

interface ByPair {
  /** Whether a canary begins with a pair of bytes. */
  readonly isFirst: Uint8Array;
  readonly canaries: ReadonlyMap<number, readonly Canary[]>;
}

/** By their first two bytes: one pass for all of them. */
function canariesByPair(all: readonly Canary[]): ByPair {
  const isFirst = new Uint8Array(1 << 16);
  const canaries = new Map<number, readonly Canary[]>();
  for (const each of all) {
    const pair = each.masked.readUInt16BE() ^ ((MASK << 8) | MASK);
    isFirst[pair] = 1;
    canaries.set(pair, [...(canaries.get(pair) ?? []), each]);
  }
  return { isFirst, canaries };
}

/** Those that begin in the chunk, and not in its overlap with the next one. */
function findIn(chunk: Buffer, length: number, { isFirst, canaries }: ByPair): readonly string[] {
  const found: string[] = [];
  const end = Math.min(length - 1, CHUNK_BYTES);
  let pair = chunk[0] ?? 0;
  for (let at = 0; at < end; at += 1) {
    pair = ((pair << 8) & 0xff00) | (chunk[at + 1] ?? 0);
    if (isFirst[pair] === 0) continue;
    for (const { name, masked } of canaries.get(pair) ?? [])
      if (at + masked.length <= length && isAt(chunk, at, masked)) found.push(name);
  }
  return found;
}

function isAt(chunk: Buffer, at: number, masked: Buffer): boolean {
  for (let index = 0; index < masked.length; index += 1)
    if (chunk[at + index] !== ((masked[index] ?? 0) ^ MASK)) return false;
  return true;
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
