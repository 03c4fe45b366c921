import { Injectable } from '@nestjs/common';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { sendError } from '../sending.errors';
import { OPEN_STATES, SendEntity, SendVersionEntity, type StoredState } from '../store/send.entities';

export interface SendFilter {
  /** The default is all open states. */
  readonly state?: StoredState | undefined;
  readonly walletId?: string | undefined;
}

export type ListedSend = Pick<SendEntity, (typeof COLUMNS)[number]> & {
  readonly userId: string;
  /** Oldest first. */
  readonly versions: readonly Pick<SendVersionEntity, 'kind' | 'createdAt'>[];
};

const COLUMNS = [
  'id',
  'walletId',
  'applicationId',
  'chainId',
  'state',
  'nonce',
  'createdAt',
  'lookedAt',
  'answers',
] as const satisfies readonly (keyof SendEntity)[];

/** Lists the sends of all people for operators. A list has one row more than the limit. */
@Injectable()
export class SendDirectory {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list({ state, walletId }: SendFilter, { afterId, limit }: Keyset): Promise<readonly ListedSend[]> {
    const states = state === undefined ? OPEN_STATES : [state];
    return this.database.read(async (manager) => {
      const query = selected(manager).where('send.state IN (:...states)', { states });
      if (walletId !== undefined) query.andWhere('send.walletId = :walletId', { walletId });
      if (afterId !== null) query.andWhere('send.id < :afterId', { afterId });
      return this.withVersions(manager, query.orderBy('send.id', 'DESC').limit(limit + 1));
    });
  }

  async get(sendId: string): Promise<ListedSend> {
    const [found] = await this.database.read((manager) =>
      this.withVersions(manager, selected(manager).where('send.id = :sendId', { sendId })),
    );
    if (!found) throw sendError('send.not_found');
    return found;
  }

  private async withVersions(
    manager: EntityManager,
    query: SelectQueryBuilder<SendEntity>,
  ): Promise<readonly ListedSend[]> {
    const { entities, raw } = await query.getRawAndEntities<{ userId: string }>();
    const sendIds = entities.map(({ id }) => id);
    const versions = await manager
      .createQueryBuilder(SendVersionEntity, 'version')
      .select(['version.sendId', 'version.number', 'version.kind', 'version.createdAt'])
      .where('version.sendId = ANY(:sendIds)', { sendIds })
      .orderBy('version.number')
      .getMany();
    return entities.map((send, index) => ({
      ...send,
      userId: raw[index]?.userId ?? '',
      versions: versions.filter(({ sendId }) => sendId === send.id),
    }));
  }
}

function selected(manager: EntityManager): SelectQueryBuilder<SendEntity> {
  return manager
    .createQueryBuilder(SendEntity, 'send')
    .innerJoin('wallets', 'wallet', 'wallet.id = send.wallet_id')
    .select(COLUMNS.map((column) => `send.${column}`))
    .addSelect('wallet.user_id', 'userId');
}
