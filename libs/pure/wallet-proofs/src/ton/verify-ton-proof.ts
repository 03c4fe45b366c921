import { createPublicKey, verify, createHash } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/text';
import type { Cell } from '@ton/core';
import { readTonAddress, type TonAddress } from './ton-address';
import type { TonNetwork } from '../chain-id';
import type { TonProof } from './ton-proof';
import { tonWalletLayout, type TonWalletName } from './ton-wallets';
import type { TonProofRefusal } from '../wallet-refusals';
import { readBoundedBoc } from './bounded-boc';

/** The prefix of an Ed25519 key in SPKI form (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Points of small order without the sign: such keys accept signatures that need no secret. Contracts without a key
 * answer zero, which is among them. @see https://github.com/jedisct1/libsodium ge25519_has_small_order
 */
const SMALL_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Whether a key of 32 bytes accepts signatures that need no secret. */
export function isOfSmallOrder(publicKey: Buffer): boolean {
  const unsigned = Buffer.from(publicKey);
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(unsigned.toString('hex'));
}

/** Plain Ed25519 (RFC 8032). A key that is no point accepts no signature. */
export function isEd25519Signature(message: Buffer, signature: Buffer, publicKey: Buffer): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}

type TonProofMessage = Pick<TonProof, 'address' | 'domain' | 'timestamp' | 'payload'>;

const PREFIX = Buffer.from('ton-proof-item-v2/', 'latin1');
const MAX_DOMAIN_BYTES = 255;

/**
 * The message of `ton_proof`, before it is hashed twice.
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

interface TonWalletState {
  readonly name: TonWalletName;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** After the deployment, the address may have another key. */
  readonly keyRotates: boolean;
}

/** No split depth, no special, code, data, no library. */
const PLAIN_STATE_INIT = '00110';

/**
 * Reads the key of a known wallet from its state init, whose hash must be the address. Null for unknown code, because
 * its data may mean anything.
 * @see https://docs.ton.org/v3/documentation/data-formats/tlb/msg-layout#stateinit-tl-b
 */
export function readTonStateInit(
  boc: Buffer,
  address: TonAddress,
  network: TonNetwork,
): Result<TonWalletState | null, TonProofRefusal> {
  const root = readBoundedBoc(boc);
  if (!root || root.isExotic) return refused('wallet.state_init_malformed');
  if (!root.hash().equals(address.hash)) return refused('wallet.state_init_mismatch');

  const [code, data] = root.refs;
  if (bitsOf(root) !== PLAIN_STATE_INIT || !code || !data) return accepted(null);
  const layout = tonWalletLayout(code.hash().toString('hex'));
  if (!layout) return accepted(null);

  const { name, dataBits, keyAt, hasDictionary, signaturesOffWhenFirstBitIs, undeployed } = layout;
  const isOfLayout =
    !data.isExotic &&
    data.bits.length === dataBits &&
    data.refs.length === (hasDictionary && data.bits.at(dataBits - 1) ? 1 : 0);
  if (!isOfLayout) return refused('wallet.state_init_malformed');
  if (data.bits.at(0) === signaturesOffWhenFirstBitIs) return refused('wallet.signature_not_allowed');
  const slice = data.beginParse();
  const isUnknown = undeployed && slice.preloadBuffer(keyAt / 8).toString('hex') !== undeployed[network];
  if (isUnknown) return accepted(null);
  const publicKey = slice.skip(keyAt).loadBuffer(32);
  return accepted({ name, publicKey, keyRotates: undeployed !== undefined });
}

function bitsOf(cell: Cell): string {
  if (cell.bits.length !== PLAIN_STATE_INIT.length || cell.refs.length !== 2) return '';
  return Array.from({ length: cell.bits.length }, (_, index) => (cell.bits.at(index) ? '1' : '0')).join('');
}

export interface TonProofPolicy {
  /** The issued payload, which makes the proof unique. */
  readonly payload: string;
  readonly network: TonNetwork;
  /** Raw; null if the challenge was issued before the wallet was known. */
  readonly address: string | null;
  /** The domain that the wallet must have shown, byte for byte. */
  readonly domain: string;
  readonly issuedAt: Date;
  readonly now: Date;
  /** The contract's answer to `get_public_key`, 32 bytes, after `needs-public-key`. */
  readonly publicKey?: Buffer;
  /** Whether the chain says that nothing is deployed at the address, after `needs-public-key`. */
  readonly isUndeployed?: boolean;
}

