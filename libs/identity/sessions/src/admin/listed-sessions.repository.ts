import { Injectable } from '@nestjs/common';
import { Clock, earliest } from '@countersign/clock';
import { Database, firstRow, rows } from '@countersign/database';
import { toResponse, type Keyset } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { doorNames, endOf, lastUseOf } from '../session';
import { sessionError } from '../session.errors';
import { LISTED_SESSION, type ListedSession, type SessionFilter } from './listed-session';
import { AdminSessionResponse } from './dto/session.response';

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** With the user, the application, the state and now. */
const OF_USER = `
  FROM sessions WHERE user_id = $1 AND ($2::uuid IS NULL OR application_id = $2)
    AND ($3::text IS NULL OR ($3 = 'live') = (ended_at IS NULL AND LEAST(idle_expires_at, expires_at) > $4))`;

/** By the index of users, not by walking all sessions in the order of their ids: hence OFFSET 0. */
const LIST_OF_USER = `
  SELECT * FROM (SELECT ${LISTED_SESSION.selected} ${OF_USER} AND id < $5 OFFSET 0) AS own
  ORDER BY id DESC LIMIT $6`;

const LIST = `SELECT ${LISTED_SESSION.selected} FROM sessions WHERE id < $1 ORDER BY id DESC LIMIT $2`;
const FIND = `SELECT ${LISTED_SESSION.selected} FROM sessions WHERE id = $1`;

/** Sessions of all people, for operators. */
@Injectable()
export class ListedSessions {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** Newest first; one more than the limit of the page. */
  async list({ afterId, limit }: Keyset): Promise<readonly ListedSession[]> {
    const before = [afterId ?? HIGHEST_ID, limit + 1];
    return this.database.read((manager) => rows<ListedSession>(manager, LIST, before));
  }

  /** Also for the id of a merged account. @throws AppError user.not_found */
  async listOfUser(filter: SessionFilter, { afterId, limit }: Keyset): Promise<readonly ListedSession[]> {
    const { applicationId, state } = filter;
    return this.database.read(async (manager) => {
      const userId = await this.users.resolveId(filter.userId, manager);
      await this.users.getAuditPseudonym(manager, userId);
      const before = [afterId ?? HIGHEST_ID, limit + 1];
      const parameters = [userId, applicationId, state, this.clock.now(), ...before];
      return rows<ListedSession>(manager, LIST_OF_USER, parameters);
    });
  }

  /** @throws AppError session.not_found */
  async get(sessionId: string): Promise<ListedSession> {
    const found = await this.database.read((manager) => firstRow<ListedSession>(manager, FIND, [sessionId]));
    if (!found) throw sessionError('session.not_found');
    return found;
  }

  toResponse(session: ListedSession): AdminSessionResponse {
    const endReason = endOf(session, this.clock.now());
    const expiresAt = earliest(session.idleExpiresAt, session.expiresAt);
    return toResponse(AdminSessionResponse, {
      ...session,
      sessionId: session.id,
      state: endReason === null ? 'live' : 'ended',
      // That of a feature that is switched off is unknown.
      door: doorNames.find((name) => name === session.door) ?? null,
      isBound: session.deviceKeyThumbprint !== null,
      lastUsedAt: lastUseOf(session),
      expiresAt,
      refusedReentryAt: session.reentryRefusedAt,
      endedAt: endReason === null ? null : (session.endedAt ?? expiresAt),
      endReason,
    });
  }
}
