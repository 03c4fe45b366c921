import { Injectable } from '@nestjs/common';
import { And, IsNull, LessThanOrEqual, Not, type EntityManager } from 'typeorm';
import { firstRow, insertIfNew, locked, lockRow, LostRace, type Locked } from '@countersign/database';
import { BoardSeasonEntity } from './board.entity';

/** A season without a calendar is current until an operator closes it, even if another replica's clock is ahead. */
const CURRENT = `
  SELECT id FROM board_seasons
  WHERE board_id = $1 AND closed_at IS NULL AND (ends_at IS NULL OR (starts_at <= $2 AND ends_at > $2))
  ORDER BY number LIMIT 1`;

/** After a wait for a replica that closes the season, the row is read again and not found. */
const LOCK_OPEN = `
  SELECT id FROM board_seasons WHERE id = $1 AND closed_at IS NULL FOR KEY SHARE`;

export interface OpenSeason {
  readonly seasonId: string;
}

@Injectable()
export class SeasonsRepository {
  async findCurrent(manager: EntityManager, boardId: string, now: Date): Promise<string | null> {
    return (await firstRow<{ id: string }>(manager, CURRENT, [boardId, now]))?.id ?? null;
  }

  /** Keeps the season open until the transaction ends. */
  async lockOpen<S extends OpenSeason>(tx: EntityManager, season: S): Promise<Locked<S>> {
    if (!(await firstRow(tx, LOCK_OPEN, [season.seasonId]))) throw new LostRace();
    return locked(season);
  }

  async lockAllOpen<S extends OpenSeason>(tx: EntityManager, seasons: readonly S[]): Promise<Locked<S>[]> {
    const open: Locked<S>[] = [];
    for (const season of seasons) open.push(await this.lockOpen(tx, season));
    return open;
  }

  /** Waits for all transactions that write scores of the season. @returns null if it is closed */
  async lockToClose(tx: EntityManager, seasonId: string): Promise<BoardSeasonEntity | null> {
    return lockRow(tx, BoardSeasonEntity, { id: seasonId, closedAt: IsNull() }, 'pessimistic_write');
  }

  async insertNext(
    tx: EntityManager,
    season: Omit<BoardSeasonEntity, 'number' | 'people' | 'rankedTo'>,
  ): Promise<void> {
    const last = await tx.findOne(BoardSeasonEntity, {
      where: { boardId: season.boardId },
      order: { number: 'DESC' },
    });
    const next = { ...season, people: null, rankedTo: '0', number: (last?.number ?? 0) + 1 };
    if (!(await insertIfNew(tx, BoardSeasonEntity, next, 'id'))) throw new LostRace();
  }

  async listDue(manager: EntityManager, before: Date, limit: number): Promise<readonly BoardSeasonEntity[]> {
    return manager.find(BoardSeasonEntity, {
      where: { closedAt: IsNull(), endsAt: And(Not(IsNull()), LessThanOrEqual(before)) },
      order: { endsAt: 'ASC' },
      take: limit,
    });
  }
}
