import { accepted, refused, type Result } from '@countersign/errors';
import { readEvmAddress } from '../src/evm/evm-address';
import { evmProofOf, type EvmProof } from '../src/evm/evm-signature';
import { haveSameFields, readSiweMessage, type SiweFields } from '../src/evm/siwe-message';

export interface SiwePolicy {
  /** What was issued. Each field has to be the same, and a field that it has not has to be absent. */
  readonly issued: SiweFields;
  readonly now: Date;
}

/**
 * Judges vectors as a service does that takes messages back. Ours takes none: it keeps the text that it issued, and reads a
 * signature of that text only.
 */
export async function verifySiwe(
  { message, signature }: { readonly message: string; readonly signature: string },
  { issued, now }: SiwePolicy,
): Promise<Result<EvmProof, string>> {
  const read = readSiweMessage(message);
  if (!read.ok) return read;
  const { expirationTime, notBefore, address: shown } = read.value;
  if (!haveSameFields(read.value, issued)) return refused('message_mismatch');
  if (expirationTime !== undefined && now.getTime() >= Date.parse(expirationTime))
    return refused('message_expired');
  if (notBefore !== undefined && now.getTime() < Date.parse(notBefore))
    return refused('message_not_yet_valid');
  const address = readEvmAddress(shown);
  if (!address.ok) return address;
  const proof = await evmProofOf({ message, signature, address: address.value });
  return proof.ok ? accepted(proof.value) : proof;
}
