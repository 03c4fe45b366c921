import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { toPage, toResponse, type PageQuery } from '@countersign/http';
import { ProfilesService, toUserResponse, type ViewingCaller } from '@countersign/profiles';
import { UsersService } from '@countersign/users';
import { boardError } from '../board.errors';
import { toScore } from '../board-rules';
import { BoardsService } from '../boards.service';
import { BoardSeasons } from '../seasons/board-seasons';
import type { BoardEntity } from '../store/board.entity';
import { RanksRepository, type RankedRow } from '../store/ranks.repository';
import { idOfPosition, positionOf, toPositionKeyset } from './position';
import {
  StandingResponse,
  type RankedPerson,
  type RankResponse,
  type RanksOfResponse,
  type RanksResponse,
  type TopResponse,
} from '../dto/rank.response';

interface Asked {
  readonly board: BoardEntity;
  readonly seasonId: string;
  readonly asOf: Date;
}

/** Reads ranks. */
@Injectable()
export class RanksService {
  constructor(
    private readonly database: Database,
    private readonly boards: BoardsService,
    private readonly boardSeasons: BoardSeasons,
    private readonly ranks: RanksRepository,
    private readonly profiles: ProfilesService,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /**
   * @param from people with a better score are left out
   * @throws AppError board.not_found, request.invalid
   */
  async top(
    viewer: ViewingCaller,
    boardId: string,
    seasonId: string | undefined,
    query: PageQuery,
    from?: number,
  ): Promise<TopResponse> {
    const { limit, position: after } = toPositionKeyset(query);
    const asked = await this.ask(viewer, boardId, seasonId);
    const position = from === undefined ? after : positionOf(asked.board.better, from);
    const { found, people } = await this.database.read((manager) =>
      this.ranks.after(manager, asked.seasonId, position, limit + 1),
    );
    const page = toPage(found, limit, idOfPosition, (row) => row);
    return { ...page, items: await this.shown(asked.board, page.items), ...ranksOf(asked, people) };
  }

  /**
   * The person with up to so many people on each side.
   * @throws AppError board.not_found, board.not_ranked
   */
  async around(
    viewer: ViewingCaller,
    boardId: string,
    wantedId: string,
    seasonId: string | undefined,
    each: number,
  ): Promise<RanksResponse> {
    const asked = await this.ask(viewer, boardId, seasonId);
    const { found, people } = await this.findAround(asked, wantedId, each);
    return { items: await this.shown(asked.board, found), ...ranksOf(asked, people) };
  }

  /** @throws AppError board.not_found, board.not_ranked */
  async rankOf(
    viewer: ViewingCaller,
    boardId: string,
    wantedId: string,
    seasonId: string | undefined,
  ): Promise<RankResponse> {
    const asked = await this.ask(viewer, boardId, seasonId);
    const { found, people } = await this.findAround(asked, wantedId, 0);
    return { ...toStanding(asked.board, found[0]), ...ranksOf(asked, people) };
  }

  /** @throws AppError board.not_ranked */
  private async findAround(
    asked: Asked,
    wantedId: string,
    each: number,
  ): Promise<{ readonly found: readonly [RankedRow, ...RankedRow[]]; readonly people: number }> {
    const userId = await this.users.resolveId(wantedId);
    const { found, people } = await this.database.read((manager) =>
      this.ranks.around(manager, asked.seasonId, userId, each),
    );
    const [first, ...others] = found;
    if (!first) throw boardError('board.not_ranked');
    return { found: [first, ...others], people };
  }

  private async ask(
    { applicationId }: ViewingCaller,
    boardId: string,
    wantedSeason?: string,
  ): Promise<Asked> {
    const board = await this.boards.getIn(applicationId, boardId);
    const seasonId = await this.seasonOf(board, wantedSeason);
    return { board, seasonId, asOf: this.clock.now() };
  }

  private async seasonOf(board: BoardEntity, wantedId: string | undefined): Promise<string> {
    if (wantedId === undefined) return this.boardSeasons.current(board);
    await this.database.read((manager) => this.boards.assertSeason(manager, board.id, wantedId));
    return wantedId;
  }

  private async shown(board: BoardEntity, found: readonly RankedRow[]): Promise<readonly RankedPerson[]> {
    const profiles = await this.profiles.listPublic(found.flatMap(({ userId }) => userId ?? []));
    return found.map((row) => {
      const profile = row.userId === null ? undefined : profiles.get(row.userId);
      return { ...toStanding(board, row), person: profile ? toUserResponse(profile) : null };
    });
  }
}

function toStanding({ better }: BoardEntity, row: RankedRow): StandingResponse {
  return toResponse(StandingResponse, { ...row, score: toScore(better, row.sortKey) });
}

function ranksOf({ board: { isUnverified }, seasonId, asOf }: Asked, people: number): RanksOfResponse {
  return { seasonId, asOf: asOf.toISOString(), people, isUnverified };
}
