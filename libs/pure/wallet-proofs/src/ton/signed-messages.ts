import { createHash } from 'node:crypto';
import { Address, beginCell, type Cell } from '@ton/core';
import { readBoundedBoc } from './bounded-boc';
import { readTonAddress, type TonAddress } from './ton-address';

/** What binds a message to a wallet and to an application. */
interface TonMessageHead {
  readonly address: TonAddress;
  /** Without a scheme, at most 255 bytes; for a cell at most 126, of labels that are not empty. */
  readonly domain: string;
  /** Unix seconds. */
  readonly timestamp: number;
}

export interface TonProofMessage extends TonMessageHead {
  readonly payload: string;
}

export interface TonDataMessage extends TonMessageHead {
  readonly content:
    | { readonly type: 'text'; readonly text: string }
    | { readonly type: 'binary'; readonly bytes: Buffer }
    /** The schema is TL-B. Its hash is all that is signed of it. */
    | { readonly type: 'cell'; readonly schemaHash: number; readonly cell: Cell };
}

type ByteOrder = 'little' | 'big';

const PROOF_PREFIX = Buffer.from('ton-proof-item-v2/', 'latin1');
const DATA_PREFIX = Buffer.from('\xff\xffton-connect/sign-data/', 'latin1');
const TYPE_BYTES = 3;
const CONTENT_TYPES = { text: 'txt', binary: 'bin' } as const;
const CELL_TAG = 0x7556_9022;
const MAX_DOMAIN_BYTES = 255;
/** @see https://github.com/ton-blockchain/TEPs/blob/master/text/0081-dns-standard.md */
const MAX_DNS_BYTES = 127;
const MESSAGE_BOUNDS = { maxBytes: 65_536, maxCells: 2_048 };

/**
 * The message of `ton_proof`, before it is hashed twice.
 *
 * @see https://docs.ton.org/ecosystem/ton-connect/manifest ton_proof
 */
export function tonProofMessage(message: TonProofMessage): Buffer {
  return Buffer.concat([headBytes(PROOF_PREFIX, message, 'little'), Buffer.from(message.payload)]);
}

/** Null for bytes that `tonProofMessage` does not make. */
export function readTonProofMessage(bytes: Buffer): TonProofMessage | null {
  const read = readHead(bytes, PROOF_PREFIX, 'little');
  if (!read) return null;
  const message = { ...read.head, payload: read.rest.toString() };
  return tonProofMessage(message).equals(bytes) ? message : null;
}

/**
 * What `signData` of TON Connect signs: bytes, of which SHA-256 is signed, for text and binary data; a bag of cells, of
 * which the hash of the root is signed, for a cell.
 *
 * @see https://github.com/ton-blockchain/ton-connect/blob/48a25978d0da1ddadd0b3e08cd34e4b98a6bcd0b/requests-responses.md
 */
export function tonDataMessage(message: TonDataMessage): Buffer {
  const { content } = message;
  if (content.type === 'cell') return dataCell(message, content).toBoc();
  const data = content.type === 'text' ? Buffer.from(content.text) : content.bytes;
  const type = Buffer.from(CONTENT_TYPES[content.type]);
  return Buffer.concat([headBytes(DATA_PREFIX, message, 'big'), type, uint32(data.length, 'big'), data]);
}

/** Null for bytes that are not signed by `signData`. A bag of cells may have another layout than that of `tonDataMessage`. */
export function readTonDataMessage(bytes: Buffer): TonDataMessage | null {
  const root = readBoundedBoc(bytes, MESSAGE_BOUNDS);
  if (root) return readDataCell(root);
  const read = readHead(bytes, DATA_PREFIX, 'big');
  if (!read) return null;
  const type = read.rest.toString('latin1', 0, TYPE_BYTES);
  const data = read.rest.subarray(TYPE_BYTES + 4);
  const content =
    type === CONTENT_TYPES.text
      ? ({ type: 'text', text: data.toString() } as const)
      : ({ type: 'binary', bytes: data } as const);
  const message = { ...read.head, content };
  return tonDataMessage(message).equals(bytes) ? message : null;
}

