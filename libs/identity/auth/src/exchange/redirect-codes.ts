import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository, type EntityManager } from 'typeorm';
import { Clock, plusSeconds } from '@countersign/clock';
import {
  equalsConstantTime,
  KeyRing,
  mintToken,
  openUnder,
  readToken,
  sealUnder,
  sha256,
  unlessSealed,
} from '@countersign/crypto';
import { Database } from '@countersign/database';
import { authError } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import type { VerifiedProof } from '../proof/verified-proof';
import { RedirectCodeEntity } from './redirect-code.entity';
import { ReusedCodes } from './reused-codes';

type Portable = Omit<VerifiedProof, 'madeAt' | 'proofId' | 'secret' | 'door'> & {
  /** Absent in what a replica of the previous version sealed. */
  readonly door?: VerifiedProof['door'];
  readonly madeAt: string | null;
  readonly proofId: string;
  readonly secret: string;
};

/** A verified proof as bytes, to be sealed. */
function proofToBytes(proof: VerifiedProof): Buffer {
  const portable: Portable = {
    ...proof,
    madeAt: proof.madeAt?.toISOString() ?? null,
    proofId: proof.proofId.toString('base64url'),
    secret: proof.secret.toString('base64url'),
  };
  return Buffer.from(JSON.stringify(portable));
}

/** The reverse, for bytes that were sealed by this service. */
function proofFromBytes(bytes: Buffer): VerifiedProof {
  const portable = JSON.parse(bytes.toString('utf8')) as Portable;
  return {
    ...portable,
    door: portable.door ?? null,
    madeAt: portable.madeAt === null ? null : new Date(portable.madeAt),
    proofId: Buffer.from(portable.proofId, 'base64url'),
    secret: Buffer.from(portable.secret, 'base64url'),
  };
}

/** How long the page has to exchange the code. */
const REDIRECT_CODE_SECONDS = 60;

const PURPOSE = 'countersign/redirect-code/v1';
const PREFIX = 'cs_rc';
const SECRET_BYTES = 32;

/** A code as it is presented. */
interface PresentedCode {
  readonly applicationId: string;
  readonly code: string;
  readonly codeVerifier: string | undefined;
}

/** The proof of a code, and how to use it up. */
interface RedeemedCode {
  readonly proof: VerifiedProof;
  readonly spend: (tx: EntityManager) => Promise<void>;
  /** To be called after the rollback when `spend` threw auth.code_used. */
  readonly onReuse: () => Promise<void>;
  readonly issuedAt: Date;
}

/**
 * One-time codes: a redirect door verifies a proof, and the page that it redirects to exchanges the code for
 * tokens, so that no URL contains a proof or token. The proof is sealed under the code, of which only a
 * digest is stored.
 */
@Injectable()
export class RedirectCodes {
  constructor(
    @InjectRepository(RedirectCodeEntity) private readonly codes: Repository<RedirectCodeEntity>,
    private readonly database: Database,
    private readonly reused: ReusedCodes,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /**
   * @param codeChallenge of PKCE (S256), when the page began the sign-in and so holds the verifier
   * @param confirm re-checks under a lock what the proof rests on
   */
  async issue(
    proof: VerifiedProof,
    codeChallenge: string | null,
    confirm: VerifiedSignIn['spend'] = null,
  ): Promise<string> {
    const code = mintToken(this.keyRing, PREFIX, randomBytes(SECRET_BYTES));
    const digest = sha256(Buffer.from(code));
    const content = sealUnder(Buffer.from(code), PURPOSE, proofToBytes(proof), digest.toString('hex'));
    const expiresAt = plusSeconds(this.clock.now(), REDIRECT_CODE_SECONDS);
    const { applicationId } = proof;
    const row: RedirectCodeEntity = {
      digest,
      applicationId,
      content,
      codeChallenge,
      expiresAt,
      usedAt: null,
    };
    await this.database.transaction(async (tx) => {
      await confirm?.(tx);
      await tx.withRepository(this.codes).insert(row);
    });
    return code;
  }

  /**
   * Nothing is used up before `spend`: after a refused sign-in the code is still good. A used code that comes again with
   * its verifier ends the session that it opened. One without a challenge does not: nothing but its URL would be needed.
   * @throws AppError auth.code_invalid, auth.code_used, auth.code_expired, auth.code_verifier_mismatch
   */
  async redeem(presented: PresentedCode): Promise<RedeemedCode> {
    const { applicationId, code, codeVerifier } = presented;
    // Junk is refused before the database is asked.
    if (!readToken(this.keyRing, PREFIX, SECRET_BYTES, code)) throw authError('auth.code_invalid');
    const digest = sha256(Buffer.from(code));
    const row = await this.database.read(() => this.codes.findOneBy({ digest }));
    if (row?.applicationId !== applicationId) throw authError('auth.code_invalid');
    assertVerifier(row.codeChallenge, codeVerifier);
    if (!row.usedAt && row.expiresAt <= this.clock.now()) throw authError('auth.code_expired');
    const content = unlessSealed(() =>
      openUnder(Buffer.from(code), PURPOSE, row.content, digest.toString('hex')),
    );
    if (!content) throw authError('auth.code_invalid');
    const proof = proofFromBytes(content);
    const onReuse = async (): Promise<void> => {
      if (row.codeChallenge !== null) await this.reused.endSessionOf(proof);
    };
    if (row.usedAt) {
      await onReuse();
      throw authError('auth.code_used');
    }
    return {
      proof,
      onReuse,
      spend: (tx) => this.spend(tx, digest),
      issuedAt: plusSeconds(row.expiresAt, -REDIRECT_CODE_SECONDS),
    };
  }

  /** Invalidates the codes of an application that are not exchanged yet. */
  async cancel(tx: EntityManager, applicationId: string): Promise<void> {
    await tx
      .withRepository(this.codes)
      .update({ applicationId, usedAt: IsNull() }, { usedAt: this.clock.now() });
  }

  private async spend(tx: EntityManager, digest: Buffer): Promise<void> {
    const { affected } = await tx
      .withRepository(this.codes)
      .update({ digest, usedAt: IsNull() }, { usedAt: this.clock.now() });
    if (affected !== 1) throw authError('auth.code_used');
  }
}

/**
 * RFC 7636 section 4.6. A verifier for a code without a challenge is refused too: it is a downgrade attempt.
 */
function assertVerifier(challenge: string | null, verifier: string | undefined): void {
  if (challenge === null && verifier === undefined) return;
  const made = createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url');
  const matches = equalsConstantTime(Buffer.from(made), Buffer.from(challenge ?? ''));
  if (verifier === undefined || !matches) throw authError('auth.code_verifier_mismatch');
}
