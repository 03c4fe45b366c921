import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type AccountDataJournal,
  type Reading,
  type ReturnPair,
} from '@countersign/users';
import type { Session } from '../session';
import { sealedDeviceName } from '../session-pairs';
import { SessionsRepository } from '../store/sessions.repository';
import { SessionsService } from '../sessions.service';

const PAGE = 500;

/** The sessions that an identity opened end, and return with it. */
@Injectable()
export class SessionsJournal implements AccountDataJournal<null> {
  readonly name = 'sessions';

  constructor(
    private readonly repository: SessionsRepository,
    private readonly sessions: SessionsService,
  ) {}

  recall(): Promise<null> {
    return Promise.resolve(null);
  }

  async giveBack(
    tx: EntityManager,
    { survivor, returning, identityIds }: ReturnPair,
  ): Promise<{ readonly ended: readonly string[] }> {
    const { userId } = survivor;
    const ended: string[] = [];
    for (const id of identityIds)
      ended.push(...(await this.sessions.endOfIdentity(tx, { userId, id }, 'unlinked')));
    const names = await this.repository.deviceNamesOfIdentities(tx, userId, identityIds);
    for (const { id, deviceName } of names) {
      const plain = sealedDeviceName.open(survivor.dataKey, id, deviceName);
      await this.repository.setDeviceName(tx, id, sealedDeviceName.seal(returning.dataKey, id, plain));
    }
    await this.repository.moveOfIdentities(tx, userId, returning.userId, identityIds);
    return { ended };
  }
}

/** The sessions of an account, ended ones too. */
@Injectable()
@HasAccountData('sessions')
export class SessionsAccountData implements AccountData {
  constructor(
    readonly journal: SessionsJournal,
    private readonly repository: SessionsRepository,
    private readonly sessions: SessionsService,
  ) {}

  /** The loser's sessions end, and are kept as the survivor's. @returns the ids of those that it ended. */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    const ended = await this.sessions.endOfUser(
      tx,
      { userId: loser.userId, applicationId: null, exceptId: null },
      'merged',
    );
    for (const { id, deviceName } of await this.repository.deviceNamesOf(tx, loser.userId)) {
      const plain = sealedDeviceName.open(loser.dataKey, id, deviceName);
      await this.repository.setDeviceName(tx, id, sealedDeviceName.seal(survivor.dataKey, id, plain));
    }
    await this.repository.moveToUser(tx, loser.userId, survivor.userId);
    return ended;
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