/** The 32 bytes that are signed for a message of `signData`. */
export function tonDataHash(message: TonDataMessage): Buffer {
  const { content } = message;
  return content.type === 'cell'
    ? dataCell(message, content).hash()
    : createHash('sha256').update(tonDataMessage(message)).digest();
}

/** CRC-32 (ISO 3309) of the text of a TL-B schema, as `signData` signs it. */
export function tonSchemaHash(schema: string): number {
  let sum = 0xffff_ffff;
  for (const byte of Buffer.from(schema)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 && 0xedb8_8320);
  }
  return ~sum >>> 0;
}

function dataCell(
  { address, domain, timestamp }: TonMessageHead,
  { schemaHash, cell }: { readonly schemaHash: number; readonly cell: Cell },
): Cell {
  return beginCell()
    .storeUint(CELL_TAG, 32)
    .storeUint(schemaHash, 32)
    .storeUint(timestamp, 64)
    .storeAddress(Address.parseRaw(address.raw))
    .storeStringRefTail(dnsNameOf(domain))
    .storeRef(cell)
    .endCell();
}

function readDataCell(root: Cell): TonDataMessage | null {
  try {
    const slice = root.beginParse();
    if (slice.loadUint(32) !== CELL_TAG) return null;
    const schemaHash = slice.loadUint(32);
    const timestamp = slice.loadUint(64);
    const address = readTonAddress(slice.loadAddress().toRawString());
    const domain = domainOf(slice.loadStringRefTail());
    const cell = slice.loadRef();
    if (!address.ok) return null;
    const content = { type: 'cell', schemaHash, cell } as const;
    const message = { address: address.value, domain, timestamp, content };
    const isSame = isReadable(message) && dataCell(message, content).equals(root);
    return isSame ? message : null;
  } catch {
    return null;
  }
}

/** Labels from the last to the first, with a zero after each. */
function dnsNameOf(domain: string): string {
  return `${domain.split('.').toReversed().join('\0')}\0`;
}

function domainOf(dnsName: string): string {
  const labels = dnsName.split('\0').slice(0, -1).toReversed();
  if (labels.includes('') || Buffer.byteLength(dnsName) > MAX_DNS_BYTES) throw new RangeError('no domain');
  return labels.join('.');
}

function headBytes(prefix: Buffer, { address, domain, timestamp }: TonMessageHead, order: ByteOrder): Buffer {
  const workchain = Buffer.alloc(4);
  workchain.writeInt32BE(address.workchain);
  const time = Buffer.alloc(8);
  if (order === 'big') time.writeBigUInt64BE(BigInt(timestamp));
  else time.writeBigUInt64LE(BigInt(timestamp));
  const name = Buffer.from(domain);
  return Buffer.concat([prefix, workchain, address.hash, uint32(name.length, order), name, time]);
}

function readHead(
  bytes: Buffer,
  prefix: Buffer,
  order: ByteOrder,
): { readonly head: TonMessageHead; readonly rest: Buffer } | null {
  const lengthAt = prefix.length + 4 + 32;
  const domainAt = lengthAt + 4;
  if (bytes.length < domainAt || !bytes.subarray(0, prefix.length).equals(prefix)) return null;
  const isBig = order === 'big';
  const length = isBig ? bytes.readUInt32BE(lengthAt) : bytes.readUInt32LE(lengthAt);
  const timeAt = domainAt + length;
  if (length > MAX_DOMAIN_BYTES || bytes.length < timeAt + 8) return null;
  const workchain = bytes.readInt32BE(prefix.length);
  const hash = bytes.toString('hex', prefix.length + 4, lengthAt);
  const address = readTonAddress(`${String(workchain)}:${hash}`);
  const time = isBig ? bytes.readBigUInt64BE(timeAt) : bytes.readBigUInt64LE(timeAt);
  if (!address.ok) return null;
  const domain = bytes.toString('utf8', domainAt, timeAt);
  const head = { address: address.value, domain, timestamp: Number(time) };
  return isReadable(head) ? { head, rest: bytes.subarray(timeAt + 8) } : null;
}

function isReadable({ domain, timestamp }: TonMessageHead): boolean {
  return domain !== '' && Number.isSafeInteger(timestamp);
}

function uint32(value: number, order: ByteOrder): Buffer {
  const bytes = Buffer.alloc(4);
  if (order === 'big') bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}
