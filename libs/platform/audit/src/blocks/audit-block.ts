import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { deriveMacKey, lengthPrefixed, sha256, type KeyRing, type RingKey } from '@countersign/crypto';
import type { AuditBlockEntity } from './audit-block.entity';

const KEY_CONTEXT = 'countersign/audit-blocks/v1';
const BLOCK_TAG = 'countersign/audit-block/v2';
/** An Ed25519 private key in PKCS #8 is this prefix and the seed (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export type AuditBlock = Readonly<AuditBlockEntity>;

/** A block signs the records below `before` and `horizon`, except those below `since` and `sinceHorizon`. */
export type BlockRange = Pick<AuditBlock, 'number' | 'since' | 'sinceHorizon' | 'before' | 'horizon'>;

export type BlockContent = Pick<AuditBlock, 'count' | 'late' | 'records'> & {
  /** Null for a block without records. */
  readonly firstAt: Date | null;
};

type UnsignedBlock = Omit<AuditBlock, 'keyId' | 'signature'>;

/** A block in JSON, as the service logs and sends it. Bytes are base64url, instants ISO 8601. */
export type BlockLine = {
  readonly [Name in keyof AuditBlock]: AuditBlock[Name] extends number | string ? AuditBlock[Name] : string;
} & { readonly hash: string };

/** The hash that stands in for a predecessor in the first block. */
export const NO_BLOCK = Buffer.alloc(32);

export function signBlock(block: UnsignedBlock, ringKey: RingKey): AuditBlock {
  const signed = { ...block, keyId: ringKey.id };
  return { ...signed, signature: sign(null, encode(signed), signingKeyOf(ringKey)) };
}

export function isGenuine(block: AuditBlock, keyRing: KeyRing): boolean | null {
  const ringKey = keyRing.known('index').find(({ id }) => id === block.keyId);
  if (!ringKey) return null;
  return verify(null, encode(block), createPublicKey(signingKeyOf(ringKey)), block.signature);
}

/** The next block refers to the block by this hash. */
export function hashOf(block: AuditBlock): Buffer {
  return sha256(lengthPrefixed([encode(block), block.signature]));
}

export function toLine(block: AuditBlock): BlockLine {
  const { firstAt, records, previous, signature, since, before, signedAt } = block;
  return {
    ...block,
    since: since.toISOString(),
    before: before.toISOString(),
    firstAt: firstAt.toISOString(),
    records: records.toString('base64url'),
    previous: previous.toString('base64url'),
    signedAt: signedAt.toISOString(),
    signature: signature.toString('base64url'),
    hash: hashOf(block).toString('base64url'),
  };
}

/** Reads blocks from lines of the log, or from bodies of `audit.signed`. */
export function blocksIn(text: string): readonly AuditBlock[] {
  return text.split('\n').flatMap((line) => {
    try {
      return fromLine(lineIn(JSON.parse(line))) ?? [];
    } catch {
      return [];
    }
  });
}

function lineIn(value: unknown): unknown {
  const { auditBlock, data } = (value ?? {}) as { auditBlock?: unknown; data?: { block?: string } };
  return auditBlock ?? JSON.parse(data?.block ?? '');
}

function fromLine(value: unknown): AuditBlock | null {
  const line = value as BlockLine;
  const block: AuditBlock = {
    ...line,
    since: new Date(line.since),
    before: new Date(line.before),
    firstAt: new Date(line.firstAt),
    records: Buffer.from(line.records, 'base64url'),
    previous: Buffer.from(line.previous, 'base64url'),
    signedAt: new Date(line.signedAt),
    signature: Buffer.from(line.signature, 'base64url'),
  };
  return hashOf(block).toString('base64url') === line.hash ? block : null;
}

const signingKeys = new WeakMap<RingKey, KeyObject>();

function signingKeyOf(ringKey: RingKey): KeyObject {
  const known = signingKeys.get(ringKey);
  if (known) return known;
  const seed = deriveMacKey(ringKey, KEY_CONTEXT).secret.export();
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  signingKeys.set(ringKey, key);
  return key;
}

function encode(block: Omit<AuditBlock, 'signature'>): Buffer {
  const { number, since, sinceHorizon, before, horizon, count, late, firstAt, records, previous } = block;
  return lengthPrefixed([
    BLOCK_TAG,
    ...[number, sinceHorizon, horizon, count, late].map(String),
    ...[since, before, firstAt, block.signedAt].map((instant) => instant.toISOString()),
    records,
    previous,
    block.keyId,
  ]);
}
