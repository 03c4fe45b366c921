import { accepted, refused, type Result } from '@countersign/errors';
import { readEvmAddress } from './evm-address';
import { evmProofOf, type EvmProof } from './evm-signature';
import { haveSameFields, readSiweMessage, type SiweFields } from './siwe-message';
import type { EvmSignatureRefusal, SiweRefusal } from './wallet-refusals';

export interface SiwePolicy {
  /** What was issued. Each field has to be the same, and a field that it has not has to be absent. */
  readonly issued: SiweFields;
  readonly now: Date;
}

/**
 * Accepts a message only if it is the issued one and valid now, then looks at its signature: cheap checks come first.
 * `by: 'contract'` is no proof yet: see `evmProofOf`. Nothing in the message or its signature makes it throw.
 *
 * @throws RangeError for a `now` that is no date
 */
export async function verifySiwe(
  { message, signature }: { readonly message: string; readonly signature: string },
  policy: SiwePolicy,
): Promise<Result<EvmProof, SiweRefusal | EvmSignatureRefusal>> {
  const checked = checkSiweMessage(message, policy);
  if (!checked.ok) return checked;
  const address = readEvmAddress(checked.value.address);
  if (!address.ok) return refused('wallet.message_malformed');
  return evmProofOf({ message, signature, address: address.value });
}

/**
 * The part of `verifySiwe` before the signature.
 *
 * @throws RangeError for a `now` that is no date
 */
export function checkSiweMessage(
  message: string,
  { issued, now }: SiwePolicy,
): Result<SiweFields, SiweRefusal> {
  if (Number.isNaN(now.getTime())) throw new RangeError('now must be a valid date');
  const fields = readSiweMessage(message);
  if (!fields.ok) return fields;
  if (!haveSameFields(fields.value, issued)) return refused('wallet.message_mismatch');
  const { expirationTime, notBefore } = fields.value;
  if (expirationTime !== undefined && now.getTime() >= Date.parse(expirationTime)) {
    return refused('wallet.message_expired');
  }
  if (notBefore !== undefined && now.getTime() < Date.parse(notBefore)) {
    return refused('wallet.message_not_yet_valid');
  }
  return accepted(fields.value);
}
