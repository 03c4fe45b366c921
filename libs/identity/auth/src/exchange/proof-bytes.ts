import type { VerifiedProof } from '../proof/verified-proof';

type Portable = Omit<VerifiedProof, 'madeAt' | 'proofId' | 'secret' | 'door'> & {
  /** Absent in what a replica of the previous version sealed. */
  readonly door?: VerifiedProof['door'];
  readonly madeAt: string | null;
  readonly proofId: string;
  readonly secret: string;
};

/** A verified proof as bytes, to be sealed. */
export function proofToBytes(proof: VerifiedProof): Buffer {
  const portable: Portable = {
    ...proof,
    madeAt: proof.madeAt?.toISOString() ?? null,
    proofId: proof.proofId.toString('base64url'),
    secret: proof.secret.toString('base64url'),
  };
  return Buffer.from(JSON.stringify(portable));
}

/** The reverse, for bytes that were sealed by this service. */
export function proofFromBytes(bytes: Buffer): VerifiedProof {
  const portable = JSON.parse(bytes.toString('utf8')) as Portable;
  return {
    ...portable,
    door: portable.door ?? null,
    madeAt: portable.madeAt === null ? null : new Date(portable.madeAt),
    proofId: Buffer.from(portable.proofId, 'base64url'),
    secret: Buffer.from(portable.secret, 'base64url'),
  };
}
