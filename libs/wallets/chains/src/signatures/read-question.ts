import { isErc6492, splitErc6492, type ContractSignatureQuestion } from '@countersign/wallet-proofs';
import type { ReadQuestion } from './signature-question';

/** A Safe needs 65 bytes for each owner, and a passkey about a kilobyte. */
const MAX_SIGNATURE_BYTES = 8_192;

/**
 * Null for a signature that no contract is asked about.
 * @throws RangeError for an address or a hash that is not in the form of the question: a mistake of the caller
 */
export function readQuestion({ address, hash, signature }: ContractSignatureQuestion): ReadQuestion | null {
  if (!/^0x[0-9a-f]{40}$/.test(address)) throw new RangeError('the address is not lower-case hex');
  if (!/^0x[0-9a-f]{64}$/.test(hash)) throw new RangeError('the hash is not 32 bytes of lower-case hex');
  if (signature.length > 2 + 2 * MAX_SIGNATURE_BYTES || !/^0x(?:[0-9a-fA-F]{2})*$/.test(signature))
    return null;
  const hex = signature.toLowerCase() as `0x${string}`;
  const about = { address: address as `0x${string}`, hash: hash as `0x${string}` };
  if (!isErc6492(hex)) return { ...about, signature: hex, factory: null };
  const wrapped = splitErc6492(hex);
  if (wrapped === null) return null;
  const factory = { address: wrapped.factory, data: wrapped.factoryData };
  return { ...about, signature: wrapped.signature, factory };
}
