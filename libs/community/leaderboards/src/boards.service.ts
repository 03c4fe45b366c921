import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { countUpTo } from '@countersign/admin';
import { ApplicationsService } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { Database, newestOf, lockRow } from '@countersign/database';
import { toResponse, type Keyset } from '@countersign/http';
import { boardError } from './board.errors';
import { BoardResponse, SeasonResponse } from './dto/board.response';
import { BoardSeasons } from './seasons/board-seasons';
import { BoardEntity, BoardSeasonEntity } from './store/board.entity';
import { boardEvents } from './leaderboards.feature';

export type NewBoard = Pick<BoardEntity, 'applicationId' | 'name' | 'rule' | 'better' | 'calendar'> &
  Partial<Pick<BoardEntity, 'isUnverified'>>;

/** Lists for operators return one row more than the limit. */
@Injectable()
export class BoardsService {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsService,
    private readonly seasons: BoardSeasons,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Finds a board of any application. */
  async get(boardId: string): Promise<BoardEntity> {
    const board = await this.database.read((manager) => manager.findOneBy(BoardEntity, { id: boardId }));
    if (!board) throw boardError('board.not_found');
    return board;
  }

  async getIn(applicationId: string, boardId: string): Promise<BoardEntity> {
    const board = await this.get(boardId);
    if (board.applicationId !== applicationId) throw boardError('board.not_found');
    return board;
  }

  async getWithSeason(applicationId: string, boardId: string): Promise<BoardResponse> {
    const board = await this.getIn(applicationId, boardId);
    const id = await this.seasons.current(board);
    const season = await this.database.read((manager) => manager.findOneBy(BoardSeasonEntity, { id }));
    if (!season) throw boardError('board.not_found');
    return toResponse(BoardResponse, { ...board, boardId, season: SeasonResponse.of(season) });
  }

  async list(applicationId: string | undefined, keyset: Keyset): Promise<readonly BoardEntity[]> {
    const where = applicationId === undefined ? {} : { applicationId };
    return this.database.read((manager) => manager.find(BoardEntity, newestOf(keyset, where)));
  }

  async listSeasons({ id: boardId }: BoardEntity, keyset: Keyset): Promise<readonly BoardSeasonEntity[]> {
    return this.database.read((manager) => manager.find(BoardSeasonEntity, newestOf(keyset, { boardId })));
  }

  /** Counts the person's accepted scores in the current season. */
  async countScores(boardId: string, userId: string): Promise<number> {
    const seasonId = await this.seasons.current(await this.get(boardId));
    const from = 'FROM board_scores WHERE season_id = $1 AND user_id = $2';
    return this.database.read((manager) => countUpTo(manager, from, [seasonId, userId]));
  }

  /** Creates a board with its first season for an operator. */
  async create({ isUnverified = false, ...wanted }: NewBoard): Promise<BoardEntity> {
    const { id: applicationId } = await this.applications.getById(wanted.applicationId);
    const now = this.clock.now();
    const given = { ...wanted, isUnverified, applicationId };
    const board = { ...given, id: uuidv7(), createdAt: now, updatedAt: now };
    await this.database.transaction(async (tx) => {
      await tx.insert(BoardEntity, board);
      await this.seasons.ensure(tx, board);
      await this.audit.recordByOperator(tx, boardEvents.created, { applicationId, subject: board.id });
    });
    return board;
  }

  async change(boardId: string, { name }: Partial<Pick<BoardEntity, 'name'>>): Promise<BoardEntity> {
    return this.database.transaction(async (tx) => {
      const board = await lockRow(tx, BoardEntity, { id: boardId });
      if (!board) throw boardError('board.not_found');
      if (name === undefined || name === board.name) return board;
      const change = { name, updatedAt: this.clock.now() };
      await tx.update(BoardEntity, { id: boardId }, change);
      const { applicationId } = board;
      await this.audit.recordByOperator(tx, boardEvents.changed, {
        applicationId,
        subject: boardId,
        details: { fields: 'name' },
      });
      return { ...board, ...change };
    });
  }
}
