import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor, operator } from '@countersign/audit';
import {
  authError,
  isOfAllowedBot,
  PresentedProofs,
  ProofSpending,
  type VerifiedSignIn,
} from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { SessionsService, type Principal } from '@countersign/sessions';
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
import { accountError } from './account.errors';
import { tooLow, trailOf } from './account-plane';
import type { DetachmentResponse } from './dto/detachment.response';
import { AccountJoinsRepository } from './separation/account-joins.repository';
import { Separation } from './separation/separation';

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
    private readonly spending: ProofSpending,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly joins: AccountJoinsRepository,
    private readonly separation: Separation,
    private readonly clock: Clock,
  ) {}

  /**
   * For a person with a proof of the platform itself, of an identity that a weaker proof attached. Another
   * person may have attached it, so neither the account's level nor a step-up is required.
   * @throws AppError account.other_person, auth.assurance_too_low, identity.not_detachable,
   * identity.last_one, auth.proof_used, auth.proof_not_fresh, and what the door refuses
   */
  async detachOwn(caller: Principal, body: unknown): Promise<DetachmentResponse> {
    const verified = await this.proofs.open(body, caller, 'detach');
    await this.spending.prepare(verified);
    await this.audit.prepare();
    const { ended, userId, identityId } = await this.database.transaction((tx) =>
      this.detachOwnIn(tx, caller, verified),
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
    await this.audit.prepare();
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
    { proof, spend }: VerifiedSignIn,
  ): Promise<Detached> {
    await spend?.(tx);
    await this.users.lock(tx, caller.userId);
    const known = await this.users.findByClaim(proof, tx);
    if (known?.userId !== caller.userId) throw accountError('account.other_person');
    if (isOfAllowedBot(proof) || proof.assurance !== 'platform') throw tooLow('platform');
    const { sessionId } = caller;
    const use = { sessionId, act: 'detach', outcome: known.identityId } as const;
    if ((await this.spending.spend(tx, proof, use)) !== null) throw authError('auth.proof_used');
    if (known.isFounding || isAtLeast(known.cap, strongestProofOf(proof.provider)))
      throw identityError('identity.not_detachable');
    return this.split(
      tx,
      { userId: caller.userId, identityId: known.identityId, isProven: true },
      { actor: `session:${sessionId}`, applicationId: caller.applicationId, details: trailOf(proof) },
    );
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
    const ended = await this.sessions.endOfIdentity(tx, identity, 'unlinked');
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
      await this.identities.tell(tx, { identityId, provider, actor: by.actor, accountId: fromId });
    return { userId, identityId, ended, lost: [] };
  }
}
