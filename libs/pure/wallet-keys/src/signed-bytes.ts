import { MAX_LIFETIME_SECONDS, readTonTransfer, tonTransferDigest } from '@countersign/transfers';
import { readTonProofMessage, tonProofHash } from '@countersign/wallet-proofs';
import { hashMessage, keccak256 } from 'viem/utils';
import { signEvmDigest } from './evm-key';
import { signTonMessage } from './ton-key';
import type { WalletKeys } from './wallet-keys';

/** The kind decides the digest, so that a message never becomes a transaction. */
export type SigningKind =
  | `evm-${'transaction' | 'message' | 'typed-data'}`
  | `ton-${'transaction' | 'proof'}`;

const EIP712_PREFIX = Buffer.from('1901', 'hex');

/**
 * The 32 bytes that are signed for the payload of a decoded act; null for a transfer or proof of TON that is none.
 * - `evm-transaction`: an unsigned transaction;
 * - `evm-message`: the text of EIP-191 without its prefix, in UTF-8;
 * - `evm-typed-data`: domain separator and hash of the struct (EIP-712);
 * - `ton-transaction`: a bag of cells with the body of an external message to a wallet v5r1 that sends messages and does nothing
 *   else, as `readTonTransfer` reads it, and is valid for at most 60 seconds from `now`;
 * - `ton-proof`: the message of `ton_proof`, before it is hashed twice.
 */
export function digestToSign(kind: SigningKind, payload: Buffer, now: Date): Buffer | null {
  return digests[kind](payload, now);
}

const digests: Readonly<Record<SigningKind, (payload: Buffer, now: Date) => Buffer | null>> = {
  'evm-transaction': keccak,
  'evm-message': (payload) => Buffer.from(hashMessage({ raw: payload }).slice(2), 'hex'),
  'evm-typed-data': (payload) => keccak(Buffer.concat([EIP712_PREFIX, payload])),
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

function keccak(bytes: Buffer): Buffer {
  return Buffer.from(keccak256(bytes, 'bytes'));
}
