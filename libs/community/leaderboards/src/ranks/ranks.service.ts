import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { toPage, toResponse, type PageQuery } from '@countersign/http';
import { ProfilesService, toUserResponse, type ViewingCaller } from '@countersign/profiles';
import { ReferralCodes } from '@countersign/referrals';
import { TeamAccess } from '@countersign/teams';
import { UsersService } from '@countersign/users';
import { boardError } from '../board.errors';
import { toScore } from '../board-rules';
import { BoardsService } from '../boards.service';
import { BoardSeasons } from '../seasons/board-seasons';
import type { BoardEntity } from '../store/board.entity';
import { RanksRepository, type Group, type RankedRow, type Ranks } from '../store/ranks.repository';
import { idOfPosition, positionOf, toPositionKeyset } from './position';
import {
  StandingResponse,
  type RankedPerson,
  type RankResponse,
  type RanksOfResponse,
  type RanksResponse,
  type TopResponse,
} from '../dto/rank.response';
import type { WantedRanks } from '../dto/ranks.query';

interface Asked {
  /** Of whom a person referred, that person sees only those who made something public; `null` for other answers. */
  readonly onlyPublicTo: string | null;
  readonly board: BoardEntity;
  readonly seasonId: string;
  readonly group: Group | null;
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
    private readonly teams: TeamAccess,
    private readonly referrals: ReferralCodes,
    private readonly clock: Clock,
  ) {}

  /**
   * @param from people with a better score are left out
   * @throws AppError board.*, team.*, request.invalid
   */
  async top(
    viewer: ViewingCaller,
    boardId: string,
    wanted: WantedRanks,
    query: PageQuery,
    from?: number,
  ): Promise<TopResponse> {
    const { limit, position: after } = toPositionKeyset(query);
    const asked = await this.ask(viewer, boardId, wanted);
    const position = from === undefined ? after : positionOf(asked.board.better, from);
    const { found, people } = await this.read((manager) =>
      this.ranks.after(manager, asked, position, limit + 1),
    );
    const page = toPage(found, limit, idOfPosition, (row) => row);
    return { ...page, items: await this.shown(asked, page.items), ...ranksOf(asked, people) };
  }

  /**
   * The person with up to so many people on each side.
   * @throws AppError board.*, team.*
   */
  async around(
    viewer: ViewingCaller,
    boardId: string,
    wantedId: string,
    wanted: WantedRanks,
    each: number,
  ): Promise<RanksResponse> {
    const asked = await this.ask(viewer, boardId, wanted);
    const { found, people } = await this.findAround(asked, wantedId, each);
    return { items: await this.shown(asked, found), ...ranksOf(asked, people) };
  }

  /** @throws AppError board.*, team.* */
  async rankOf(
    viewer: ViewingCaller,
    boardId: string,
    wantedId: string,
    wanted: WantedRanks,
  ): Promise<RankResponse> {
    const asked = await this.ask(viewer, boardId, wanted);
    const { found, people } = await this.findAround(asked, wantedId, 0);
    return { ...toStanding(asked.board, found[0]), ...ranksOf(asked, people) };
  }

  /** @throws AppError board.not_ranked, board.group_hidden, board.group_too_large */
  private async findAround(
    asked: Asked,
    wantedId: string,
    each: number,
  ): Promise<{ readonly found: readonly [RankedRow, ...RankedRow[]]; readonly people: number }> {
    const userId = await this.resolve(asked, wantedId);
    const { found, people } = await this.read((manager) => this.ranks.around(manager, asked, userId, each));
    const [first, ...others] = found;
    if (!first) throw boardError('board.not_ranked');
    return { found: [first, ...others], people };
  }

  private async read(work: (manager: EntityManager) => Promise<Ranks>): Promise<Ranks> {
    const ranks = await this.database.read(work);
    if (ranks.isTooLarge) throw boardError('board.group_too_large');
    return ranks;
  }

  private async resolve({ onlyPublicTo }: Asked, wantedId: string): Promise<string> {
    const userId = await this.users.resolveId(wantedId);
    if (onlyPublicTo !== null && onlyPublicTo !== userId) throw boardError('board.group_hidden');
    return userId;
  }

  private async ask(viewer: ViewingCaller, boardId: string, wanted: WantedRanks): Promise<Asked> {
    const board = await this.boards.getIn(viewer.applicationId, boardId);
    if (board.isUnverified && wanted.referredBy !== undefined) throw boardError('board.unverified');
    const group = await this.groupOf(viewer, wanted);
    const seasonId = await this.seasonOf(board, wanted.seasonId);
    const onlyPublicTo = group?.kind === 'referred' ? viewer.userId : null;
    return { board, seasonId, group, onlyPublicTo, asOf: this.clock.now() };
  }

  private async seasonOf(board: BoardEntity, wantedId: string | undefined): Promise<string> {
    if (wantedId === undefined) return this.boardSeasons.current(board);
    await this.database.read((manager) => this.boards.assertSeason(manager, board.id, wantedId));
    return wantedId;
  }

  /** Members of a team are seen by those who may list them; whom a person referred by that person and the application. */
  private async groupOf(viewer: ViewingCaller, { teamId, referredBy }: WantedRanks): Promise<Group | null> {
    if (teamId !== undefined) {
      await this.teams.authorise(viewer, teamId, 'members.list');
      return { kind: 'team', id: teamId };
    }
    if (referredBy === undefined) return null;
    await this.referrals.assertOn(viewer.applicationId);
    const id = await this.users.resolveId(referredBy);
    if (viewer.userId !== null && viewer.userId !== id) throw boardError('board.group_hidden');
    return { kind: 'referred', id };
  }

  private async shown(
    { board, onlyPublicTo }: Asked,
    found: readonly RankedRow[],
  ): Promise<readonly RankedPerson[]> {
    const profiles = await this.profiles.listPublic(found.flatMap(({ userId }) => userId ?? []));
    return found.map((row) => {
      const profile = row.userId === null ? undefined : profiles.get(row.userId);
      const isHidden = onlyPublicTo !== null && onlyPublicTo !== row.userId && !profile;
      const standing = toStanding(board, isHidden ? { ...row, userId: null } : row);
      return { ...standing, person: profile ? toUserResponse(profile) : null };
    });
  }
}

function toStanding({ better }: BoardEntity, row: RankedRow): StandingResponse {
  return toResponse(StandingResponse, { ...row, score: toScore(better, row.sortKey) });
}

function ranksOf({ board: { isUnverified }, seasonId, asOf }: Asked, people: number): RanksOfResponse {
  return { seasonId, asOf: asOf.toISOString(), people, isUnverified };
}
