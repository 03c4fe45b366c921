import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/runtime';
import { Database, rows } from '@countersign/database';
import { toResponse, type Keyset } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { loginMethodsInUse, endOf, type Session } from '../session';
import { sessionError } from '../session.errors';
import { readable, SESSION } from '../store/session.columns';
import { SessionsRepository } from '../store/sessions.repository';
import { shownOf } from '../dto/session.response';
import { AdminSessionResponse } from './dto/session.response';

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** OFFSET 0 makes the planner use the index of users, instead of reading all sessions in the order of their ids. */
const LIST_OF_USER = `
  SELECT * FROM (SELECT ${readable(SESSION)} FROM sessions WHERE user_id = $1 AND id < $2 OFFSET 0) AS own
  ORDER BY id DESC LIMIT $3`;

const LIST = `SELECT ${readable(SESSION)} FROM sessions WHERE id < $1 ORDER BY id DESC LIMIT $2`;

@Injectable()
export class ListedSessions {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** Returns the newest first, and one more than the page's limit. */
  async list({ afterId, limit }: Keyset): Promise<readonly Session[]> {
    const before = [afterId ?? HIGHEST_ID, limit + 1];
    return this.database.read((manager) => rows<Session>(manager, LIST, before));
  }

  /** Like `list`, for one account. The id of a merged account finds the survivor. */
  async listOfUser(wantedId: string, { afterId, limit }: Keyset): Promise<readonly Session[]> {
    return this.database.read(async (manager) => {
      const userId = await this.users.resolveId(wantedId, manager);
      await this.users.getAuditPseudonym(manager, userId);
      return rows<Session>(manager, LIST_OF_USER, [userId, afterId ?? HIGHEST_ID, limit + 1]);
    });
  }

  async get(sessionId: string): Promise<Session> {
    const found = await this.database.read((manager) => this.sessions.findById(manager, sessionId));
    if (!found) throw sessionError('session.not_found');
    return found;
  }

  toResponse(session: Session): AdminSessionResponse {
    const endReason = endOf(session, this.clock.now());
    const shown = shownOf(session);
    const door = loginMethodsInUse.find(session.door);
    const openidClients = Object.entries(session.openidClients ?? {}).map(
      ([clientId, { name, isDevice = false }]) => ({ clientId, name, isDevice }),
    );
    return toResponse(AdminSessionResponse, {
      ...shown,
      state: endReason === null ? 'live' : 'ended',
      kind: kindOf(openidClients) ?? door ?? 'other',
      openidClients,
      // A login method of a feature that is switched off is unknown.
      door,
      endedAt: endReason === null ? null : (session.endedAt ?? shown.expiresAt),
      endReason,
    });
  }
}

/** A browser in which a person approved only devices counts as a device. */
function kindOf(clients: readonly { readonly isDevice: boolean }[]): 'browser' | 'device' | null {
  if (clients.length === 0) return null;
  return clients.every(({ isDevice }) => isDevice) ? 'device' : 'browser';
}
