import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type AccountDataJournal,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type MergeRecord,
  type MergeSide,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { toScore } from '../board-rules';
import { ScoreCounting } from '../scores/score-counting';
import {
  BoardsAccountDataRepository,
  type BoardsState,
  type ExportedScore,
  type SeasonOfPerson,
} from './boards-account-data.repository';

const PAGE = 500;

/** What merges change of leaderboards. */
@Injectable()
export class BoardsJournal implements AccountDataJournal<BoardsState> {
  readonly name = 'leaderboards';

  constructor(
    private readonly rows: BoardsAccountDataRepository,
    private readonly counting: ScoreCounting,
  ) {}

  async recall(tx: EntityManager, { userId }: MergeSide): Promise<BoardsState> {
    return this.rows.recall(tx, userId);
  }

  /** Scores return, and open seasons are counted anew. Entries of seasons that were closed by then get their names back. */
  async giveBack(
    tx: EntityManager,
    { survivor, returning }: ReturnPair,
    { loser, survivor: former }: MergeRecord<BoardsState>,
  ): Promise<Returned> {
    const [userId, returningId] = [survivor.userId, returning.userId];
    await this.rows.giveBackScores(tx, userId, returningId, loser.scores);
    await this.counting.recountAll(tx, await this.rows.openSeasonsOf(tx, returningId), [userId, returningId]);
    await this.rows.nameEntries(tx, userId, returningId, loser.entries);
    await this.rows.nameEntries(tx, userId, userId, former.entries);
    return {};
  }
}

/** Scores and ranks as data of an account. */
@Injectable()
@HasAccountData('others')
export class BoardsAccountData implements AccountData {
  constructor(
    readonly journal: BoardsJournal,
    private readonly rows: BoardsAccountDataRepository,
    private readonly counting: ScoreCounting,
  ) {}

  /**
   * All scores are the survivor's, and open seasons are counted anew by the rule of their boards. Ranks of closed seasons
   * stay: of two entries the one in front has the name of the account.
   * @returns no sessions: none ends
   */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    const [userId, loserId] = [survivor.userId, loser.userId];
    const open = await this.rows.openSeasonsOf(tx, loserId);
    await this.rows.moveScores(tx, loserId, userId);
    await this.counting.recountAll(tx, open, [loserId, userId]);
    await this.rows.mergeEntries(tx, loserId, userId);
    return [];
  }

  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return { boardScores: await this.rows.countScores(tx, userId) };
  }

  /** Those behind move up in open seasons. In closed ones the rank stays without a name. */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    const open: readonly SeasonOfPerson[] = await this.rows.openSeasonsOf(tx, userId);
    await this.counting.removeAll(tx, open, userId);
    await this.rows.erase(tx, userId);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'boardStandings',
        meaning: 'What counts of the person on each leaderboard, in each season.',
        retention: 'Until the account is erased. Then ranks of closed seasons no longer name the person.',
        items: this.standings(read, person),
      },
      {
        name: 'boardScores',
        meaning: 'Scores that applications sent for the person, with corrections and their reasons.',
        retention: 'Until 90 days after the end of the season, or until the account is erased.',
        items: this.scores(read, person),
      },
    ];
  }

  private async *standings(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    const found = await read((manager) => this.rows.standingsOf(manager, userId));
    for (const { better, sortKey, reachedAt, ...season } of found)
      yield { ...season, score: toScore(better, sortKey), reachedAt: reachedAt.toISOString() };
  }

  private async *scores(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    for (let after = 0; ;) {
      const page: readonly ExportedScore[] = await read((manager) =>
        this.rows.scoresOf(manager, userId, after, PAGE),
      );
      for (const { sequence, acceptedAt, correctedAt, ...score } of page) {
        after = sequence;
        yield {
          ...score,
          acceptedAt: acceptedAt.toISOString(),
          correctedAt: correctedAt?.toISOString() ?? null,
        };
      }
      if (page.length < PAGE) return;
    }
  }
}
