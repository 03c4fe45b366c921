import { Injectable } from '@nestjs/common';
import { In, LessThan, MoreThanOrEqual, Not, type EntityManager } from 'typeorm';
import { firstRow, lockRow, type Locked } from '@countersign/database';
import {
  OPEN_STATES,
  SendEntity,
  SendSigningEntity,
  SendVersionEntity,
  WalletNonceEntity,
} from './send.entities';

interface OpenOnChain {
  readonly chainId: string;
  /** When the oldest send that no block has was requested. */
  readonly waitingSince: Date | null;
}

interface EndedSend {
  readonly data: Readonly<Record<'userId' | 'applicationId' | 'walletId' | 'sendId', string>>;
  readonly applicationIds: readonly [string];
}

/** The user of the session that asked; without its row, the user of the wallet. */
const ASKED_BY = `
  SELECT coalesce(asking.user_id, w.user_id) AS "userId" FROM sends s
  LEFT JOIN sessions asking ON asking.id = s.session_id
  JOIN wallets w ON w.id = s.wallet_id WHERE s.id = $1`;

export type LockedNonces = Locked<WalletNonceEntity>;

@Injectable()
export class SendsRepository {
  async lockNonces(tx: EntityManager, walletId: string, chainId: string): Promise<LockedNonces> {
    const found = await lockRow(tx, WalletNonceEntity, { walletId, chainId }, 'pessimistic_write');
    if (found) return found;
    await tx.query(
      'INSERT INTO wallet_nonces (wallet_id, chain_id, next) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING',
      [walletId, chainId],
    );
    return this.lockNonces(tx, walletId, chainId);
  }

  async setNext(tx: EntityManager, { walletId, chainId }: LockedNonces, next: number): Promise<void> {
    await tx.update(WalletNonceEntity, { walletId, chainId }, { next: String(next) });
  }

  /** Counts the nonces from `nonce` on that have a send. */
  async countFrom(tx: EntityManager, walletId: string, chainId: string, nonce: number): Promise<number> {
    const found = await firstRow<{ count: number }>(
      tx,
      `SELECT count(DISTINCT nonce)::int AS count FROM sends WHERE wallet_id = $1 AND chain_id = $2 AND nonce >= $3`,
      [walletId, chainId, nonce],
    );
    return found?.count ?? 0;
  }

  /** Lists the sends from `nonce` on whose own transaction uses or used the nonce. */
  async listFrom(
    tx: EntityManager,
    walletId: string,
    chainId: string,
    nonce: number,
  ): Promise<readonly SendEntity[]> {
    return tx.find(SendEntity, {
      where: { walletId, chainId, nonce: MoreThanOrEqual(String(nonce)), state: Not('replaced') },
    });
  }

  /** Counts the sends from `nonce` on that were in no block at the last look. */
  async countUnmined(tx: EntityManager, walletId: string, chainId: string, nonce: number): Promise<number> {
    const from = MoreThanOrEqual(String(nonce));
    return tx.countBy(SendEntity, { walletId, chainId, state: 'broadcasting', nonce: from });
  }

  async listOpenOf(
    manager: EntityManager,
    userId: string,
    chainIds: readonly string[],
  ): Promise<readonly string[]> {
    const open = await manager
      .createQueryBuilder(SendEntity, 'send')
      .select('send.id')
      .innerJoin('wallets', 'wallet', 'wallet.id = send.wallet_id')
      .where('wallet.user_id = :userId AND send.chain_id = ANY(:chainIds)', { userId, chainIds })
      .andWhere('send.state IN (:...open)', { open: OPEN_STATES })
      .getMany();
    return open.map(({ id }) => id);
  }

  /** Releases the nonce of a send that no block will ever have, because the chain continues at this nonce. */
  async giveNonceBack(tx: EntityManager, { walletId, chainId, nonce }: SendEntity): Promise<void> {
    const next = String(Number(nonce) + 1);
    await tx.update(WalletNonceEntity, { walletId, chainId, next }, { next: nonce });
  }

