import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor, operator } from '@countersign/audit';
import { PresentedProofs, ProofConsumption, type VerifiedSignIn } from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { sessionError, SessionsService, type Principal } from '@countersign/sessions';
import {
  AccountEvents,
  IdentitiesService,
  identityError,
  isAtLeast,
  type Lost,
  strongestProofOf,
  UsersService,
  UserSplitting,
} from '@countersign/users';
import { accountActs } from '../rules/account-acts';
import { accountError } from '../account.errors';
import { AccountActs, stepUpRequired, tooLow } from '../rules/account-acts.service';
import { trailOf } from '../rules/presented-proof';
import type { DetachmentResponse } from '../dto/me.response';
import { AccountJoinsRepository } from '../separation/account-joins.repository';
import { Separation } from '../separation/separation';

interface Detached extends DetachmentResponse {
  readonly ended: readonly string[];
  /** What could not return with the identity, where a merge was separated. */
  readonly lost: readonly Lost[];
}

/** Takes an identity out of an account into one of its own. */
@Injectable()
export class DetachmentService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly splitting: UserSplitting,
    private readonly sessions: SessionsService,
    private readonly proofs: PresentedProofs,
    private readonly consumption: ProofConsumption,
    private readonly acts: AccountActs,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly joins: AccountJoinsRepository,
    private readonly separation: Separation,
    private readonly clock: Clock,
  ) {}

  /**
   * For a person whose identity a weaker proof attached, with the grant of a sign-in that the platform itself signed, or with
   * an answer to a challenge for this. Another person may have attached it, so the account's level is not required.
   * @throws AppError account.step_up_required, account.grant_invalid, account.other_person, auth.assurance_too_low,
   * identity.not_detachable, identity.last_one, session.ended, and what its door refuses
   */
  async detachOwn(caller: Principal, body: unknown): Promise<DetachmentResponse> {
    const isGranted = typeof caller.stepUpGrant === 'string';
    const isShown = !isGranted && !isEmpty(body) && this.proofs.has('detach');
    if (!isGranted && !isShown) throw stepUpRequired(accountActs['account.detach']);
    const shown = isShown ? await this.proofs.open(body, caller, 'detach') : null;
    if (shown) await this.consumption.prepare(shown);
    const { ended, userId, identityId } = await this.database.transaction((tx) =>
      this.detachOwnIn(tx, caller, shown),
    );
    this.sessions.forget(ended);
    return { userId, identityId };
  }

  /**
   * By an operator: also from an account that the identity founded.
   * @throws AppError identity.not_found, identity.last_one
   */
  async detach(
    identityId: string,
  ): Promise<{ userId: string; endedSessions: number; lost: readonly Lost[] }> {
    const { userId, ended, lost } = await this.database.transaction(async (tx) => {
      const from = await this.splitting.ownerOf(tx, identityId);
      await this.users.lock(tx, from);
      return this.split(
        tx,
        { userId: from, identityId, isProven: false },
        { actor: operator(), details: {} },
      );
    });
    this.sessions.forget(ended);
    return { userId, endedSessions: ended.length, lost };
  }

  private async detachOwnIn(
    tx: EntityManager,
    caller: Principal,
    shown: VerifiedSignIn | null,
  ): Promise<Detached> {
    const { userId, sessionId, applicationId } = caller;
    await this.users.lock(tx, userId);
    const { trail } = await this.acts.lock(tx, caller, accountActs['account.detach']);
    const identityId = shown ? await this.consumed(tx, caller, shown) : caller.identityId;
    const own = await this.identities.listOf(tx, userId);
    const leaving = own.find(({ id }) => id === identityId);
    if (!leaving) throw sessionError('session.ended');
    if (leaving.isFounding || isAtLeast(leaving.cap, strongestProofOf(leaving.provider)))
      throw identityError('identity.not_detachable');
    const details = shown ? trailOf(shown.proof) : trail;
    return this.split(
      tx,
      { userId, identityId: leaving.id, isProven: true },
      { actor: `session:${sessionId}`, applicationId, details },
    );
  }

  /** Uses up the proof. @returns the identity that it names */
  private async consumed(tx: EntityManager, caller: Principal, { proof }: VerifiedSignIn): Promise<string> {
    const known = await this.users.findByClaim(proof, tx);
    if (known?.userId !== caller.userId) throw accountError('account.other_person');
    if (proof.assurance !== 'platform') throw tooLow('platform');
    await this.identities.assertProves(tx, known.identityId, proof);
    await this.consumption.consume(tx, proof, caller.sessionId);
    return known.identityId;
  }

  /** The caller has locked the account. Where the identity came by a merge that can be separated, that is done. */
  async split(
    tx: EntityManager,
    leaving: { readonly userId: string; readonly identityId: string; readonly isProven: boolean },
    by: {
      readonly actor: string;
      readonly applicationId?: string;
      readonly details: Readonly<Record<string, string>>;
    },
  ): Promise<Detached> {
    const { userId: fromId, identityId } = leaving;
    const merge = await this.joins.findOfIdentity(tx, identityId, this.clock.now());
    if (merge?.userId === fromId)
      return { identityId, ...(await this.separation.separate(tx, merge.id, by)) };
    const own = await this.identities.listOf(tx, fromId);
    await this.identities.assertNotAlone(tx, fromId, identityId);
    const identity = { userId: fromId, id: identityId };
    const ended = await this.sessions.end(tx, { userId: fromId, identityId }, 'unlinked');
    await this.sessions.forgetIdentity(tx, identity);
    const { userId, auditPseudonym } = await this.splitting.split(
      tx,
      { ...leaving, actor: by.actor },
      this.clock.now(),
    );
    await this.audit.record(tx, 'identity.detached', {
      ...by,
      subject: identityId,
      details: { ...by.details, into: personActor(auditPseudonym), endedSessions: String(ended.length) },
    });
    for (const { provider, environment } of own.filter(({ id }) => id === identityId))
      await this.events.add(tx, 'identity.detached', fromId, {
        userId: fromId,
        identityId,
        provider,
        environment,
      });
    await this.events.add(tx, 'user.created', fromId, { userId, identityId });
    for (const { provider } of own.filter(({ id }) => id === identityId))
      await this.identities.announce(tx, { identityId, provider, actor: by.actor, accountId: fromId });
    return { userId, identityId, ended, lost: [] };
  }
}

function isEmpty(body: unknown): boolean {
  return typeof body !== 'object' || body === null || Object.keys(body).length === 0;
}
