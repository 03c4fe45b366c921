import { accepted, refused, type Result } from '@countersign/errors';
import { decodeBase64url, isLongerThan, readJsonBytes } from '@countersign/text';
import type { DpopRefusal } from './dpop-refusals';
import { readProofClaims, type ProofClaims } from './proof-claims';
import { readProofHeader, type ProofHeader } from './proof-header';

/** A parsed proof. Nothing of it is verified. */
interface UnverifiedProof {
  readonly header: ProofHeader;
  readonly claims: ProofClaims;
}

/** In bytes. A proof with an RSA key of 4096 bits has about two thousand. */
const MAX_DPOP_PROOF_BYTES = 8192;

/** Reads a JWS in its compact form (RFC 7515, section 7.1), in one spelling only. */
export function readProof(proof: string): Result<UnverifiedProof, DpopRefusal> {
  if (isLongerThan(MAX_DPOP_PROOF_BYTES, proof)) return refused('dpop.too_long');
  const [header, payload, signature, ...more] = proof.split('.').map(decodeBase64url);
  const [headerMembers, payloadMembers] = [
    header && readJsonBytes(header),
    payload && readJsonBytes(payload),
  ];
  if (!headerMembers || !payloadMembers || !signature?.length || more.length > 0) {
    return refused('dpop.malformed');
  }

  const readHeader = readProofHeader(headerMembers);
  if (!readHeader.ok) return readHeader;
  const claims = readProofClaims(payloadMembers);
  return claims ? accepted({ header: readHeader.value, claims }) : refused('dpop.claims_invalid');
}
