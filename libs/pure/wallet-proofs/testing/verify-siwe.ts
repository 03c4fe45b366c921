import { isDeepStrictEqual } from 'node:util';
import { accepted, refused, type Result } from '@countersign/errors';
import { SiweMessage } from '@signinwithethereum/siwe';
import { readEvmAddress } from '../src/evm/evm-address';
import { evmProofOf, type EvmProof } from '../src/evm/evm-signature';
import { readSiweMessage } from '../src/evm/siwe-message';

/** The fields of a message of EIP-4361. Dates are RFC 3339 texts, exactly as written. */
export type SiweFields = Readonly<
  Pick<SiweMessage, 'domain' | 'address' | 'uri' | 'version' | 'chainId' | 'nonce'> &
    Partial<Pick<SiweMessage, 'scheme' | 'statement' | 'expirationTime' | 'notBefore' | 'requestId'>>
> & { readonly issuedAt: string; readonly resources?: readonly string[] };

export interface SiwePolicy {
  /** What was issued. Each field has to be the same, and a field that it has not has to be absent. */
  readonly issued: SiweFields;
  readonly now: Date;
}

/** The fields that a message has. */
export function fieldsOfSiwe({ warnings: _, ...message }: SiweMessage): SiweFields {
  const entries = Object.entries(message as Readonly<Record<string, unknown>>).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(entries) as unknown as SiweFields;
}

/** The text of a message with these fields; a refusal for fields that no message holds. */
export function writeSiwe(fields: SiweFields): Result<string, string> {
  try {
    const text = new SiweMessage(fields as unknown as SiweMessage).toMessage();
    const read = readSiweMessage(text);
    if (!read.ok) return read;
    return isDeepStrictEqual(fieldsOfSiwe(read.value), fields)
      ? accepted(text)
      : refused('message_malformed');
  } catch {
    return refused('message_malformed');
  }
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
  if (!isDeepStrictEqual(fieldsOfSiwe(read.value), issued)) return refused('message_mismatch');
  if (expirationTime !== undefined && now.getTime() >= Date.parse(expirationTime))
    return refused('message_expired');
  if (notBefore !== undefined && now.getTime() < Date.parse(notBefore))
    return refused('message_not_yet_valid');
  const address = readEvmAddress(shown);
  if (!address.ok) return address;
  const proof = await evmProofOf({ message, signature, address: address.value });
  return proof.ok ? accepted(proof.value) : proof;
}
