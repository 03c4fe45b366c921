import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { AppError } from '@countersign/text';
import {
  type BetterScore,
  boardError,
  BoardsService,
  type RankedPerson,
  RanksService,
  ScoresService,
  type SentScoreRequest,
} from '@countersign/leaderboards';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { metaproError } from '../metapro.errors';
import { ListQuery, MAX_RESULTS, UUID } from '../protocol/list-query';
import type { MetaproPersonalScore, MetaproScore, MetaproScores } from './boards.dto';
import { metaproSettings } from '../metapro.feature';

/** A reader without a session of the project sees only public people, unless the project shows names. */
export type Reader = Principal | undefined;

interface OpenBoard {
  readonly boardId: string;
  readonly better: BetterScore;
  readonly viewer: { readonly applicationId: string; readonly userId: null };
  readonly showsAll: boolean;
  readonly isUnverified: boolean;
}

/** Reads the current season of a project's leaderboards. The rule of the board decides which scores count. */
@Injectable()
export class MetaproBoards {
  constructor(
    private readonly boards: BoardsService,
    private readonly applications: ApplicationsService,
    private readonly ranks: RanksService,
    private readonly scores: ScoresService,
    private readonly users: UsersService,
  ) {}

  async list(id: string, query: unknown, reader: Reader): Promise<MetaproScores> {
    const read = new ListQuery(query);
    const { skip, limit } = read.slice(MAX_RESULTS);
    const [min = -Infinity, max = Infinity] = [read.integer('minBalance'), read.integer('maxBalance')];
    const board = await this.open(id, reader);
    const best = board.better === 'higher' ? max : min;
    const from = Number.isFinite(best) ? best : undefined;
    const page = { limit: String(skip + limit) };
    const { items, people } = await this.ranks.top(board.viewer, board.boardId, undefined, page, from);
    const found = items.slice(skip).filter(({ score }) => score >= min && score <= max);
    return { count: people, results: found.map((ranked) => shownTo(board, ranked)) };
  }

  async personal(id: string, wantedId: string, reader: Reader, each = 0): Promise<MetaproPersonalScore> {
    const { viewer, boardId, ...board } = await this.open(id, reader);
    const [userId, asked] = [await this.resolve(wantedId), wantedId.toLowerCase()];
    const { items } = await this.ranks.around(viewer, boardId, userId, undefined, each).catch(noneIfUnranked);
    // The answer has the id of the request, which may be the id of a merged account.
    const own = items.find((ranked) => ranked.userId === userId);
    const mainScore = toScore(board, asked, own?.rank ?? null, own?.score ?? null);
    return { scores: items.map((one) => (one === own ? mainScore : shownTo(board, one))), mainScore };
  }

  /** Counts a person's accepted scores, up to 10,000. */
  async countOf(id: string, wantedId: string): Promise<number> {
    const { boardId } = await this.open(id);
    return this.boards.countScores(boardId, await this.resolve(wantedId));
  }

  async send(applicationId: string, id: string, sent: SentScoreRequest): Promise<MetaproScore> {
    if (!UUID.test(sent.userId)) throw metaproError('metapro.user_not_found');
    const { boardId } = await this.open(id);
    const { results } = await this.scores.send(applicationId, boardId, [sent]);
    const code = results[0]?.code;
    if (code) throw boardError(code);
    return (await this.personal(id, sent.userId, undefined)).mainScore;
  }

  async open(id: string, reader?: Reader): Promise<OpenBoard> {
    if (!UUID.test(id)) throw boardError('board.not_found');
    const { id: boardId, applicationId, better, isUnverified } = await this.boards.get(id.toLowerCase());
    const { settings } = await this.applications.getById(applicationId);
    if (!metaproSettings.of(settings).enabled) throw boardError('board.not_found');
    const showsAll = metaproSettings.of(settings).showsNames || reader?.applicationId === applicationId;
    return { boardId, better, viewer: { applicationId, userId: null }, showsAll, isUnverified };
  }

  private async resolve(wantedId: string): Promise<string> {
    if (!UUID.test(wantedId)) throw metaproError('metapro.user_not_found');
    return this.users.resolveId(wantedId.toLowerCase());
  }
}

function noneIfUnranked(error: unknown): { readonly items: readonly RankedPerson[] } {
  if (error instanceof AppError && error.code === 'board.not_ranked') return { items: [] };
  throw error;
}

type Shown = Pick<OpenBoard, 'showsAll' | 'isUnverified'>;

function shownTo(board: Shown, { userId, person, rank, score }: RankedPerson): MetaproScore {
  return toScore(board, board.showsAll || person ? userId : null, rank, score);
}

function toScore(
  { isUnverified }: Shown,
  userId: string | null,
  position: number | null,
  score: number | null,
): MetaproScore {
  const round = { score };
  return { userId, position, isUnverified, roundData: round, currentRoundData: round, totalRoundData: round };
}
