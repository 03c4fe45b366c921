import { compactVerify, errors, importJWK, type CryptoKey } from 'jose';
import type { DpopRefusal } from './dpop-refusals';
import type { ProofHeader } from './proof-header';

/** Whether the key in the header made the signature, with the algorithm of the header. */
export async function findSignatureFault(
  proof: string,
  header: ProofHeader,
): Promise<DpopRefusal | undefined> {
  const key = await importKey(header);
  if (!key) return 'dpop.key_refused';
  try {
    await compactVerify(proof, key, { algorithms: [header.algorithm] });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError) return 'dpop.signature_invalid';
    throw error;
  }
}

/** Undefined for numbers that are no key, such as a point that is not on the curve. */
async function importKey({ jwk, algorithm }: ProofHeader): Promise<CryptoKey | undefined> {
  try {
    const key = await importJWK({ ...jwk }, algorithm);
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    return undefined;
  }
}
