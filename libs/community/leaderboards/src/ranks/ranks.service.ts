import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { invalidCursor, type PageQuery, toKeyset, toPage, toResponse } from '@countersign/http';
import { ProfilesService, toUserResponse, type ViewingCaller } from '@countersign/account';
import { UsersService } from '@countersign/users';
import { boardError } from '../board.errors';
import { type OrderedScore, toScore, toSortKey } from '../board-rules';
import { BoardsService } from '../boards.service';
import { BoardSeasons } from '../seasons/board-seasons';
import { BoardSeasonEntity, type BoardEntity } from '../store/board.entity';
import { type Position, type RankedRow, RanksRepository } from '../store/ranks.repository';
import {
  type RankedPerson,
  type RankResponse,
  type RanksOfResponse,
  type RanksResponse,
  StandingResponse,
  type TopResponse,
} from '../dto/rank.dto';

const BIAS = 2n ** 63n;
const HALF = 64n;

/** Encodes a position as a UUID, because cursors need this form. */
export function idOfPosition({ sortKey, reached }: OrderedScore): string {
  const digits = (((BigInt(sortKey) + BIAS) << HALF) | BigInt(reached)).toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export function toPositionKeyset(query: PageQuery): {
  readonly limit: number;
  readonly position: Position | null;
} {
  const { limit, afterId } = toKeyset(query);
  if (afterId === null) return { limit, position: null };
  const digits = BigInt(`0x${afterId.replaceAll('-', '')}`);
  const reached = digits & (2n ** HALF - 1n);
  if (reached >= BIAS) throw invalidCursor();
  return { limit, position: { sortKey: ((digits >> HALF) - BIAS).toString(), reached: reached.toString() } };
}

interface Asked {
  readonly board: BoardEntity;
  readonly seasonId: string;
  readonly asOf: Date;
}

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

  /** @param from leaves out people with a better score */
  async top(
    viewer: ViewingCaller,
    boardId: string,
    seasonId: string | undefined,
    query: PageQuery,
    from?: number,
  ): Promise<TopResponse> {
    const { limit, position: after } = toPositionKeyset(query);
    const asked = await this.ask(viewer, boardId, seasonId);
    // The position is in front of everybody who has this score.
    const position =
      from === undefined ? after : { sortKey: String(toSortKey(asked.board.better, from)), reached: '0' };
    const { found, people } = await this.database.read((manager) =>
      this.ranks.after(manager, asked.seasonId, position, limit + 1),
    );
    const page = toPage(found, limit, idOfPosition);
    return { ...page, items: await this.shown(asked.board, page.items), ...ranksOf(asked, people) };
  }

  /** @param each the maximum number of people on each side */
  async around(
    viewer: ViewingCaller,
    boardId: string,
    wantedId: string,
    seasonId: string | undefined,
    each: number,
  ): Promise<RanksResponse> {
    const { asked, found, people } = await this.findAround(viewer, boardId, wantedId, seasonId, each);
    return { items: await this.shown(asked.board, found), ...ranksOf(asked, people) };
  }

  async rankOf(
    viewer: ViewingCaller,
    boardId: string,
    wantedId: string,
    seasonId: string | undefined,
  ): Promise<RankResponse> {
    const { asked, first, people } = await this.findAround(viewer, boardId, wantedId, seasonId, 0);
    return { ...toStanding(asked.board, first), ...ranksOf(asked, people) };
  }

  private async findAround(
    viewer: ViewingCaller,
    boardId: string,
    wantedId: string,
    seasonId: string | undefined,
    each: number,
  ) {
    const asked = await this.ask(viewer, boardId, seasonId);
    const userId = await this.users.resolveId(wantedId);
    const { found, people } = await this.database.read((manager) =>
      this.ranks.around(manager, asked.seasonId, userId, each),
    );
    const [first] = found;
    if (!first) throw boardError('board.not_ranked');
    return { asked, first, found, people };
  }

  private async ask({ applicationId }: ViewingCaller, boardId: string, season?: string): Promise<Asked> {
    const board = await this.boards.getIn(applicationId, boardId);
    const seasonId = season?.toLowerCase() ?? (await this.boardSeasons.current(board));
    const where = { id: seasonId, boardId };
    if (season && !(await this.database.read((manager) => manager.existsBy(BoardSeasonEntity, where))))
      throw boardError('board.not_found');
    return { board, seasonId, asOf: this.clock.now() };
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
