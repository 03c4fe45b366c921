import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type Merged,
  type MergePair,
  type OwnedRows,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import type { Session } from '../session';
import { sealedDeviceName } from '../session-pairs';
import { SessionsRepository } from '../store/sessions.repository';
import { SessionsService } from '../sessions.service';

const PAGE = 500;

/** The sessions of an account, ended ones too. */
@Injectable()
@HasAccountData('sessions')
export class SessionsAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [{ table: 'sessions', key: ['id'], sealed: ['device_name'] }];

  constructor(
    private readonly repository: SessionsRepository,
    private readonly sessions: SessionsService,
  ) {}

  /** The loser's sessions end. */
  async merge(tx: EntityManager, { loser }: MergePair): Promise<Merged> {
    const all = { userId: loser.userId, applicationId: null, exceptId: null };
    return { ended: await this.sessions.endOfUser(tx, all, 'merged') };
  }

  /** The sessions that the identities opened since end, and stay. */
  async separated(tx: EntityManager, { survivor, identityIds }: ReturnPair): Promise<Returned> {
    const ended: string[] = [];
    for (const id of identityIds) {
      const identity = { userId: survivor.userId, id };
      ended.push(...(await this.sessions.endOfIdentity(tx, identity, 'unlinked')));
      await this.repository.forgetIdentity(tx, identity);
    }
    return { ended };
  }

  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return { sessions: await this.repository.lockAndCountOfUser(tx, userId) };
  }

  async erase(tx: EntityManager, userId: string): Promise<void> {
    // Caches of all replicas drop what ends here.
    await this.sessions.endOfUser(tx, { userId, applicationId: null, exceptId: null }, 'erased');
    await this.repository.deleteOfUser(tx, userId);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'sessions',
        meaning: 'Sign-ins on devices, also ended ones. Tokens and their digests are left out.',
        retention: '30 days after the end of a session.',
        items: this.exported(read, person),
      },
    ];
  }

  private async *exported(read: Reading, { userId, dataKey }: ExportedPerson): AsyncGenerator<object> {
    let afterId: string | null = null;
    for (let size = PAGE; size === PAGE;) {
      const page: readonly Session[] = await this.pageOf(read, userId, afterId);
      for (const session of page)
        yield {
          ...toExported(session),
          deviceName: sealedDeviceName.open(dataKey, session.id, session.deviceName),
        };
      size = page.length;
      afterId = page.at(-1)?.id ?? null;
    }
  }

  private pageOf(read: Reading, userId: string, afterId: string | null): Promise<readonly Session[]> {
    return read((manager) => this.repository.pageOfUser(manager, userId, afterId, PAGE));
  }
}

function toExported(session: Session): object {
  return {
    sessionId: session.id,
    applicationId: session.applicationId,
    identityId: session.identityId,
    assurance: session.assurance,
    door: session.door,
    isOfAllowedBot: session.isOfAllowedBot,
    scopes: session.scopes,
    deviceKeyThumbprint: session.deviceKeyThumbprint,
    authenticatedAt: instant(session.authenticatedAt),
    stepUpExpiresAt: instant(session.stepUpExpiresAt),
    stepUpAssurance: session.stepUpAssurance,
    stepUpBot: session.stepUpBot,
    reentryRefusedAt: instant(session.reentryRefusedAt),
    createdAt: instant(session.createdAt),
    idleExpiresAt: instant(session.idleExpiresAt),
    expiresAt: instant(session.expiresAt),
    accessIdleExpiresAt: instant(session.accessIdleExpiresAt),
    accessExpiresAt: instant(session.accessExpiresAt),
    endedAt: instant(session.endedAt),
    endReason: session.endReason,
  };
}

function instant(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
