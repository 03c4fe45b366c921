import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { readable } from '../records/record-encoding';

const BLOCK_TAG = 'countersign/audit-block/v1';
const HASH_TAG = 'countersign/audit-block-hash/v1';
const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;
const PUBLIC_KEY_BYTES = 32;
/** Of SHA-256 in hexadecimal: 128 bits. */
const KEY_ID_LENGTH = 32;
const NOTHING = Buffer.alloc(0);

/** The position of a record in the order of its day. */
interface BlockEnd {
  readonly occurredAt: Date;
  readonly id: string;
}

/** The public half of a signing key. */
export interface PublicAuditKey {
  /** Made of the key: no other key has the same id. */
  readonly keyId: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Buffer;
}

/** A block without its signature. */
export interface UnsignedBlock {
  /** From 1 on, without gaps. */
  readonly number: number;
  /** The UTC day of its records, as `2026-11-02`; null for a block that only introduces a key. */
  readonly day: string | null;
  readonly count: number;
  readonly first: BlockEnd | null;
  readonly last: BlockEnd | null;
  /** RFC 6962 over its records, in the order of instant and id. */
  readonly root: Buffer;
  /** The hash of the block before; zeros in the first one. */
  readonly previous: Buffer;
  /** Never before that of the block before. */
  readonly sealedAt: Date;
  readonly keyId: string;
  /** Signs from the next block on. The first block introduces its own. */
  readonly newKey: PublicAuditKey | null;
}

/** A sealed part of the audit trail. */
export interface AuditBlock extends UnsignedBlock {
  /** Ed25519, 64 bytes. */
  readonly signature: Buffer;
}

export const NO_BLOCK = Buffer.alloc(HASH_BYTES);

/** @param privateKey that of `keyId` */
export function signBlock(block: UnsignedBlock, privateKey: KeyObject): AuditBlock {
  return { ...block, signature: sign(null, encodeBlock(block), privateKey) };
}

/** Also false for a block or key that cannot be read. */
export function isSignedBy(block: AuditBlock, publicKey: Buffer): boolean {
  return readable(() => verify(null, encodeBlock(block), toKeyObject(publicKey), block.signature)) === true;
}

/** Whether it can be one of ours: the columns of the database can hold more. */
export function isReadable({ day, first, last, sealedAt, newKey }: AuditBlock): boolean {
  const instants = [sealedAt, first?.occurredAt, last?.occurredAt];
  return (
    instants.every((instant) => !instant || !Number.isNaN(instant.getTime())) &&
    (day === null || /^\d{4}-\d{2}-\d{2}$/.test(day)) &&
    (newKey === null || newKey.publicKey.length === PUBLIC_KEY_BYTES)
  );
}

/** What the next block, and an anchor, names it by: 32 bytes. */
export function hashOf(block: AuditBlock): Buffer {
  return sha256(lengthPrefixed([HASH_TAG, encodeBlock(block), block.signature]));
}

export function keyIdOf(publicKey: Buffer): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, KEY_ID_LENGTH);
}

/** The public half of an Ed25519 key, private or public. */
export function publicAuditKeyOf(key: KeyObject): PublicAuditKey {
  const { x = '' } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  const publicKey = Buffer.from(x, 'base64url');
  return { keyId: keyIdOf(publicKey), publicKey };
}

/** SPKI in PEM, as openssl writes and reads it. */
export function toPem(publicKey: Buffer): string {
  return toKeyObject(publicKey).export({ type: 'spki', format: 'pem' }).toString();
}

/** The Ed25519 keys of a text with one or more keys in PEM. @throws Error for a text without */
export function readPublicKeys(text: string): readonly PublicAuditKey[] {
  const pems = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  const keys = pems.map((pem) => createPublicKey(pem));
  if (keys.length === 0 || keys.some(({ asymmetricKeyType }) => asymmetricKeyType !== 'ed25519'))
    throw new Error('not a public key of Ed25519 in PEM');
  return keys.map(publicAuditKeyOf);
}

function toKeyObject(publicKey: Buffer): KeyObject {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
    format: 'jwk',
  });
}

