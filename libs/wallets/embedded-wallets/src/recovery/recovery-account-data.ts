import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type Reading,
} from '@countersign/users';
import { RecoveriesRepository } from './recoveries.repository';
import { stateOf } from './recovery.dto';

/** Recovery secrets and recoveries, as data of an account. */
@Injectable()
@HasAccountData('others')
export class RecoveryAccountData implements AccountData {
  constructor(
    private readonly recoveries: RecoveriesRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Open recoveries of both accounts end, since each may have been asked for or refused by another person. The survivor
   * keeps its own secret.
   * @returns no sessions: none ends
   */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    await this.recoveries.merge(tx, loser.userId, survivor.userId, this.clock.now());
    await this.recoveries.deleteSecret(tx, loser.userId);
    return [];
  }

  /** A merge ends some, so that they do not add up. */
  count(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }

  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.recoveries.deleteAllOf(tx, userId);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'walletRecoverySecrets',
        meaning:
          'When the recovery secret of the embedded wallets was made. The secret itself is not stored.',
        retention: 'Until it is used, replaced or removed, or the account is erased.',
        items: this.secrets(read, person),
      },
      {
        name: 'walletRecoveries',
        meaning:
          'Recoveries of embedded wallets by a recovery secret: those that the person asked for, and those against the own wallets.',
        retention: '30 days after they ended, or until the account is erased.',
        items: this.asked(read, person),
      },
    ];
  }

  private async *secrets(read: Reading, { userId, within }: ExportedPerson): AsyncGenerator<object> {
    if (within) return;
    const secret = await read((manager) => this.recoveries.findSecretOf(manager, userId));
    if (secret) yield { madeAt: secret.madeAt.toISOString() };
  }

  private async *asked(read: Reading, { userId, within }: ExportedPerson): AsyncGenerator<object> {
    if (within) return;
    for (const recovery of await read((manager) => this.recoveries.allOf(manager, userId)))
      yield {
        recoveryId: recovery.id,
        isOwn: recovery.askingUserId === userId,
        applicationId: recovery.applicationId,
        state: stateOf(recovery),
        askedAt: recovery.askedAt.toISOString(),
        readyAt: recovery.readyAt.toISOString(),
        endedAt: recovery.endedAt?.toISOString() ?? null,
      };
  }
}
