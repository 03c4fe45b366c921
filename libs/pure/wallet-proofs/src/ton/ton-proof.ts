import { accepted, decodeBase64, refused, type Result } from '@countersign/text';
import { MAX_BOC_BYTES } from './bounded-boc';
import { readTonAddress, type TonAddress } from './ton-address';
import type { TonProofRefusal } from '../wallet-refusals';

/** A wallet's answer to a `ton_proof` request. Its forms are checked, but nothing is proven. */
export interface TonProof {
  readonly address: TonAddress;
  /** As sent; a number as decimal digits. */
  readonly network: string;
  /** The claimed key, 32 bytes. */
  readonly publicKey: Buffer | null;
  readonly stateInit: Buffer | null;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly domain: string;
  readonly payload: string;
  /** 64 bytes. */
  readonly signature: Buffer;
}

const MAX_ADDRESS_LENGTH = 80;
const MAX_DOMAIN_BYTES = 255;
const MAX_PAYLOAD_BYTES = 2048;
const MAX_BASE64_LENGTH = Math.ceil(MAX_BOC_BYTES / 3) * 4;

/**
 * Reads account and proof of TON Connect, with the names of its SDK (`chain`, `publicKey`, `walletStateInit`) or of its
 * demonstration backend (`network`, `public_key`, `proof.state_init`). Two names must have the same value. Other
 * members are ignored. `input` cannot make it throw.
 * @see https://github.com/ton-blockchain/ton-connect/blob/main/requests-responses.md
 */
export function readTonProof(input: unknown): Result<TonProof, TonProofRefusal> {
  const account = membersOf(input);
  const proof = membersOf(account?.get('proof'));
  const domain = membersOf(proof?.get('domain'));
  if (!account || !proof || !domain) return refused('wallet.proof_malformed');

  const addressText = account.get('address');
  const network = oneOf(readNetwork(account.get('network')), readNetwork(account.get('chain')));
  const keyText = oneOf(account.get('publicKey'), account.get('public_key'));
  const stateInitText = oneOf(account.get('walletStateInit'), proof.get('state_init'));
  const domainText = domain.get('value');
  const payload = proof.get('payload');
  const signatureText = proof.get('signature');
  if (
    isLong(addressText, MAX_ADDRESS_LENGTH) ||
    isLong(domainText, MAX_DOMAIN_BYTES) ||
    isLong(payload, MAX_PAYLOAD_BYTES) ||
    isLong(stateInitText, MAX_BASE64_LENGTH)
  ) {
    return refused('wallet.proof_too_long');
  }

  const address = isText(addressText) ? readTonAddress(addressText) : null;
  const publicKey = keyText === null ? null : hexBytes(keyText);
  const stateInit = stateInitText === null ? null : base64Bytes(stateInitText);
  const signature = base64Bytes(signatureText);
  const timestamp = readTimestamp(proof.get('timestamp'));
  if (
    !address?.ok ||
    !isText(network) ||
    network.length > 16 ||
    publicKey === undefined ||
    stateInit === undefined ||
    signature?.length !== 64 ||
    timestamp === null ||
    !isText(domainText) ||
    !isText(payload) ||
    domain.get('lengthBytes') !== Buffer.byteLength(domainText)
  ) {
    return refused('wallet.proof_malformed');
  }
  return accepted({
    ...{ address: address.value, network, publicKey, stateInit, timestamp },
    ...{ domain: domainText, payload, signature },
  });
}

/** The SDK sends text, other clients send a number. */
function readNetwork(value: unknown): unknown {
  return Number.isSafeInteger(value) ? String(value) : value;
}

/** Clients send seconds as a number, or as decimal digits. */
function readTimestamp(value: unknown): number | null {
  if (isText(value)) return /^(?:0|[1-9][0-9]{0,15})$/.test(value) ? readTimestamp(Number(value)) : null;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return new Map(Object.entries(value));
}

/** One value under two names: null if it is absent or null under both, false if the two differ. */
function oneOf(a: unknown, b: unknown): unknown {
  const one = a ?? b ?? null;
  return (a ?? one) === (b ?? one) ? one : false;
}

/** A lone surrogate has no UTF-8, so no bytes could be signed. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed();
}

function isLong(value: unknown, maxBytes: number): boolean {
  return typeof value === 'string' && (value.length > maxBytes || Buffer.byteLength(value) > maxBytes);
}

/** Undefined unless it is 32 bytes. */
function hexBytes(value: unknown): Buffer | undefined {
  return isText(value) && /^[0-9a-fA-F]{64}$/.test(value) ? Buffer.from(value, 'hex') : undefined;
}

function base64Bytes(value: unknown): Buffer | undefined {
  const bytes = typeof value === 'string' && value !== '' ? decodeBase64(value) : undefined;
  return bytes && Buffer.from(bytes);
}
