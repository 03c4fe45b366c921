import type { Hex } from 'viem';
import { decodeAbiParameters, encodeAbiParameters, size } from 'viem/utils';
import { readEvmAddress, type EvmAddress } from './evm-address';

/** How to deploy a contract wallet that has no code yet, and its signature. */
export interface Erc6492Signature {
  readonly factory: EvmAddress;
  readonly factoryData: Hex;
  readonly signature: Hex;
}

const MAGIC = '6492'.repeat(16);
const PARAMETERS = [{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }] as const;

/** Whether a signature says that it is wrapped by ERC-6492. */
export function isErc6492(signature: Hex): boolean {
  return size(signature) > 32 && signature.toLowerCase().endsWith(MAGIC);
}

/**
 * Takes an ERC-6492 signature apart; null for one that is not wrapped so, or not well-formed. What is wrapped names
 * any factory and any call: it is good only for an address without code, and only if there is code after that call.
 *
 * @see https://eips.ethereum.org/EIPS/eip-6492
 * @param signature hex within the bounds of a signature
 */
export function splitErc6492(signature: Hex): Erc6492Signature | null {
  if (!isErc6492(signature)) return null;
  const body: Hex = `0x${signature.slice(2, -MAGIC.length).toLowerCase()}`;
  try {
    const [factory, factoryData, inner] = decodeAbiParameters(PARAMETERS, body);
    // One encoding for one meaning: pointers that overlap or leave gaps are refused.
    if (encodeAbiParameters(PARAMETERS, [factory, factoryData, inner]) !== body) return null;
    const address = readEvmAddress(factory);
    if (!address.ok || isErc6492(inner)) return null;
    return { factory: address.value, factoryData, signature: inner };
  } catch {
    return null;
  }
}
