import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { assertAllowed, RateLimits, type Verdict } from '@countersign/limits';
import { DeviceKeys, dpopError, type Session } from '@countersign/sessions';
import { BoundKeys } from '../bound-keys';
import type { VerifiedSignIn } from './door';

export type NoteVerdict = (verdict: Verdict) => void;

/**
 * Sign-in limits per person and application. Runs after the proof was verified and
 * before anything is spent or written; then it spends the proof of the device key.
 */
@Injectable()
export class SignInLimits {
  constructor(
    private readonly limits: RateLimits,
    private readonly applications: ApplicationsService,
    private readonly deviceKeys: DeviceKeys,
    private readonly boundKeys: BoundKeys,
  ) {}

  /**
   * @param note gets each limit that the client may know of
   * @throws AppError request.rate_limited, dpop.proof_repeated
   */
  async countSignIn(signIn: VerifiedSignIn, note: NoteVerdict): Promise<void> {
    const { deviceProof } = signIn;
    hold(await this.countPerson(signIn), note);
    if (deviceProof) await this.deviceKeys.spend(deviceProof);
  }

  /** Like a sign-in, for a refresh. */
  async countRefresh(
    { id, applicationId }: Pick<Session, 'id' | 'applicationId'>,
    tx?: EntityManager,
  ): Promise<Verdict> {
    const { settings } = tx
      ? await this.applications.getByIdWithin(tx, applicationId)
      : await this.applications.getById(applicationId);
    const { limit, window } = settings.rateLimits.calls;
    return this.limits.consume({ name: 'refresh', limit: Math.ceil(limit / 2), window: 2 * window }, [id]);
  }

  /**
   * Keys are free, so all keys of a person share one count with sign-ins without a key. A stolen proof can
   * exhaust that count, so a key that a live session of the person is bound to has a count of its own.
   */
  private async countPerson({ proof, application, deviceProof }: VerifiedSignIn): Promise<Verdict> {
    const person = [application.id, proof.provider, proof.environment, proof.subject];
    const rule = { name: 'sign-in', ...application.settings.rateLimits.signIn };
    const together = await this.limits.consume(rule, [...person, '']);
    if (together.isAllowed || !deviceProof) return together;
    const { thumbprint } = deviceProof;
    if (!(await this.boundKeys.has(proof, application.id, thumbprint))) return together;
    // A repeated proof is not the owner's, so it must not use the owner's count.
    if (await this.deviceKeys.isSpent(deviceProof)) throw dpopError('dpop.proof_repeated');
    return this.limits.consume(rule, [...person, thumbprint]);
  }
}

/** @throws AppError request.rate_limited */
function hold(verdict: Verdict, note: NoteVerdict): void {
  note(verdict);
  assertAllowed(verdict);
}