/** People set phones by hand. The payload is fresh and single use, so a wide window is safe. */
const MAX_SKEW_SECONDS = 600;

export type VerifiedTonProof =
  | {
      readonly status: 'proven';
      /** In its raw form. */
      readonly address: string;
      /** 64 hex digits in lower case. */
      readonly publicKey: string;
      /**
       * Null for unknown code or no state init. A deployed v5 wallet may have switched signatures off: only the chain
       * can tell, by `is_signature_allowed`.
       */
      readonly wallet: TonWalletName | null;
    }
  /** Everything except the key is checked. Only the chain knows the address's key. */
  | { readonly status: 'needs-public-key'; readonly address: string };

/**
 * Verifies a `ton_proof`. The key counts only if the chain, or the state init of a known wallet whose hash is the
 * address, binds it to the address. For rotating keys, the state init counts only before the deployment. A claimed key
 * must be this key, and never counts alone. The costly signature check is last.
 * @see https://docs.ton.org/ecosystem/ton-connect/manifest ton_proof
 * @throws RangeError for a policy that would check nothing
 */
export function verifyTonProof(
  proof: TonProof,
  policy: TonProofPolicy,
): Result<VerifiedTonProof, TonProofRefusal> {
  const { address } = proof;
  const refusal = mismatchOf(proof, policy);
  if (refusal) return refused(refusal);

  const stateInit = proof.stateInit
    ? readTonStateInit(proof.stateInit, address, policy.network)
    : accepted(null);
  if (!stateInit.ok) return stateInit;
  const wallet = stateInit.value;
  const isInitialKey = wallet !== null && (!wallet.keyRotates || policy.isUndeployed === true);
  const bound = isInitialKey ? wallet.publicKey : policy.publicKey;
  const needsKey = { status: 'needs-public-key', address: address.raw } as const;
  const known = [bound, policy.publicKey, proof.publicKey].filter((key) => key !== undefined && key !== null);
  const [key, ...others] = known;
  // Without any key, nothing is left to check. With a claimed key, a wrong signature need not ask the chain.
  if (!key) return accepted(needsKey);
  if (others.some((other) => !other.equals(key))) return refused('wallet.public_key_mismatch');
  if (isOfSmallOrder(key)) return refused('wallet.public_key_weak');
  if (!isEd25519Signature(tonProofHash(proof), proof.signature, key))
    return refused('wallet.signature_invalid');
  if (!bound) return accepted(needsKey);
  return accepted({
    status: 'proven',
    address: address.raw,
    publicKey: key.toString('hex'),
    wallet: wallet?.name ?? null,
  });
}

export function tonProofHash(proof: TonProofMessage): Buffer {
  const message = sha256(tonProofMessage(proof));
  return sha256(Buffer.from([0xff, 0xff]), Buffer.from('ton-connect'), message);
}

/** The first broken rule. The payload comes first, because it is used once. */
function mismatchOf(proof: TonProof, policy: TonProofPolicy): TonProofRefusal | null {
  const from = secondsOf('issuedAt', policy.issuedAt) - MAX_SKEW_SECONDS;
  const until = secondsOf('now', policy.now) + MAX_SKEW_SECONDS;
  if (policy.payload === '' || policy.domain === '')
    throw new RangeError('payload and domain must not be empty');
  if (policy.publicKey && policy.publicKey.length !== 32)
    throw new RangeError('publicKey must have 32 bytes');

  if (proof.payload !== policy.payload) return 'wallet.payload_mismatch';
  if (proof.network !== policy.network) return 'wallet.network_mismatch';
  // A test address is refused elsewhere. An address without this mark may be for either network.
  if (proof.address.isTest === true && policy.network !== '-3') return 'wallet.network_mismatch';
  if (policy.address !== null && proof.address.raw !== policy.address) return 'wallet.address_mismatch';
  if (proof.domain !== policy.domain) return 'wallet.domain_mismatch';
  if (proof.timestamp < from) return 'wallet.proof_expired';
  if (proof.timestamp > until) return 'wallet.proof_in_future';
  return null;
}

function secondsOf(name: string, date: Date): number {
  const seconds = Math.floor(date.getTime() / 1000);
  if (!Number.isFinite(seconds)) throw new RangeError(`${name} must be a valid date`);
  return seconds;
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
