import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { KeyRing, tokenDigest } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import { assertAllowed, RateLimits, type LimitRule } from '@countersign/limits';
import type { Principal } from '@countersign/sessions';
import { roleActs, TeamAccess, teamError } from '@countersign/teams';
import { UsersService } from '@countersign/users';
import { Acceptances, type Acceptance, type AcceptanceRefusal } from './acceptance';
import { InvitationFactsRepository, type InvitationFacts } from './invitation-facts.repository';
import { InvitationMetrics } from './invitation-metrics';
import { InvitationRecipientsRepository } from '../store/invitation-recipients.repository';
import { turnOfToken } from '../invitation';
import { invitationError } from '../invitations.errors';
import { addressOf } from './invitee';
import { Invitees } from './invitees';
import { Removals } from '../removal/removals';

/** Unknown tokens and ids, of one person. */
const MISSES: LimitRule = { name: 'invitation-misses', limit: 30, window: 600 };

/** Previews and accepts invitations, for the people who received them. */
@Injectable()
export class OwnInvitationsService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly access: TeamAccess,
    private readonly acceptances: Acceptances,
    private readonly invitees: Invitees,
    private readonly removals: Removals,
    private readonly facts: InvitationFactsRepository,
    private readonly recipients: InvitationRecipientsRepository,
    private readonly limits: RateLimits,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
    private readonly metrics: InvitationMetrics,
    private readonly clock: Clock,
  ) {}

  /** Without joining. @throws AppError invitation.*, request.rate_limited */
  async preview(caller: Principal, token: string): Promise<InvitationFacts> {
    await this.assertMayTry(caller);
    const { found, invitee } = await this.database.read(async (manager) => ({
      found: await this.byToken(manager, caller, token).then(
        (one) => one && this.removals.complete(manager, one),
      ),
      invitee: await this.invitees.ofSession(manager, caller),
    }));
    if (!found) throw await this.miss(caller);
    const refusal = this.acceptances.judge(found, invitee);
    if (refusal) throw invitationError(refusal);
    return found;
  }

  /** @throws AppError invitation.*, team.*, auth.assurance_too_low, request.rate_limited */
  async acceptByToken(caller: Principal, token: string): Promise<InvitationFacts> {
    return this.accept(caller, turnOfToken(token), (tx) => this.byToken(tx, caller, token));
  }

  /** For one that is addressed to the person. @throws as `acceptByToken` */
  async acceptById(caller: Principal, id: string): Promise<InvitationFacts> {
    return this.accept(caller, `invitation/${id}`, async (tx) => {
      const found = await this.facts.findById(tx, caller.userId, id);
      if (found?.applicationId !== caller.applicationId || found.recipientKind === null) return null;
      const address = addressOf(this.keyRing, found, await this.invitees.ofSession(tx, caller));
      return address === 'other' ? null : found;
    });
  }

  /** Open ones that are addressed to the person, newest first. */
  async list(caller: Principal, query: PageQuery): Promise<Page<InvitationFacts>> {
    const { userId, applicationId } = caller;
    const keyset = toKeyset(query);
    const found = await this.database.read(async (manager) => {
      const { recipients } = await this.invitees.ofSession(manager, caller);
      const addressed = await this.recipients.findInvitations(manager, recipients);
      const ids = await this.removals.withoutRefused(manager, userId, addressed);
      return this.facts.listOpen(manager, { userId, applicationId, ids }, this.clock.now(), keyset);
    });
    return toPage(
      found,
      keyset.limit,
      ({ id }) => id,
      (facts) => facts,
    );
  }

  private async accept(
    caller: Principal,
    turn: string,
    find: (tx: EntityManager) => Promise<InvitationFacts | null>,
  ): Promise<InvitationFacts> {
    await this.assertMayTry(caller);
    await this.audit.prepare();
    const outcome = await this.database.transactionInTurn(turn, async (tx) => {
      await this.users.lock(tx, caller.userId);
      const known = await find(tx);
      if (!known) return null;
      const found = await this.removals.complete(tx, known);
      const invitee = await this.invitees.ofSession(tx, caller);
      if (!this.acceptances.judge(found, invitee))
        await this.access.assertAssurance(caller, found.role, roleActs['members.become_admin'], tx);
      return this.acceptances.accept(tx, found, invitee, 'invitation');
    });
    this.metrics.answered(codeOf(outcome));
    if (!outcome) throw await this.miss(caller);
    if (outcome.outcome === 'refused') throw errorOf(outcome.code);
    return outcome.facts;
  }

  private async byToken(
    manager: EntityManager,
    { userId, applicationId }: Principal,
    token: string,
  ): Promise<InvitationFacts | null> {
    const [found] = await this.facts.findByTokens(manager, [{ userId, tokenDigest: tokenDigest(token) }]);
    return found?.applicationId === applicationId ? found : null;
  }

  private async assertMayTry({ userId }: Principal): Promise<void> {
    assertAllowed(await this.limits.peek(MISSES, [userId]));
  }

  /** Counts an unknown token or id: the caller may be guessing. */
  private async miss({ userId }: Principal): Promise<Error> {
    await this.limits.consume(MISSES, [userId]);
    return invitationError('invitation.not_found');
  }
}

function codeOf(acceptance: Acceptance | null): string {
  if (!acceptance) return 'invitation.not_found';
  return acceptance.outcome === 'refused' ? acceptance.code : 'accepted';
}

function errorOf(code: AcceptanceRefusal): Error {
  return code === 'team.too_many_teams' || code === 'team.not_accepted'
    ? teamError(code)
    : invitationError(code);
}
