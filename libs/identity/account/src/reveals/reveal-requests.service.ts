import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { PrincipalsService } from '@countersign/admin';
import { AuditService, operator, personActor, type AuditAction } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import type { AppError } from '@countersign/errors';
import type { Keyset } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { peopleError } from '../people.errors';
import type { RevealRequestEntity } from './reveal-request.entity';
import { RevealRequestsRepository } from './reveal-requests.repository';
import type { WantedApproval } from './revealed-fields';

/** From the request on, for the decision and the use. */
const REVEAL_REQUEST_SECONDS = 1_800;

/** What an operator may do with an open request. */
export type Permission = { readonly revealRequestId: string } | { readonly refusal: AppError };

/** Requests to read personal fields or to export accounts, where a second principal has to approve. */
@Injectable()
export class RevealRequests {
  constructor(
    private readonly database: Database,
    private readonly requests: RevealRequestsRepository,
    private readonly principals: PrincipalsService,
    private readonly users: UsersService,
    private readonly configuration: Configuration,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Uses the operator's approved request for the same, or says why there is none. The caller holds the lock of the user,
   * and commits.
   * @param count counts a new request, and throws where the operator has made too many
   * @throws AppError user.reveal_not_independent
   */
  async use(
    tx: EntityManager,
    userId: string,
    wanted: WantedApproval,
    count: () => Promise<void>,
  ): Promise<Permission> {
    const actor = operator();
    await this.assertMayTakePart(tx, actor);
    const now = this.clock.now();
    const open = await this.requests.lockOpen(tx, actor, userId, wanted, now);
    if (open?.status === 'approved') {
      await this.requests.save(tx, { ...open, status: 'used' });
      return { revealRequestId: open.id };
    }
    if (open?.status === 'declined') return { refusal: peopleError('user.reveal_declined') };
    if (open) return { refusal: pending(open) };
    await count();
    const request: RevealRequestEntity = {
      id: uuidv7(),
      actor,
      userId,
      ...wanted,
      status: 'pending',
      requestedAt: now,
      expiresAt: plusSeconds(now, REVEAL_REQUEST_SECONDS),
      decidedBy: null,
      decidedAt: null,
    };
    await this.requests.insert(tx, request);
    await this.record(tx, 'user.reveal_requested', request);
    return { refusal: pending(request) };
  }

  /** Those that wait for a decision, newest first; one more than the limit. */
  async list(keyset: Keyset): Promise<readonly RevealRequestEntity[]> {
    return this.database.read((manager) => this.requests.listPending(manager, keyset, this.clock.now()));
  }

  /**
   * @throws AppError user.reveal_request_not_found, user.reveal_request_over, user.reveal_not_independent
   */
  async decide(requestId: string, decision: 'approved' | 'declined'): Promise<RevealRequestEntity> {
    await this.audit.prepare();
    return this.database.transaction(async (tx) => {
      const request = await this.requests.lock(tx, requestId);
      if (!request) throw peopleError('user.reveal_request_not_found');
      const now = this.clock.now();
      if (request.status !== 'pending' || request.expiresAt <= now)
        throw peopleError('user.reveal_request_over');
      await this.assertIndependent(tx, request);
      const decided = { ...request, status: decision, decidedBy: operator(), decidedAt: now };
      await this.requests.save(tx, decided);
      await this.record(tx, `user.reveal_${decision}`, decided);
      return decided;
    });
  }

  /** @throws AppError user.reveal_not_independent */
  private async assertIndependent(
    tx: EntityManager,
    { actor, requestedAt }: RevealRequestEntity,
  ): Promise<void> {
    const decider = operator();
    if (decider === actor) throw peopleError('user.reveal_not_independent');
    const common = await this.principals.commonOrigin(tx, actor, decider);
    if (common !== null)
      throw peopleError('user.reveal_not_independent', {
        detail: `Both depend on \`${common}\`, which created one of them or issued its credentials, or whose origin is unknown.`,
      });
    const requester = await this.assertMayTakePart(tx, actor);
    const principal = await this.assertMayTakePart(tx, decider);
    // The name of an operator at the command line is a statement and no proof.
    if (!requester && !principal) throw peopleError('user.reveal_not_independent');
    if (principal && (principal.createdAt >= requestedAt || principal.updatedAt >= requestedAt))
      throw peopleError('user.reveal_not_independent');
  }

  /**
   * A principal that creates others could be both. Where people sign in with a provider, a principal without it could be a
   * second one of the same person.
   * @returns null at the command line
   */
  private async assertMayTakePart(
    tx: EntityManager,
    actor: string,
  ): ReturnType<PrincipalsService['findActor']> {
    const principal = await this.principals.findActor(tx, actor);
    if (principal === null && actor.startsWith('principal:'))
      throw peopleError('user.reveal_not_independent');
    if (principal?.scopes.includes('principals:write')) throw peopleError('user.reveal_not_independent');
    const { consoleOidcIssuer: issuer } = this.configuration;
    if (principal && issuer !== null && !isOfIssuer(principal.providerSubject, issuer))
      throw peopleError('user.reveal_not_independent', {
        detail: 'With `CONSOLE_OIDC_ISSUER`, both principals have to sign in at that provider.',
      });
    return principal;
  }

  private async record(
    tx: EntityManager,
    action: AuditAction,
    { id, act, userId, identityId, fields, reason }: RevealRequestEntity,
  ): Promise<void> {
    await this.audit.record(tx, action, {
      actor: operator(),
      subject: personActor(await this.users.getAuditPseudonym(tx, userId)),
      details: {
        revealRequestId: id,
        ...(act === 'export' ? { act } : { fields: fields.join(' ') }),
        reason,
        ...(identityId === null ? {} : { identityId }),
      },
    });
  }
}

/** Discovery takes the issuer with and without a slash at the end: the id token has the spelling of the provider. */
function isOfIssuer(providerSubject: string | null, issuer: string): boolean {
  const [named = ''] = providerSubject?.split(' ', 1) ?? [];
  return URL.canParse(named) && new URL(named).href === new URL(issuer).href;
}

function pending({ id, expiresAt }: RevealRequestEntity): AppError {
  return peopleError('user.reveal_approval_pending', {
    members: { revealRequestId: id, expiresAt: expiresAt.toISOString() },
  });
}
