import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import {
  equalsConstantTime,
  KeyRing,
  lengthPrefixed,
  openUnder,
  sealUnder,
  sha256,
  unlessSealed,
} from '@countersign/crypto';
import { LostRace } from '@countersign/database';
import {
  dpopError,
  SessionsService,
  toPrincipal,
  type TokenPair,
  deviceKeySettings,
} from '@countersign/sessions';
import { authError } from '../auth.errors';
import type { VerifiedProof } from '../proof/verified-proof';
import { ProofsRepository, type AnsweredProof } from '../replay/proofs.repository';
import { isRepeatable, reentryOf } from '../replay/reentry.rule';
import {
  eventOf,
  NOTHING_ELSE,
  SignInOpenings,
  type OpenedSignIn,
  type SignInOpening,
} from './sign-in-openings';
import { authEvents } from '../auth.feature';

/** Neither the proof nor the key ring opens the pair alone. */
const PAIR_PURPOSE = 'countersign/token-pair/v1';

export interface Refused {
  readonly kind: 'other-key';
}

/** Decides what a used proof opens, and stores the data for that at its first use. */
@Injectable()
export class Reentries {
  constructor(
    private readonly proofs: ProofsRepository,
    private readonly sessions: SessionsService,
    private readonly openings: SignInOpenings,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  async reenter(
    tx: EntityManager,
    { signIn, user, newSession }: SignInOpening,
  ): Promise<OpenedSignIn | Refused> {
    const { proof, application, deviceKeyThumbprint = null } = signIn;
    const answered = await this.proofs.lock(tx, proof);
    if (!answered) throw new LostRace();
    const session = await this.sessions.lockById(tx, answered.sessionId);
    const isUndated = proof.madeAt === null;
    const presenter = {
      userId: user.userId,
      applicationId: application.id,
      door: proof.door,
      isUndated,
      isRegistered: proof.lasts === 'registered',
      deviceKeyThumbprint,
      isKeyRequired: deviceKeySettings.of(application.settings).required,
    };
    const pair = await this.openAnswer(tx, proof, answered);
    const isCurrent = session !== null && pair !== null && this.sessions.isCurrent(session, pair);
    const reentry = reentryOf(session, presenter, { at: answered.issuedAt, isCurrent }, this.clock.now());

    if (reentry === 'refuse') throw authError('auth.proof_used');
    if (reentry === 'not-bound') throw dpopError('dpop.session_not_bound');
    if (reentry === 'follow') {
      if (session) await this.sessions.end(tx, { ids: [session.id] }, 'idle');
      const [opened] = await this.openings.open(tx, [{ signIn, user, newSession }]);
      if (!opened) throw new Error('a session was not opened');
      await this.proofs.answer(tx, proof, this.toAnswer(proof, newSession.sessionId, newSession.pair, false));
      return opened.outcome;
    }
    const principal = session && toPrincipal(session);
    if (!session || !principal) throw authError('auth.proof_used');
    if (reentry === 'other-key') {
      if (await this.sessions.noteRefusedReentry(tx, session))
        await this.audit.record(tx, authEvents.sessionReentryRefused, eventOf(signIn, user, session.id));
      return { kind: 'other-key' };
    }
    if (reentry === 'repeat' && pair) {
      const issued = this.sessions.toIssued(session, pair);
      return { ...NOTHING_ELSE, issued, principal, isNewUser: answered.isNewUser };
    }
    const reenteredAt = this.clock.now();
    const issued = await this.sessions.renew(tx, session, deviceKeyThumbprint, reenteredAt);
    await this.proofs.answer(tx, proof, this.toAnswer(proof, session.id, issued, false));
    await this.audit.record(tx, authEvents.sessionReentered, eventOf(signIn, user, session.id));
    const reentered = { ...principal, authenticatedAt: reenteredAt };
    return { ...NOTHING_ELSE, issued, principal: reentered };
  }

  private async openAnswer(
    tx: EntityManager,
    { secret }: VerifiedProof,
    answered: AnsweredProof,
  ): Promise<TokenPair | null> {
    const { sessionId, secretDigest, issuedAt } = answered;
    if (secretDigest === null || !equalsConstantTime(secretDigest, digestOfSecret(secret)))
      throw authError('auth.proof_used');
    if (!isRepeatable(issuedAt, this.clock.now())) return null;
    const sealed = answered.answeredPair ?? (await this.proofs.findPair(tx, answered));
    if (!sealed) return null;
    const keys = this.keyRing.all('sealing');
    const opened = unlessSealed(() => openUnder(secret, PAIR_PURPOSE, sealed, sessionId, keys));
    if (!opened) return null;
    const [accessToken, refreshToken] = JSON.parse(opened.toString('utf8')) as [string, string];
    return { accessToken, refreshToken };
  }

  toAnswer(
    proof: VerifiedProof,
    sessionId: string,
    { accessToken, refreshToken }: TokenPair,
    isNewUser: boolean,
  ): AnsweredProof {
    const text = Buffer.from(JSON.stringify([accessToken, refreshToken]));
    const key = this.keyRing.active('sealing');
    return {
      sessionId,
      issuedAt: this.clock.now(),
      isNewUser,
      secretDigest: digestOfSecret(proof.secret),
      answeredPair: sealUnder(proof.secret, PAIR_PURPOSE, text, sessionId, key),
    };
  }
}

function digestOfSecret(secret: Buffer): Buffer {
  return sha256(lengthPrefixed(['countersign/proof-secret/v1', secret]));
}
