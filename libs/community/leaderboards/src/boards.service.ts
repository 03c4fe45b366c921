import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { boardError } from './board.errors';
import type { BoardEntity } from './store/board.entity';
import { BoardsRepository } from './store/boards.repository';

/** Finds the leaderboards of an application. */
@Injectable()
export class BoardsService {
  constructor(
    private readonly database: Database,
    private readonly boards: BoardsRepository,
  ) {}

  /** @throws AppError board.not_found also for a board of another application */
  async getIn(applicationId: string, boardId: string): Promise<BoardEntity> {
    return this.database.read((manager) => this.find(manager, applicationId, boardId));
  }

  /** As `getIn`, in a transaction. */
  async find(manager: EntityManager, applicationId: string, boardId: string): Promise<BoardEntity> {
    const board = await this.boards.find(manager, boardId);
    if (board?.applicationId !== applicationId) throw boardError('board.not_found');
    return board;
  }
}
