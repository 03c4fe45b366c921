import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, operator } from '@countersign/audit';
import { Clock, SECOND, DAY } from '@countersign/runtime';
import { AgreedClock, Database, Recurring } from '@countersign/database';
import { boardError } from '../board.errors';
import { BoardEntity, BoardSeasonEntity } from '../store/board.entity';
import { SeasonsRepository } from '../store/seasons.repository';
import { boardEvents } from '../leaderboards.feature';

/** When a season ends: by the calendar, in UTC, or when it is closed by hand. */
export const calendars = ['daily', 'weekly', 'monthly', 'by-hand'] as const;
export type Calendar = (typeof calendars)[number];

interface Period {
  readonly startsAt: Date;
  /** `null` for a season that is closed by hand. */
  readonly endsAt: Date | null;
}

/** The period that an instant is in. Weeks begin on Monday. */
export function periodAt(calendar: Calendar, now: Date): Period {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const midnight = Date.UTC(year, month, day);
  switch (calendar) {
    case 'daily':
      return lasting(midnight, DAY);
    case 'weekly':
      return lasting(midnight - ((now.getUTCDay() + 6) % 7) * DAY, 7 * DAY);
    case 'monthly':
      return { startsAt: new Date(Date.UTC(year, month)), endsAt: new Date(Date.UTC(year, month + 1)) };
    case 'by-hand':
      return { startsAt: now, endsAt: null };
  }
}

function lasting(start: number, ms: number): Period {
  return { startsAt: new Date(start), endsAt: new Date(start + ms) };
}

const SEASONS = 100;
/** Clocks of replicas differ: a season is closed only when no replica still counts scores for it. */
const MARGIN_MS = 10 * SECOND;

/** Begins the seasons of boards, and closes them, those by the calendar each minute. */
@Injectable()
@Recurring({ name: 'board-seasons', cron: '* * * * *', everyMinutes: 1 })
export class BoardSeasons {
  constructor(
    private readonly database: Database,
    private readonly seasons: SeasonsRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly agreedClock: AgreedClock,
  ) {}

  /** Closes seasons whose end is over. @returns how many were closed here. @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    const before = new Date((await this.agreedClock.now()).getTime() - MARGIN_MS);
    for (let closed = 0; ;) {
      const due = await this.database.read((manager) => this.seasons.listDue(manager, before, SEASONS));
      for (const season of due) if (await this.closeDue(season)) closed += 1;
      if (due.length < SEASONS) return closed;
    }
  }

  /** The id of the season that is now, which begins here where nothing began it yet. */
  async current(board: BoardEntity): Promise<string> {
    const found = await this.database.read((manager) =>
      this.seasons.findCurrent(manager, board.id, this.clock.now()),
    );
    return found ?? (await this.database.transaction((tx) => this.ensure(tx, board)));
  }

  /** The season that is now, which is not closed until the end of the transaction. @throws LostRace where it was closed */
  async lockCurrent(tx: EntityManager, board: BoardEntity): Promise<string> {
    const seasonId = await this.ensure(tx, board);
    await this.seasons.lockOpen(tx, seasonId);
    return seasonId;
  }

  async ensure(tx: EntityManager, board: BoardEntity): Promise<string> {
    const now = this.clock.now();
    const found = await this.seasons.findCurrent(tx, board.id, now);
    if (found !== null) return found;
    const id = uuidv7();
    const period = periodAt(board.calendar, now);
    await this.seasons.insertNext(tx, { id, boardId: board.id, ...period, closedAt: null });
    return id;
  }

  /**
   * Closes the current season of a board whose seasons end by hand, and begins the next one.
   * @returns the closed season
   * @throws AppError board.not_found, board.no_season_by_hand, board.season_closed
   */
  async closeByHand(boardId: string, seasonId: string, reason: string): Promise<BoardSeasonEntity> {
    return this.database.transaction(async (tx) => {
      const board = await tx.findOneBy(BoardEntity, { id: boardId });
      const isThere = await tx.existsBy(BoardSeasonEntity, { id: seasonId, boardId });
      if (!board || !isThere) throw boardError('board.not_found');
      if (board.calendar !== 'by-hand') throw boardError('board.no_season_by_hand');
      const closed = await this.closeIn(tx, board, seasonId, { actor: operator(), reason });
      if (!closed) throw boardError('board.season_closed');
      await this.ensure(tx, board);
      return closed;
    });
  }

  /** Closes a season whose end is over. @returns false where another replica closed it */
  private async closeDue({ id, boardId }: BoardSeasonEntity): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const board = await tx.findOneBy(BoardEntity, { id: boardId });
      return board !== null && (await this.closeIn(tx, board, id, { actor: 'system' })) !== null;
    });
  }

  /** The row is locked and read again, so that of many replicas one closes it. */
  private async closeIn(
    tx: EntityManager,
    board: BoardEntity,
    seasonId: string,
    { actor, reason }: { readonly actor: string; readonly reason?: string },
  ): Promise<BoardSeasonEntity | null> {
    const season = await this.seasons.lockToClose(tx, seasonId);
    if (!season) return null;
    const closedAt = this.clock.now();
    await tx.update(BoardSeasonEntity, { id: seasonId }, { closedAt });
    const { id: boardId, applicationId } = board;
    const act = {
      actor,
      applicationId,
      subject: boardId,
      details: { seasonId, ...(reason === undefined ? {} : { reason }) },
    };
    // Services give rewards by the event.
    const event = board.isUnverified ? {} : { event: { boardId, seasonId, applicationId } };
    await this.audit.record(tx, boardEvents.seasonClosed, { ...act, ...event });
    return { ...season, closedAt };
  }
}