function encodeBlock(block: UnsignedBlock): Buffer {
  const { number, day, count, first, last, root, previous, sealedAt, keyId, newKey } = block;
  return lengthPrefixed([
    BLOCK_TAG,
    String(number),
    day ?? '',
    String(count),
    ...encodeEnd(first),
    ...encodeEnd(last),
    root,
    previous,
    sealedAt.toISOString(),
    keyId,
    newKey?.keyId ?? '',
    newKey?.publicKey ?? NOTHING,
  ]);
}

function encodeEnd(end: BlockEnd | null): readonly string[] {
  return end === null ? ['', ''] : [end.occurredAt.toISOString(), end.id];
}

/** A block in JSON: of a line on standard output, of an export and of the API. Bytes are base64url. */
export interface BlockLine {
  readonly number: number;
  readonly day: string | null;
  readonly count: number;
  readonly first: { readonly occurredAt: string; readonly id: string } | null;
  readonly last: { readonly occurredAt: string; readonly id: string } | null;
  readonly root: string;
  readonly previous: string;
  readonly sealedAt: string;
  readonly keyId: string;
  readonly newKey: { readonly keyId: string; readonly publicKey: string } | null;
  readonly signature: string;
  readonly hash: string;
}

export function toLine(block: AuditBlock): BlockLine {
  const { number, day, count, first, last, root, previous, sealedAt, keyId, newKey, signature } = block;
  const end = (at: BlockEnd | null): BlockLine['first'] =>
    at && { occurredAt: textOf(at.occurredAt), id: at.id };
  return {
    number,
    day,
    count,
    first: end(first),
    last: end(last),
    root: root.toString('base64url'),
    previous: previous.toString('base64url'),
    sealedAt: textOf(sealedAt),
    keyId,
    newKey: newKey && { keyId: newKey.keyId, publicKey: newKey.publicKey.toString('base64url') },
    signature: signature.toString('base64url'),
    hash: readable(() => hashOf(block))?.toString('base64url') ?? '',
  };
}

/** Empty for what is no instant, as the hash of such a block: a reader takes it for no block. */
function textOf(instant: Date): string {
  return readable(() => instant.toISOString()) ?? '';
}

/** Reads what `toLine` made. The hash is not read: it follows from the rest. @returns null for anything else */
export function fromLine(value: unknown): AuditBlock | null {
  const line = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { number, day, count, first, last, keyId, newKey } = line;
  const [root, previous] = [bytesOf(line['root'], HASH_BYTES), bytesOf(line['previous'], HASH_BYTES)];
  const signature = bytesOf(line['signature'], SIGNATURE_BYTES);
  const sealedAt = instantIn(line['sealedAt']);
  const ends = [endIn(first), endIn(last)] as const;
  const introduced = newKeyIn(newKey);
  if (!isCount(number) || !isCount(count) || typeof keyId !== 'string') return null;
  if (day !== null && typeof day !== 'string') return null;
  if (!root || !previous || !signature || !sealedAt || introduced === undefined) return null;
  if (ends[0] === undefined || ends[1] === undefined) return null;
  return {
    number,
    day,
    count,
    first: ends[0],
    last: ends[1],
    root,
    previous,
    sealedAt,
    keyId,
    newKey: introduced,
    signature,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function bytesOf(value: unknown, length: number): Buffer | undefined {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64url') : undefined;
  return bytes?.length === length ? bytes : undefined;
}

function instantIn(value: unknown): Date | undefined {
  const instant = typeof value === 'string' ? new Date(value) : undefined;
  return instant && !Number.isNaN(instant.getTime()) ? instant : undefined;
}

function endIn(value: unknown): BlockEnd | null | undefined {
  if (value === null) return null;
  const { occurredAt, id } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const instant = instantIn(occurredAt);
  return instant && typeof id === 'string' ? { occurredAt: instant, id } : undefined;
}

function newKeyIn(value: unknown): PublicAuditKey | null | undefined {
  if (value === null) return null;
  const { keyId, publicKey: encoded } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const publicKey = bytesOf(encoded, PUBLIC_KEY_BYTES);
  return publicKey && typeof keyId === 'string' ? { keyId, publicKey } : undefined;
}
