import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock, DAY, plusSeconds } from '@countersign/clock';
import { Database } from '@countersign/database';
import { lastProofOf, SessionsService, STEP_UP_SECONDS, type Principal } from '@countersign/sessions';
import { IdentitiesService, InstallationRepository, UsersService } from '@countersign/users';
import { AccountActs, tooLow, type Asking } from '../account-plane';
import { DetachmentService } from '../detachment.service';
import { AccountJoinsRepository } from './account-joins.repository';
import type { SeparableJoinResponse, SeparationResponse } from './dto/separation.dto';
import { separationError } from './separation.errors';
import { Separation, type SeparatedMerge } from './separation';

/**
 * What a person separates whose identity came to another account by a merge or a link. Another person may have brought it
 * there, so neither the account's level nor a step-up is required, and nothing that the account does takes it away.
 */
@Injectable()
export class OwnSeparationsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly installation: InstallationRepository,
    private readonly joins: AccountJoinsRepository,
    private readonly separation: Separation,
    private readonly detachments: DetachmentService,
    private readonly sessions: SessionsService,
    private readonly acts: AccountActs,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Those by which the identity of the session came. */
  async list(caller: Principal): Promise<readonly SeparableJoinResponse[]> {
    return this.database.read((manager) => this.listIn(manager, caller));
  }

  /**
   * The sessions of the identities that leave end, this one among them.
   * @throws AppError auth.assurance_too_low, separation.not_found, separation.proof_too_old,
   * identity.last_one
   */
  async separate(caller: Principal, joinId: string): Promise<SeparationResponse> {
    await this.audit.prepare();
    const { userId, ended, lost } = await this.database.transaction((tx) =>
      this.separateIn(tx, caller, joinId),
    );
    this.sessions.forget(ended);
    return { userId, endedSessions: ended.length, lost };
  }

  private async separateIn(tx: EntityManager, caller: Principal, joinId: string): Promise<SeparatedMerge> {
    await this.users.lock(tx, caller.userId);
    const asking = await this.acts.lock(tx, caller);
    const { session } = asking;
    if (session.isOfAllowedBot) throw tooLow('bot-token');
    const found = (await this.listIn(tx, caller)).find((join) => join.joinId === joinId);
    if (!found) throw separationError('separation.not_found');
    if (!this.isProofFresh(asking)) throw separationError('separation.proof_too_old');
    const by = { actor: `session:${caller.sessionId}`, applicationId: caller.applicationId };
    if (found.kind === 'merge') return this.separation.separate(tx, joinId, by);
    const leaving = { userId: caller.userId, identityId: joinId, isProven: session.assurance === 'platform' };
    return this.detachments.split(tx, leaving, { ...by, details: {} });
  }

  /** An old launch that enters a session again proves nothing. Links of vendors have no date: their sign-in counts. */
  private isProofFresh({ session, asking, isFreshSignIn }: Asking): boolean {
    if (isFreshSignIn || asking.stepUp !== null) return true;
    const since = plusSeconds(this.clock.now(), -STEP_UP_SECONDS);
    return session.proofMadeAt === null && lastProofOf(session) > since;
  }

  private async listIn(
    manager: EntityManager,
    { userId, identityId }: Principal,
  ): Promise<readonly SeparableJoinResponse[]> {
    const now = this.clock.now();
    const merges = (await this.joins.listOf(manager, userId)).filter(
      ({ identityIds, separableUntil }) => identityIds.includes(identityId) && separableUntil > now,
    );
    const link = await this.linkOf(manager, userId, identityId);
    return [
      ...(link && link.until > now ? [toLink(identityId, link)] : []),
      ...merges.map(({ id, mergedUserId, identityIds, joinedAt, separableUntil }) => ({
        joinId: id,
        kind: 'merge' as const,
        userId: mergedUserId,
        identityIds,
        joinedAt: joinedAt.toISOString(),
        separableUntil: separableUntil.toISOString(),
      })),
    ];
  }

  private async linkOf(
    manager: EntityManager,
    userId: string,
    identityId: string,
  ): Promise<{ readonly at: Date; readonly until: Date } | null> {
    const at = await this.identities.linkedAt(manager, userId, identityId);
    if (!at) return null;
    const { separationDays } = await this.installation.read(manager);
    return { at, until: new Date(at.getTime() + separationDays * DAY) };
  }
}

function toLink(
  identityId: string,
  { at, until }: { readonly at: Date; readonly until: Date },
): SeparableJoinResponse {
  return {
    joinId: identityId,
    kind: 'link',
    userId: null,
    identityIds: [identityId],
    joinedAt: at.toISOString(),
    separableUntil: until.toISOString(),
  };
}
