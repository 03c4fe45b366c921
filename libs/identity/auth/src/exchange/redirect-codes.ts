import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { equalsConstantTime, sha256 } from '@countersign/crypto';
import { Database, type OneTimeKind, OneTimeTokens } from '@countersign/database';
import { SessionsService } from '@countersign/sessions';
import { authError } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import type { VerifiedProof } from '../proof/verified-proof';
import { ProofsRepository } from '../replay/proofs.repository';

type Portable = Omit<VerifiedProof, 'madeAt' | 'proofId' | 'secret'> & {
  readonly madeAt: string | null;
  readonly proofId: string;
  readonly secret: string;
};

function toPortable(proof: VerifiedProof): Portable {
  return {
    ...proof,
    madeAt: proof.madeAt?.toISOString() ?? null,
    proofId: proof.proofId.toString('base64url'),
    secret: proof.secret.toString('base64url'),
  };
}

function fromPortable(portable: Portable): VerifiedProof {
  return {
    ...portable,
    madeAt: portable.madeAt === null ? null : new Date(portable.madeAt),
    proofId: Buffer.from(portable.proofId, 'base64url'),
    secret: Buffer.from(portable.secret, 'base64url'),
  };
}

/** The page has a minute to exchange the code, and presents the verifier of its challenge (RFC 7636, S256). */
const CODE: OneTimeKind<{ readonly proof: Portable; readonly codeChallenge: string | null }> = {
  name: 'redirect-code',
  prefix: 'cs_rc',
  lifetimeSeconds: 60,
};

/** One-time codes keep proofs and tokens out of URLs. A redirect door issues a code, and the page exchanges it. */
@Injectable()
export class RedirectCodes {
  constructor(
    private readonly tokens: OneTimeTokens,
    private readonly database: Database,
    private readonly proofs: ProofsRepository,
    private readonly sessions: SessionsService,
  ) {}

  /** @param codeChallenge of PKCE (S256), if the page began the sign-in @param confirm re-checks under a lock */
  async issue(
    proof: VerifiedProof,
    codeChallenge: string | null,
    confirm?: VerifiedSignIn['consume'],
  ): Promise<string> {
    const { applicationId } = proof;
    const content = { proof: toPortable(proof), codeChallenge };
    return (await this.tokens.issue(CODE, { applicationId, content }, confirm)).token;
  }

  /**
   * Nothing is consumed before `consume`: after a refused sign-in, the code is still valid. A used code that comes
   * again with its verifier ends the session that it opened. A code without a challenge does not, because its URL would
   * be enough to end a session.
   */
  async redeem(
    applicationId: string,
    code: string,
    codeVerifier: string | undefined,
  ): Promise<
    Pick<Required<VerifiedSignIn>, 'proof' | 'consume' | 'onReuse'> & { readonly codeIssuedAt: Date }
  > {
    const found = await this.tokens.find(CODE, code);
    if (found?.applicationId !== applicationId) throw authError('auth.code_invalid');
    const { codeChallenge } = found.content;
    assertVerifier(codeChallenge, codeVerifier);
    if (!found.isUsed && found.isExpired) throw authError('auth.code_expired');
    const proof = fromPortable(found.content.proof);
    const onReuse = async (): Promise<void> => {
      if (codeChallenge !== null) await this.endSessionOf(proof);
    };
    if (found.isUsed) {
      await onReuse();
      throw authError('auth.code_used');
    }
    const consume = async (tx: EntityManager): Promise<void> => {
      if (!(await this.tokens.consume(tx, CODE, code))) throw authError('auth.code_used');
    };
    return { proof, onReuse, consume, codeIssuedAt: found.issuedAt };
  }

  async cancel(tx: EntityManager, applicationId: string): Promise<void> {
    await this.tokens.cancel(tx, CODE, applicationId);
  }

  /**
   * One of the two presenters may have stolen the code, perhaps the first (RFC 6749 section 4.1.2, RFC 9700 section
   * 2.1.1). Does nothing if a session consumed the proof of the code, or if the session has ended.
   */
  private async endSessionOf(proof: VerifiedProof): Promise<void> {
    await this.database.transaction(async (tx) => {
      const answered = await this.proofs.lock(tx, proof);
      if (answered?.secretDigest)
        await this.sessions.end(tx, { ids: [answered.sessionId] }, 'code-reuse', { by: 'system' });
    });
  }
}

/** RFC 7636 section 4.6. A verifier without a challenge is a downgrade attempt, so it is refused too. */
function assertVerifier(challenge: string | null, verifier: string | undefined): void {
  if (challenge === null && verifier === undefined) return;
  const made = sha256(verifier ?? '').toString('base64url');
  const matches = equalsConstantTime(Buffer.from(made), Buffer.from(challenge ?? ''));
  if (verifier === undefined || !matches) throw authError('auth.code_verifier_mismatch');
}
