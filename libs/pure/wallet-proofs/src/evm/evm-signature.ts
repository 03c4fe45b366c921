import { accepted, refused, type Result } from '@countersign/text';
import type { Hex } from 'viem';
import { hashMessage, recoverAddress } from 'viem/utils';
import { readEvmAddress, type EvmAddress } from './evm-address';
import type { EvmSignatureRefusal } from '../wallet-refusals';

/** Enough for the concatenated signatures of many owners of a contract wallet. */
export const MAX_EVM_SIGNATURE_BYTES = 8192;
const KEY_SIGNATURE = /^0x[0-9a-f]{128}(?:1b|1c|00|01)$/;
/** EIP-2098: the first bit of s is the parity. */
const COMPACT_SIGNATURE = /^(0x[0-9a-f]{64})([0-9a-f])([0-9a-f]{63})$/;
/** Ends of signatures that ERC-6492 (contracts that are not deployed) or the draft ERC-8010 wraps. */
const WRAPPED = /(?:6492|8010){16}$/;

/** The result for a signature without a question to a node. */
export type EvmProof =
  | { readonly by: 'key'; readonly address: EvmAddress }
  /** No proof yet: only the contract at the address can decide about the signature. */
  | {
      readonly by: 'contract';
      readonly address: EvmAddress;
      /** The EIP-191 digest of the message, for ERC-1271. */
      readonly hash: Hex;
      /** In lower case. */
      readonly signature: Hex;
    };

interface EvmSignedMessage {
  /** The text itself. A text that looks like hex is signed as text too. */
  readonly message: string;
  readonly signature: string;
  readonly address: EvmAddress;
}

/** Does not refuse other signatures: a contract wallet's may have any form. Without a node, refuse them. */
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
 * The signer of an EIP-191 text, in lower case. The signature has 65 bytes and ends with 27, 28, 0 or 1, or has the 64
 * bytes of EIP-2098: wrapped signatures prove no key. Both values of s are accepted, so a text has a second signature.
 * A signature therefore is no identifier; the nonce is. Hardware keys and key services use either value.
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

/** Expands the 64 bytes of EIP-2098 to 65. Others stay. @see https://eips.ethereum.org/EIPS/eip-2098 */
function expanded(signature: Hex): Hex {
  const [, r, first = '', rest] = COMPACT_SIGNATURE.exec(signature) ?? [];
  if (r === undefined) return signature;
  const digit = Number.parseInt(first, 16);
  return `${r as Hex}${(digit & 7).toString(16)}${rest}${digit > 7 ? '1c' : '1b'}`;
}

/** In lower case; null for no signature of any kind. An empty one asks a contract about an approval on the chain. */
function readSignature(text: string): Hex | null {
  if (text.length > 2 + 2 * MAX_EVM_SIGNATURE_BYTES) return null;
  return /^0x(?:[0-9a-fA-F]{2})*$/.test(text) ? (text.toLowerCase() as Hex) : null;
}
