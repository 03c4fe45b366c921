import { Injectable } from '@nestjs/common';
import { In, IsNull, LessThan, MoreThan, Not, type EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import { HARMLESS_ENDS, type LaterActsOf } from '@countersign/embedded-wallets';
import { SendEntity } from '../store/send.entities';
import { SendWaitEntity } from './send-wait.entity';

/** Sends whose time has come, and those to end: the session has ended, or the application no longer sends. Freezes and such end sends themselves. */
const DUE = `
  SELECT w.send_id AS id FROM send_waits w
  JOIN sends s ON s.id = w.send_id
  LEFT JOIN sessions asking ON asking.id = s.session_id
  WHERE coalesce(w.waits_until, w.launch_until) <= $1
    OR asking.id IS NULL OR asking.end_reason <> ALL ($2) OR s.application_id = ANY ($4)
  ORDER BY coalesce(w.waits_until, w.launch_until), w.send_id LIMIT $3`;

/** The rows of sends that wait. The caller has locked the user. */
@Injectable()
export class SendWaitsRepository {
  async insert(tx: EntityManager, send: SendEntity, wait: SendWaitEntity): Promise<void> {
    await tx.insert(SendEntity, send);
    await tx.insert(SendWaitEntity, wait);
  }

  async find(manager: EntityManager, sendId: string): Promise<SendWaitEntity | null> {
    return manager.findOneBy(SendWaitEntity, { sendId });
  }

  async findAll(manager: EntityManager, sendIds: readonly string[]): Promise<readonly SendWaitEntity[]> {
    return manager.findBy(SendWaitEntity, { sendId: In(sendIds) });
  }

  /** The send with its application, and whose wallet it is; `null` for one that is not there. */
  async findSend(
    manager: EntityManager,
    sendId: string,
  ): Promise<
    (Pick<SendEntity, 'walletId' | 'applicationId' | 'state' | 'freezeUntil'> & WalletOfSend) | null
  > {
    return firstRow(
      manager,
      `SELECT s.wallet_id AS "walletId", s.application_id AS "applicationId", s.state, s.freeze_until AS "freezeUntil",
         w.user_id AS "userId", w.environment FROM sends s JOIN wallets w ON w.id = s.wallet_id WHERE s.id = $1`,
      [sendId],
    );
  }

  /** Ids of those to look at, the ones that are over for the longest time first. */
  async listDue(
    manager: EntityManager,
    now: Date,
    { limit, stopped }: { readonly limit: number; readonly stopped: readonly string[] },
  ): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(manager, DUE, [now, HARMLESS_ENDS, limit, stopped]);
    return found.map(({ id }) => id);
  }

  /** Ids of the applications with waiting sends. */
  async applicationIds(manager: EntityManager): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(
      manager,
      `SELECT DISTINCT application_id AS id FROM sends WHERE state = 'waiting'`,
    );
    return found.map(({ id }) => id);
  }

  /** Waiting sends of one wallet, for one application or all, or of all wallets of some people. */
  async listOf(
    tx: EntityManager,
    of: LaterActsOf | { readonly userIds: readonly string[] },
  ): Promise<readonly SendEntity[]> {
    const found = tx.createQueryBuilder(SendEntity, 's').where(`s.state = 'waiting'`).orderBy('s.id');
    if ('walletId' in of) {
      const { walletId, applicationId } = of;
      if (applicationId !== undefined) found.andWhere('s.application_id = :applicationId', { applicationId });
      return found.andWhere('s.wallet_id = :walletId', { walletId }).getMany();
    }
    return found
      .innerJoin('WalletEntity', 'w', 'w.id = s.wallet_id')
      .andWhere('w.user_id IN (:...userIds)', of)
      .getMany();
  }

  /** @returns false for one that no launch can name, or that one has named */
  async setLaunched(
    tx: EntityManager,
    sendId: string,
    { launchedAt, launchUntil }: { readonly launchedAt: Date; readonly launchUntil: Date },
  ): Promise<boolean> {
    const open = { sendId, launchedAt: IsNull(), launchUntil: MoreThan(launchedAt) };
    return (await tx.update(SendWaitEntity, open, { launchedAt, launchUntil })).affected === 1;
  }

  async setConfirmed(tx: EntityManager, sendId: string, confirmedAt: Date): Promise<void> {
    await tx.update(SendWaitEntity, { sendId }, { confirmedAt, waitsUntil: confirmedAt, launchUntil: null });
  }

  async setWaitsUntil(tx: EntityManager, sendId: string, waitsUntil: Date): Promise<void> {
    await tx.update(SendWaitEntity, { sendId, launchUntil: IsNull() }, { waitsUntil });
  }

  /** One that waits for a launch goes on to do so. */
  async postpone(tx: EntityManager, sendId: string, waitsUntil: Date): Promise<void> {
    await tx.update(SendWaitEntity, { sendId, waitsUntil: LessThan(waitsUntil) }, { waitsUntil });
  }

  /** Makes all freeze codes of a wallet invalid. */
  async endFreezeCodes(tx: EntityManager, walletId: string): Promise<void> {
    await tx.update(SendEntity, { walletId, freezeUntil: Not(IsNull()) }, { freezeUntil: null });
  }

  /** What became of a send that waited. */
  async settle(
    tx: EntityManager,
    { id, revision }: Pick<SendEntity, 'id' | 'revision'>,
    change: Partial<SendEntity> & { readonly freezeUntil: Date },
  ): Promise<void> {
    await tx.delete(SendWaitEntity, { sendId: id });
    await tx.update(SendEntity, { id }, { ...change, revision: revision + 1 });
  }
}

interface WalletOfSend {
  readonly userId: string;
  readonly environment: string;
}
