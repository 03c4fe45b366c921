import { TextDecoder } from 'node:util';
import { accepted, refused, type Result } from '@countersign/errors';
import { isLongerThan, readJsonMembers, type JsonMembers } from '@countersign/text';
import { decodeBase64Url } from './base64url';
import type { DpopRefusal } from './dpop-refusals';
import { readProofClaims, type ProofClaims } from './proof-claims';
import { readProofHeader, type ProofHeader } from './proof-header';

/** A proof taken apart. Nothing of it is proved. */
export interface UnverifiedProof {
  readonly header: ProofHeader;
  readonly claims: ProofClaims;
}

/** In bytes. A proof with an RSA key of 4096 bits has about two thousand. */
export const MAX_DPOP_PROOF_BYTES = 8192;

/** The order mark stays, and is no JSON; bytes that are not UTF-8 are refused, not replaced. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a JWS in its compact form (RFC 7515, section 7.1), in one spelling only. */
export function readProof(proof: string): Result<UnverifiedProof, DpopRefusal> {
  if (isLongerThan(MAX_DPOP_PROOF_BYTES, proof)) return refused('dpop.too_long');
  const [header, payload, signature, ...more] = proof.split('.').map(decodeBase64Url);
  const [headerMembers, payloadMembers] = [readJsonBytes(header), readJsonBytes(payload)];
  if (!headerMembers || !payloadMembers || !signature?.length || more.length > 0) {
    return refused('dpop.malformed');
  }

  const readHeader = readProofHeader(headerMembers);
  if (!readHeader.ok) return readHeader;
  const claims = readProofClaims(payloadMembers);
  return claims ? accepted({ header: readHeader.value, claims }) : refused('dpop.claims_invalid');
}

function readJsonBytes(bytes: Buffer | undefined): JsonMembers | undefined {
  try {
    return bytes && readJsonMembers(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}
