import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { SessionsService } from '@countersign/sessions';
import { AccountEvents, IdentitiesService, type Lost, UsersService, UserSplitting } from '@countersign/users';
import { AccountJoinsRepository } from '../separation/account-joins.repository';
import { Separation, type SeparatedBy, type SeparatedMerge } from '../separation/separation';

/** Takes an identity out of an account into one of its own, or confirms that it belongs there. */
@Injectable()
export class DetachmentService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly splitting: UserSplitting,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly joins: AccountJoinsRepository,
    private readonly separation: Separation,
    private readonly clock: Clock,
  ) {}

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
      return this.split(tx, { userId: from, identityId, isProven: false }, { actor: operator() });
    });
    this.sessions.forget(ended);
    return { userId, endedSessions: ended.length, lost };
  }

  /** By an operator. @throws AppError identity.not_found */
  async confirm(identityId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, await this.splitting.ownerOf(tx, identityId));
      await this.identities.confirm(tx, identityId);
      await this.audit.record(tx, 'identity.confirmed', { actor: operator(), subject: identityId });
    });
  }

  /** The caller has locked the account. Where the identity came by a merge that can be separated, that is done. */
  async split(
    tx: EntityManager,
    leaving: { readonly userId: string; readonly identityId: string; readonly isProven: boolean },
    by: SeparatedBy,
  ): Promise<SeparatedMerge> {
    const { userId: fromId, identityId } = leaving;
    const merge = await this.joins.findOfIdentity(tx, identityId, this.clock.now());
    if (merge?.userId === fromId) return this.separation.separate(tx, merge.id, by);
    await this.identities.assertNotAlone(tx, fromId, identityId);
    const identity = { userId: fromId, id: identityId };
    const ended = await this.sessions.end(tx, { userId: fromId, identityId }, 'unlinked');
    await this.sessions.forgetIdentity(tx, identity);
    const { userId, auditPseudonym, provider, environment } = await this.splitting.split(
      tx,
      { ...leaving, actor: by.actor },
      this.clock.now(),
    );
    await this.audit.record(tx, 'identity.detached', {
      ...by,
      subject: identityId,
      details: { into: personActor(auditPseudonym), endedSessions: String(ended.length) },
    });
    const moved = { userId: fromId, identityId, provider, environment };
    await this.events.add(tx, 'identity.detached', fromId, moved);
    await this.events.add(tx, 'user.created', fromId, { userId, identityId });
    await this.identities.announce(tx, { identityId, provider, actor: by.actor, accountId: fromId });
    return { userId, ended, lost: [] };
  }
}
