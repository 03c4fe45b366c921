import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type Merged,
  type MergePair,
  type OwnedRows,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { toScore } from '../board-rules';
import { ScoreCounting } from '../scores/score-counting';
import {
  BoardsAccountDataRepository,
  CLOSED,
  type ExportedScore,
  type SeasonOfPerson,
} from './boards-account-data.repository';

const PAGE = 500;

/** Scores and ranks as data of an account. */
@Injectable()
@HasAccountData('others')
export class BoardsAccountData implements AccountData {
  readonly name = 'leaderboards';
  readonly owned: readonly OwnedRows[] = [
    { table: 'board_scores', key: ['board_id', 'id'] },
    { table: 'board_entries', key: ['season_id', 'sort_key', 'reached'], where: CLOSED, mayBeUnnamed: true },
  ];

  constructor(
    private readonly rows: BoardsAccountDataRepository,
    private readonly counting: ScoreCounting,
  ) {}

  /** No season of theirs is closed meanwhile. @throws LostRace where one just was */
  async lock(tx: EntityManager, userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) await this.counting.lockOpen(tx, await this.rows.openSeasonsOf(tx, userId));
  }

  /** Ranks of closed seasons stay: of two entries the one in front has the name of the account. */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<Merged> {
    return { state: await this.rows.unnameBehind(tx, loser.userId, survivor.userId) };
  }

  /** All scores are the survivor's, and open seasons are counted anew by the rule of their boards. */
  async merged(tx: EntityManager, { survivor, loser }: MergePair): Promise<void> {
    const [userId, loserId] = [survivor.userId, loser.userId];
    await this.counting.recountAll(tx, await this.rows.openSeasonsOf(tx, loserId), [loserId, userId]);
  }

  /** Open seasons are counted anew. Entries of seasons that were closed by then get their names back. */
  async separated(tx: EntityManager, { survivor, returning }: ReturnPair, state: unknown): Promise<Returned> {
    const [userId, returningId] = [survivor.userId, returning.userId];
    await this.counting.recountAll(tx, await this.rows.openSeasonsOf(tx, returningId), [userId, returningId]);
    await this.rows.name(tx, userId, state);
    return {};
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
