import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LostRace } from '@countersign/database';
import { advance, toSortKey, type OrderedScore } from '../board-rules';
import type { BoardEntity } from '../store/board.entity';
import { SeasonsRepository } from '../store/seasons.repository';
import { StandingsRepository } from '../store/standings.repository';

type Rules = Pick<BoardEntity, 'rule' | 'better'>;

/** Counts standings of open seasons anew, from their scores. */
@Injectable()
export class ScoreCounting {
  constructor(
    private readonly seasons: SeasonsRepository,
    private readonly standings: StandingsRepository,
  ) {}

  /** @throws LostRace where a season was closed meanwhile */
  async lockOpen(tx: EntityManager, open: readonly { readonly seasonId: string }[]): Promise<void> {
    for (const { seasonId } of open) if (!(await this.seasons.lockOpen(tx, seasonId))) throw new LostRace();
  }

  /** In a season that the caller has locked. A score that would take a sum out of the range of scores is left out. */
  async recount(tx: EntityManager, { rule, better }: Rules, seasonId: string, userId: string): Promise<void> {
    const from = (await this.standings.lock(tx, seasonId, [userId])).get(userId) ?? null;
    let to: OrderedScore | null = null;
    for await (const { score, ...at } of this.standings.scoresOf(tx, seasonId, userId))
      to = advance(rule, to, { ...at, sortKey: toSortKey(better, score) }) ?? to;
    if (from?.sortKey === to?.sortKey && from?.reached === to?.reached) return;
    await this.standings.move(tx, seasonId, [{ userId, from, to }]);
  }

  /**
   * @param userIds who loses scores first: another one may get their positions
   * @throws LostRace where a season was closed meanwhile
   */
  async recountAll(
    tx: EntityManager,
    open: readonly (Rules & { readonly seasonId: string })[],
    userIds: readonly string[],
  ): Promise<void> {
    await this.lockOpen(tx, open);
    for (const { seasonId, ...rules } of open)
      for (const userId of userIds) await this.recount(tx, rules, seasonId, userId);
  }

  /** @throws LostRace where a season was closed meanwhile */
  async removeAll(
    tx: EntityManager,
    open: readonly { readonly seasonId: string }[],
    userId: string,
  ): Promise<void> {
    await this.lockOpen(tx, open);
    for (const { seasonId } of open) {
      const from = (await this.standings.lock(tx, seasonId, [userId])).get(userId) ?? null;
      await this.standings.move(tx, seasonId, [{ userId, from, to: null }]);
    }
  }
}
