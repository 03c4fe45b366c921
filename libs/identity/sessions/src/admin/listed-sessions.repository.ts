import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Database, firstRow, rows } from '@countersign/database';
import { toResponse, type Keyset } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { doorNames, endOf, type Session } from '../session';
import { sessionError } from '../session.errors';
import { SESSION } from '../store/session.columns';
import { shownOf } from '../dto/session.response';
import { AdminSessionResponse, type SessionState } from './dto/session.response';

/** Which sessions of an account to list; `null` for all. */
interface SessionFilter {
  readonly userId: string;
  readonly applicationId: string | null;
  readonly state: SessionState | null;
}

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** With the user, the application, the state and now. */
const OF_USER = `
  FROM sessions WHERE user_id = $1 AND ($2::uuid IS NULL OR application_id = $2)
    AND ($3::text IS NULL OR ($3 = 'live') = (ended_at IS NULL AND LEAST(idle_expires_at, expires_at) > $4))`;

/** By the index of users, not by walking all sessions in the order of their ids: hence OFFSET 0. */
const LIST_OF_USER = `
  SELECT * FROM (SELECT ${SESSION.selected} ${OF_USER} AND id < $5 OFFSET 0) AS own
  ORDER BY id DESC LIMIT $6`;

const LIST = `SELECT ${SESSION.selected} FROM sessions WHERE id < $1 ORDER BY id DESC LIMIT $2`;
const FIND = `SELECT ${SESSION.selected} FROM sessions WHERE id = $1`;

/** Sessions of all people, for operators. */
@Injectable()
export class ListedSessions {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** Newest first; one more than the limit of the page. */
  async list({ afterId, limit }: Keyset): Promise<readonly Session[]> {
    const before = [afterId ?? HIGHEST_ID, limit + 1];
    return this.database.read((manager) => rows<Session>(manager, LIST, before));
  }

  /** Also for the id of a merged account. @throws AppError user.not_found */
  async listOfUser(filter: SessionFilter, { afterId, limit }: Keyset): Promise<readonly Session[]> {
    const { applicationId, state } = filter;
    return this.database.read(async (manager) => {
      const userId = await this.users.resolveId(filter.userId, manager);
      await this.users.getAuditPseudonym(manager, userId);
      const before = [afterId ?? HIGHEST_ID, limit + 1];
      const parameters = [userId, applicationId, state, this.clock.now(), ...before];
      return rows<Session>(manager, LIST_OF_USER, parameters);
    });
  }

  /** @throws AppError session.not_found */
  async get(sessionId: string): Promise<Session> {
    const found = await this.database.read((manager) => firstRow<Session>(manager, FIND, [sessionId]));
    if (!found) throw sessionError('session.not_found');
    return found;
  }

  toResponse(session: Session): AdminSessionResponse {
    const endReason = endOf(session, this.clock.now());
    const shown = shownOf(session);
    return toResponse(AdminSessionResponse, {
      ...shown,
      state: endReason === null ? 'live' : 'ended',
      // That of a feature that is switched off is unknown.
      door: doorNames.find((name) => name === session.door) ?? null,
      endedAt: endReason === null ? null : (session.endedAt ?? shown.expiresAt),
      endReason,
    });
  }
}
