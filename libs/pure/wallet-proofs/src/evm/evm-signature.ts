import { accepted, refused, type Result } from '@countersign/text';
import type { Hex } from 'viem';
import { hashMessage, recoverAddress } from 'viem/utils';
import { readEvmAddress, type EvmAddress } from './evm-address';
import type { EvmSignatureRefusal } from '../wallet-refusals';

/** Room for many owners of a contract wallet, whose signatures come one after the other. */
export const MAX_EVM_SIGNATURE_BYTES = 8192;
const KEY_SIGNATURE = /^0x[0-9a-f]{128}(?:1b|1c|00|01)$/;
/** EIP-2098: the first bit of s is the parity. */
const COMPACT_SIGNATURE = /^(0x[0-9a-f]{64})([0-9a-f])([0-9a-f]{63})$/;
/** The ends of signatures wrapped by ERC-6492, of contracts that are not deployed, and by ERC-8010, a draft. */
const WRAPPED = /(?:6492|8010){16}$/;

/** What a signature shows without asking a node. */
export type EvmProof =
  /** The key of the address has signed. */
  | { readonly by: 'key'; readonly address: EvmAddress }
  /** No proof yet: only the contract at the address can say whether the signature is its own. */
  | {
      readonly by: 'contract';
      readonly address: EvmAddress;
      /** What ERC-1271 asks about: the EIP-191 digest of the message. */
      readonly hash: Hex;
      /** In lower case. */
      readonly signature: Hex;
    };

/** A text that was signed, and by whom it is said to be. */
interface EvmSignedMessage {
  /** The text itself: one that looks like hex is signed as text too. */
  readonly message: string;
  readonly signature: string;
  readonly address: EvmAddress;
}

/**
 * Tells whether the key of an address signed a message by EIP-191. A signature that is not that key's is not refused
 * here, since a contract wallet's may be of any form, also that of another key: without a node the caller refuses it.
 */
export async function evmProofOf({
  message,
  signature,
  address,
}: EvmSignedMessage): Promise<Result<EvmProof, EvmSignatureRefusal>> {
  const hex = readSignature(signature);
  if (!hex) return refused('wallet.signature_malformed');
  const signer = await recoverEvmKey(message, hex);
  if (signer.ok && signer.value === address) return accepted({ by: 'key', address });

  if (WRAPPED.test(hex)) return refused('wallet.signature_unsupported');
  return accepted({ by: 'contract', address, hash: hashMessage(message), signature: hex });
}

/**
 * The address whose key signed a text by EIP-191, in lower case. The signature has 65 bytes and ends with 27, 28, 0 or
 * 1, or has the 64 bytes of EIP-2098: wrapped signatures prove no key.
 *
 * Both values of s are accepted. The higher one makes a second signature of the same text from a first one, which
 * matters where a signature is used as an identifier. Here the nonce is what is used once, and hardware keys and key
 * services sign with either.
 */
export async function recoverEvmKey(
  message: string,
  signature: string,
): Promise<Result<EvmAddress, EvmSignatureRefusal>> {
  const hex = readSignature(signature);
  if (!hex) return refused('wallet.signature_malformed');
  const full = expanded(hex);
  if (!KEY_SIGNATURE.test(full)) return refused('wallet.signature_invalid');
  try {
    const address = readEvmAddress(await recoverAddress({ hash: hashMessage(message), signature: full }));
    return address.ok ? address : refused('wallet.signature_invalid');
  } catch {
    // r or s is zero or beyond the order, or r is no point of the curve.
    return refused('wallet.signature_invalid');
  }
}

/** 65 bytes of the 64 of EIP-2098; anything else as it is. @see https://eips.ethereum.org/EIPS/eip-2098 */
function expanded(signature: Hex): Hex {
  const [, r, first = '', rest] = COMPACT_SIGNATURE.exec(signature) ?? [];
  if (r === undefined) return signature;
  const digit = Number.parseInt(first, 16);
  return `${r as Hex}${(digit & 7).toString(16)}${rest}${digit > 7 ? '1c' : '1b'}`;
}

/** In lower case; null for what is no signature of any kind. An empty one asks a contract what was approved on the chain. */
function readSignature(text: string): Hex | null {
  if (text.length > 2 + 2 * MAX_EVM_SIGNATURE_BYTES) return null;
  return /^0x(?:[0-9a-fA-F]{2})*$/.test(text) ? (text.toLowerCase() as Hex) : null;
}
