import { MAX_LIFETIME_SECONDS, readTonTransfer, tonTransferDigest } from '@countersign/transfers';
import { decodeUtf8 } from '@countersign/text';
import { readTonProofMessage, tonProofHash } from '@countersign/wallet-proofs';
import { hashMessage, keccak256, parseTransaction, serializeTransaction } from 'viem/utils';
import { signEvmDigest } from './evm-key';
import { signTonMessage } from './ton-key';
import type { WalletKeys } from './wallet-keys';

/** The kind decides the digest, so that a message never becomes a transaction. */
export const signingKinds = [
  'evm-transaction',
  'evm-message',
  'evm-typed-data',
  'ton-transaction',
  'ton-proof',
] as const;
export type SigningKind = (typeof signingKinds)[number];

const EIP712_PREFIX = Buffer.from('1901', 'hex');
const HASH_BYTES = 32;

/**
 * The 32 bytes that are signed for a payload; null for a payload that is none of its kind.
 * - `evm-transaction`: an unsigned transaction to an address, of EIP-1559 or with an EIP-155 chain id;
 * - `evm-message`: the text of EIP-191 without its prefix, in UTF-8, and never 32 bytes, which could be a digest;
 * - `evm-typed-data`: domain separator and hash of the struct (EIP-712);
 * - `ton-transaction`: a bag of cells with the body of an external message to a wallet v5r1 that sends messages and does nothing
 *   else, as `readTonTransfer` reads it, and is valid for at most 60 seconds from `now`;
 * - `ton-proof`: the message of `ton_proof`, before it is hashed twice.
 */
export function digestToSign(kind: SigningKind, payload: Buffer, now: Date): Buffer | null {
  return digests[kind](payload, now);
}

const digests: Readonly<Record<SigningKind, (payload: Buffer, now: Date) => Buffer | null>> = {
  'evm-transaction': (payload) => (isUnsignedTransaction(payload) ? keccak(payload) : null),
  'evm-message': (payload) =>
    payload.length === HASH_BYTES || decodeUtf8(payload) === undefined
      ? null
      : Buffer.from(hashMessage({ raw: payload }).slice(2), 'hex'),
  'evm-typed-data': (payload) =>
    payload.length === 2 * HASH_BYTES ? keccak(Buffer.concat([EIP712_PREFIX, payload])) : null,
  'ton-transaction': (payload, now) => {
    const transfer = readTonTransfer(payload);
    if (!transfer) return null;
    const leftSeconds = transfer.validUntil - Math.floor(now.getTime() / 1_000);
    const isTimely = leftSeconds > 0 && leftSeconds <= MAX_LIFETIME_SECONDS;
    return isTimely ? tonTransferDigest(transfer) : null;
  },
  'ton-proof': (payload) => {
    const message = readTonProofMessage(payload);
    return message && tonProofHash(message);
  },
};

/** Signs the result of `digestToSign`: 65 bytes (r, s, 27 or 28) for EVM, 64 for TON. */
export function signDigest(kind: SigningKind, keys: WalletKeys, digest: Buffer): Buffer {
  return kind.startsWith('evm-') ? signEvmDigest(keys.evm, digest) : signTonMessage(keys.ton, digest);
}

/** Whether the bytes are the canonical form of an unsigned transaction for one chain. */
function isUnsignedTransaction(payload: Buffer): boolean {
  const serialized = `0x${payload.toString('hex')}` as const;
  try {
    const parsed = parseTransaction(serialized);
    const { type, chainId, r, to } = parsed;
    const isKnown = (type === 'eip1559' || type === 'legacy') && Boolean(to);
    return isKnown && chainId !== undefined && r === undefined && serializeTransaction(parsed) === serialized;
  } catch {
    return false;
  }
}

function keccak(bytes: Buffer): Buffer {
  return Buffer.from(keccak256(bytes, 'bytes'));
}
