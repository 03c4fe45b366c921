import { Injectable } from '@nestjs/common';
import { Clock, earliest } from '@countersign/clock';
import { Database } from '@countersign/database';
import { toResponse, type Keyset } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { doorNames, endOf, lastProofOf, lastUseOf } from '../session';
import { sessionError } from '../session.errors';
import { ListedSessionsRepository } from './listed-sessions.repository';
import type { ListedSession, SessionFilter } from './listed-session';
import { AdminSessionResponse } from './dto/session.response';

/** Sessions of all people, for operators. */
@Injectable()
export class ListedSessions {
  constructor(
    private readonly database: Database,
    private readonly repository: ListedSessionsRepository,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** Newest first; one more than the limit of the page. */
  async list(filter: SessionFilter, keyset: Keyset): Promise<readonly ListedSession[]> {
    const current = await this.ofSurvivor(filter);
    return this.database.read((manager) => this.repository.list(manager, current, keyset, this.clock.now()));
  }

  /** @throws AppError session.not_found */
  async get(sessionId: string): Promise<ListedSession> {
    const found = await this.database.read((manager) => this.repository.find(manager, sessionId));
    if (!found) throw sessionError('session.not_found');
    return found;
  }

  /** Also for the id of a merged account. @throws AppError user.not_found */
  async assertUser(userId: string): Promise<void> {
    await this.database.read(async (manager) =>
      this.users.getAuditPseudonym(manager, await this.users.resolveId(userId, manager)),
    );
  }

  toResponse(session: ListedSession): AdminSessionResponse {
    const endReason = endOf(session, this.clock.now());
    const expiresAt = earliest(session.idleExpiresAt, session.expiresAt);
    return toResponse(AdminSessionResponse, {
      ...session,
      sessionId: session.id,
      state: endReason === null ? 'live' : 'ended',
      // One of a later version is unknown to this one.
      door: doorNames.find((name) => name === session.door) ?? null,
      isBound: session.deviceKeyThumbprint !== null,
      authenticatedAt: lastProofOf(session),
      lastUsedAt: lastUseOf(session),
      expiresAt,
      refusedReentryAt: session.reentryRefusedAt,
      endedAt: endReason === null ? null : (session.endedAt ?? expiresAt),
      endReason,
    });
  }

  private async ofSurvivor(filter: SessionFilter): Promise<SessionFilter> {
    const { userId } = filter;
    return userId === null ? filter : { ...filter, userId: await this.users.resolveId(userId) };
  }
}
