import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type Merged,
  type MergePair,
  type OwnedRows,
  type Returned,
  type ReturnPair,
  type LockedUser,
} from '@countersign/users';
import type { Locked } from '@countersign/database';
import { toScore, type BetterScore, advance, toSortKey, type OrderedScore } from '../board-rules';
import { CLOSED, StandingsRepository, type SeasonOfPerson } from '../store/standings.repository';
import { SeasonsRepository, type OpenSeason } from '../store/seasons.repository';

const SEASON = 'boards.application_id, boards.id AS board_id, seasons.id AS season_id';
const OF_SEASON = `
  JOIN board_seasons seasons ON seasons.id = own.season_id JOIN boards ON boards.id = seasons.board_id`;

@Injectable()
@HasAccountData('others')
export class BoardsAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [
    { table: 'board_scores', key: ['board_id', 'id'], erase: 'delete' },
    {
      ...{ table: 'board_entries', key: ['season_id', 'sort_key', 'reached'], where: CLOSED },
      ...{ mayBeUnnamed: true, erase: 'unname' },
    },
  ];
  readonly lost = { boardStandings: 'FROM board_entries WHERE user_id = $1' };
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'boardStandings',
      meaning: 'What counts of the person on each leaderboard, in each season.',
      retention: 'Until the account is erased. Then ranks of closed seasons no longer name the person.',
      sql: `SELECT seasons.id AS cursor, ${SEASON}, boards.better, own.sort_key::float8 AS sort_key, own.reached_at
        FROM board_entries own ${OF_SEASON} WHERE own.user_id = $1`,
      itemOf: ({ better, sortKey, ...season }: { better: BetterScore; sortKey: number }) => ({
        ...season,
        score: toScore(better, sortKey),
      }),
    },
    {
      name: 'boardScores',
      meaning: 'Scores that applications sent for the person.',
      retention: 'Until 90 days after the end of the season, or until the account is erased.',
      sql: `SELECT own.sequence AS cursor, ${SEASON}, own.id, own.score::float8 AS score,
          own.accepted_at
        FROM board_scores own ${OF_SEASON} WHERE own.user_id = $1`,
    },
  ];

  constructor(
    private readonly rows: StandingsRepository,
    private readonly seasons: SeasonsRepository,
  ) {}

  /** Keeps the open seasons of these people open meanwhile. */
  async lock(tx: EntityManager, users: readonly LockedUser[]): Promise<void> {
    for (const { userId } of users)
      await this.seasons.lockAllOpen(tx, await this.rows.openSeasonsOf(tx, userId));
  }

  /** Ranks of closed seasons stay. If both accounts have an entry, the survivor's entry keeps its name. */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<Merged> {
    await this.rows.unname(tx, loser.userId, survivor.userId);
    return {};
  }

  /** Gives the survivor all scores, and counts open seasons again by the rule of their boards. */
  async merged(tx: EntityManager, { survivor, loser }: MergePair): Promise<void> {
    const open = await this.rows.openSeasonsOf(tx, loser.userId);
    await this.recountAll(tx, open, [loser.userId, survivor.userId]);
  }

  async separated(tx: EntityManager, { survivor, returning }: ReturnPair): Promise<Returned> {
    const open = await this.rows.openSeasonsOf(tx, returning.userId);
    await this.recountAll(tx, open, [survivor.userId, returning.userId]);
    return {};
  }

  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return { boardScores: await this.rows.countScores(tx, userId) };
  }

  /** The people behind move up in open seasons. In closed seasons, the rank stays without a name. */
  async erase(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    const open = await this.seasons.lockAllOpen(tx, await this.rows.openSeasonsOf(tx, userId));
    for (const season of open) await this.moveTo(tx, season, userId, null);
  }

  /** @param userIds people who lose scores come first, because another person may get their positions */
  private async recountAll(
    tx: EntityManager,
    open: readonly SeasonOfPerson[],
    userIds: readonly string[],
  ): Promise<void> {
    for (const season of await this.seasons.lockAllOpen(tx, open)) {
      const { rule, better } = season;
      for (const userId of userIds) {
        let to: OrderedScore | null = null;
        for await (const { score, ...at } of this.rows.scoresOf(tx, season, userId))
          to = advance(rule, to, { ...at, sortKey: toSortKey(better, score) }) ?? to;
        await this.moveTo(tx, season, userId, to);
      }
    }
  }

  private async moveTo(
    tx: EntityManager,
    season: Locked<OpenSeason>,
    userId: string,
    to: OrderedScore | null,
  ): Promise<void> {
    const from = (await this.rows.lock(tx, season, [userId])).get(userId) ?? null;
    if (from?.sortKey === to?.sortKey && from?.reached === to?.reached) return;
    await this.rows.move(tx, season, [{ userId, from, to }]);
  }
}
