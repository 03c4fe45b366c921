import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationsService } from '@countersign/applications';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { boardError } from '../board.errors';
import { BoardSeasons } from '../seasons/board-seasons';
import type { BoardEntity } from '../store/board.entity';
import { BoardsRepository } from '../store/boards.repository';

export type NewBoard = Pick<BoardEntity, 'applicationId' | 'name' | 'rule' | 'better' | 'calendar'> &
  Partial<Pick<BoardEntity, 'isUnverified'>>;
type BoardChange = Partial<Pick<BoardEntity, 'name'>>;

/** Creates and changes leaderboards, for operators. */
@Injectable()
export class BoardOperations {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsService,
    private readonly boards: BoardsRepository,
    private readonly seasons: BoardSeasons,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** With its first season. What it ranks by is never changed. @throws AppError application.not_found */
  async create({ isUnverified = false, ...wanted }: NewBoard): Promise<BoardEntity> {
    const { id: applicationId } = await this.applications.getById(wanted.applicationId);
    const now = this.clock.now();
    const given = { ...wanted, isUnverified, applicationId };
    const board = { ...given, id: uuidv7(), createdAt: now, updatedAt: now };
    await this.database.transaction(async (tx) => {
      await this.boards.insert(tx, board);
      await this.seasons.ensure(tx, board);
      await this.audit.record(tx, 'board.created', { actor: operator(), applicationId, subject: board.id });
    });
    return board;
  }

  /**
   * @throws AppError board.not_found
   */
  async change(boardId: string, change: BoardChange): Promise<BoardEntity> {
    return this.database.transaction(async (tx) => {
      const board = await this.boards.lock(tx, boardId);
      if (!board) throw boardError('board.not_found');
      const changed = { ...board, ...change };
      if (changed.name === board.name) return board;
      const updatedAt = this.clock.now();
      await this.boards.update(tx, boardId, { ...change, updatedAt });
      const { applicationId } = board;
      const details = { fields: 'name' };
      await this.audit.record(tx, 'board.changed', {
        actor: operator(),
        applicationId,
        subject: boardId,
        details,
      });
      return { ...changed, updatedAt };
    });
  }
}
