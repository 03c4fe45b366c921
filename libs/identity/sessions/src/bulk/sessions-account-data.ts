import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type Merged,
  type MergePair,
  type OwnedRows,
  type Returned,
  type ReturnPair,
  UsersService,
  type LockedUser,
} from '@countersign/users';
import type { Sealed } from '@countersign/crypto';
import { NamesPeople, type AuditNamesSource } from '@countersign/audit';
import { sealedDeviceName } from '../session-pairs';
import { SessionsService } from '../sessions.service';

interface SealedSession {
  readonly sessionId: string;
  readonly deviceName: Sealed | null;
}

@Injectable()
@HasAccountData('sessions')
export class SessionsAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [
    { table: 'sessions', key: ['id'], sealed: ['device_name'], counted: 'sessions', erase: 'delete' },
  ];
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'sessions',
      meaning: 'Sign-ins on devices, also ended ones. Tokens and their digests are left out.',
      retention: '30 days after the end of a session.',
      // OFFSET 0 makes the planner use the index of the person.
      sql: `SELECT id AS cursor, id AS session_id, application_id, identity_id, assurance, door, is_of_allowed_bot, scopes,
          device_key_thumbprint, authenticated_at, step_up_expires_at, step_up_assurance, step_up_bot, reentry_refused_at,
          created_at, idle_expires_at, expires_at, access_idle_expires_at, access_expires_at, ended_at, end_reason,
          openid_clients, device_name
        FROM sessions WHERE user_id = $1 OFFSET 0`,
      itemOf: ({ deviceName, ...session }: SealedSession, { dataKey }) => ({
        ...session,
        deviceName: sealedDeviceName.open(dataKey, session.sessionId, deviceName),
      }),
    },
  ];

  constructor(private readonly sessions: SessionsService) {}

  async merge(tx: EntityManager, { loser }: MergePair): Promise<Merged> {
    return { ended: await this.sessions.end(tx, { userId: loser.userId }, 'merged') };
  }

  /** Ends the sessions that the identities opened after the merge. They stay with the survivor. */
  async separated(tx: EntityManager, { survivor, identityIds }: ReturnPair): Promise<Returned> {
    const ended: string[] = [];
    const { userId } = survivor;
    for (const id of identityIds) {
      ended.push(...(await this.sessions.end(tx, { userId, identityId: id }, 'unlinked')));
      await this.sessions.forgetIdentity(tx, { userId, id });
    }
    return { ended };
  }

  async erase(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    // This makes the caches of all replicas drop the sessions.
    await this.sessions.end(tx, { userId }, 'erased');
  }
}

/** Finds the sessions of a person, as subjects and as actors. */
@Injectable()
@NamesPeople()
export class SessionsInAudit implements AuditNamesSource {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  async namesOf(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const ids = await this.sessions.idsOf(manager, await this.users.resolveId(userId, manager));
    return ids.flatMap((id) => [id, `session:${id}`]);
  }
}