  /** Stores nothing for a wallet that was erased meanwhile. */
  async insertSigning(tx: EntityManager, signing: SendSigningEntity): Promise<void> {
    const { callId, walletId, requestedAt } = signing;
    await tx.query(
      `INSERT INTO send_signings (call_id, wallet_id, requested_at)
       SELECT $1, id, $3 FROM wallets WHERE id = $2 FOR KEY SHARE`,
      [callId, walletId, requestedAt],
    );
  }

  /** Finds the send whose transaction uses or used the nonce. */
  async findByNonce(
    manager: EntityManager,
    { nonce, ...on }: { readonly walletId: string; readonly chainId: string; readonly nonce: number },
  ): Promise<SendEntity | null> {
    const state = Not(In(['replaced', 'not-sent']));
    return manager.findOneBy(SendEntity, { ...on, nonce: String(nonce), state });
  }

  async find(manager: EntityManager, walletId: string, id: string): Promise<SendEntity | null> {
    return manager.findOneBy(SendEntity, { walletId, id });
  }

  async lock(tx: EntityManager, walletId: string, id: string): Promise<SendEntity | null> {
    return lockRow(tx, SendEntity, { walletId, id }, 'pessimistic_write');
  }

  async hasEarlier(tx: EntityManager, { walletId, chainId, nonce }: SendEntity): Promise<boolean> {
    return tx.existsBy(SendEntity, { walletId, chainId, state: 'broadcasting', nonce: LessThan(nonce) });
  }

  /** Newest first. */
  async list(
    manager: EntityManager,
    walletId: string,
    { limit, afterId }: { readonly limit: number; readonly afterId: string | null },
  ): Promise<readonly SendEntity[]> {
    return manager.find(SendEntity, {
      where: { walletId, ...(afterId === null ? {} : { id: LessThan(afterId) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  async versionsOf(
    manager: EntityManager,
    sendIds: readonly string[],
  ): Promise<readonly SendVersionEntity[]> {
    return manager.find(SendVersionEntity, { where: { sendId: In(sendIds) }, order: { number: 'ASC' } });
  }

  /** Least recently looked at first, then by nonce. Mined sends come a minute later, so that they delay no others. */
  async listOpen(manager: EntityManager, chainId: string, limit: number): Promise<readonly SendEntity[]> {
    return manager
      .createQueryBuilder(SendEntity, 'send')
      .addSelect(
        `send.looked_at + CASE WHEN send.state = 'mined' THEN 60 ELSE 0 END * interval '1 s'`,
        'since',
      )
      .where('send.chain_id = :chainId AND send.state IN (:...open)', { chainId, open: OPEN_STATES })
      .orderBy('since')
      .addOrderBy('send.nonce')
      .limit(limit)
      .getMany();
  }

  async openByChain(manager: EntityManager): Promise<readonly OpenOnChain[]> {
    return manager
      .createQueryBuilder(SendEntity, 'send')
      .select([
        'chain_id AS "chainId"',
        `min(created_at) FILTER (WHERE state = 'broadcasting') AS "waitingSince"`,
      ])
      .where('state IN (:...open)', { open: OPEN_STATES })
      .groupBy('chain_id')
      .getRawMany<OpenOnChain>();
  }

  /** @returns false if another replica changed the send since it was read */
  async change(
    tx: EntityManager,
    { id, revision }: Pick<SendEntity, 'id' | 'revision'>,
    change: Pick<SendEntity, 'state' | 'outcome'> & Partial<Pick<SendEntity, 'broadcastAt'>>,
  ): Promise<boolean> {
    const { affected } = await tx.update(SendEntity, { id, revision }, { ...change, revision: revision + 1 });
    return affected === 1;
  }

  /** Returns the account that asked; an empty list if it is not known. */
  async endedFor(
    tx: EntityManager,
    { id: sendId, walletId, applicationId }: Pick<SendEntity, 'id' | 'walletId' | 'applicationId'>,
  ): Promise<readonly EndedSend[]> {
    const asked = await firstRow<{ userId: string }>(tx, ASKED_BY, [sendId]);
    if (!asked) return [];
    const data = { userId: asked.userId, applicationId, walletId, sendId };
    return [{ data, applicationIds: [applicationId] }];
  }
}
