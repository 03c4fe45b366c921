import { accepted, refused, type Result } from '@countersign/errors';
import type { Hex } from 'viem';
import { hashMessage, recoverAddress } from 'viem/utils';
import { readEvmAddress, type EvmAddress } from './evm-address';
import type { EvmSignatureRefusal } from '../wallet-refusals';

const SIGNATURE = /^0x[0-9a-f]{128}(?:[0-9a-f]{2})?$/i;
const KEY_SIGNATURE = /^0x[0-9a-f]{128}(?:1b|1c|00|01)$/;
/** EIP-2098: the first bit of s is the parity. */
const COMPACT_SIGNATURE = /^(0x[0-9a-f]{64})([0-9a-f])([0-9a-f]{63})$/;

/** A text that was signed, and by whom it is said to be. */
interface EvmSignedMessage {
  /** The text itself: one that looks like hex is signed as text too. */
  readonly message: string;
  readonly signature: string;
  readonly address: EvmAddress;
}

/** Why a signature is not one of the key of an address by EIP-191; null for one that is. */
export async function evmSignatureFault({
  message,
  signature,
  address,
}: EvmSignedMessage): Promise<EvmSignatureRefusal | null> {
  const signer = await recoverEvmKey(message, signature);
  if (!signer.ok) return signer.code;
  return signer.value === address ? null : 'wallet.signature_invalid';
}

/**
 * The address whose key signed a text by EIP-191, in lower case. The signature has 65 bytes and ends with 27, 28, 0 or
 * 1, or has the 64 bytes of EIP-2098: those of contract wallets prove no key.
 *
 * Both values of s are accepted. The higher one makes a second signature of the same text from a first one, which
 * matters where a signature is used as an identifier. Here the nonce is what is used once, and hardware keys and key
 * services sign with either.
 */
export async function recoverEvmKey(
  message: string,
  signature: string,
): Promise<Result<EvmAddress, EvmSignatureRefusal>> {
  if (!SIGNATURE.test(signature)) return refused('wallet.signature_malformed');
  const full = expanded(signature.toLowerCase() as Hex);
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
