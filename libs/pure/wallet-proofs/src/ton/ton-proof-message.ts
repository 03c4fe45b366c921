import { readTonAddress, type TonAddress } from './ton-address';

export interface TonProofMessage {
  readonly address: TonAddress;
  /** Without a scheme, at most 255 bytes. */
  readonly domain: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly payload: string;
}

const PREFIX = Buffer.from('ton-proof-item-v2/', 'latin1');
const MAX_DOMAIN_BYTES = 255;

/**
 * The message of `ton_proof`, before it is hashed twice.
 *
 * @see https://docs.ton.org/ecosystem/ton-connect/manifest ton_proof
 */
export function tonProofMessage({ address, domain, timestamp, payload }: TonProofMessage): Buffer {
  const workchain = Buffer.alloc(4);
  workchain.writeInt32BE(address.workchain);
  const name = Buffer.from(domain);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(name.length);
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(BigInt(timestamp));
  return Buffer.concat([PREFIX, workchain, address.hash, length, name, time, Buffer.from(payload)]);
}

/** Null for bytes that `tonProofMessage` does not make. */
export function readTonProofMessage(bytes: Buffer): TonProofMessage | null {
  const lengthAt = PREFIX.length + 4 + 32;
  const domainAt = lengthAt + 4;
  if (bytes.length < domainAt) return null;
  const length = bytes.readUInt32LE(lengthAt);
  const timeAt = domainAt + length;
  if (length > MAX_DOMAIN_BYTES || bytes.length < timeAt + 8) return null;
  const workchain = bytes.readInt32BE(PREFIX.length);
  const hash = bytes.toString('hex', PREFIX.length + 4, lengthAt);
  const address = readTonAddress(`${String(workchain)}:${hash}`);
  const timestamp = Number(bytes.readBigUInt64LE(timeAt));
  const domain = bytes.toString('utf8', domainAt, timeAt);
  if (!address.ok || domain === '' || !Number.isSafeInteger(timestamp)) return null;
  const message = { address: address.value, domain, timestamp, payload: bytes.toString('utf8', timeAt + 8) };
  return tonProofMessage(message).equals(bytes) ? message : null;
}
