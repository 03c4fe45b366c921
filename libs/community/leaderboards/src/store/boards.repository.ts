import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newestOf } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { BoardEntity } from './board.entity';

@Injectable()
export class BoardsRepository {
  async find(manager: EntityManager, boardId: string): Promise<BoardEntity | null> {
    return manager.findOneBy(BoardEntity, { id: boardId });
  }

  async lock(tx: EntityManager, boardId: string): Promise<BoardEntity | null> {
    return tx.findOne(BoardEntity, { where: { id: boardId }, lock: { mode: 'for_no_key_update' } });
  }

  async insert(tx: EntityManager, board: BoardEntity): Promise<void> {
    await tx.insert(BoardEntity, board);
  }

  async update(
    tx: EntityManager,
    boardId: string,
    change: Partial<Pick<BoardEntity, 'name' | 'updatedAt'>>,
  ): Promise<void> {
    await tx.update(BoardEntity, { id: boardId }, change);
  }

  /** Newest first, one more than the limit. */
  async list(
    manager: EntityManager,
    applicationId: string | undefined,
    keyset: Keyset,
  ): Promise<readonly BoardEntity[]> {
    return manager.find(BoardEntity, newestOf(keyset, applicationId === undefined ? {} : { applicationId }));
  }
}
