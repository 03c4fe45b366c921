import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, operator } from '@countersign/audit';
import { Clock, SECOND, DAY } from '@countersign/runtime';
import { AgreedClock, Database, Recurring, type Locked } from '@countersign/database';
import { boardError } from '../board.errors';
import { BoardEntity, BoardSeasonEntity } from '../store/board.entity';
import { SeasonsRepository, type OpenSeason } from '../store/seasons.repository';
import { boardEvents } from '../leaderboards.feature';

/** A season ends by the calendar, in UTC, or when an operator closes it. */
export const calendars = ['daily', 'weekly', 'monthly', 'by-hand'] as const;
export type Calendar = (typeof calendars)[number];

interface Period {
  readonly startsAt: Date;
  /** It is `null` for a season that an operator closes. */
  readonly endsAt: Date | null;
}

/** Returns the period of an instant. Weeks begin on Monday. */
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
/** Clocks of replicas differ. A season is closed only after every replica has stopped adding scores to it. */
const MARGIN_MS = 10 * SECOND;

/** Begins and closes seasons. Each minute it closes the seasons that end by the calendar. */
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

  /** @returns the number of seasons closed here */
  async run(): Promise<number> {
    const before = new Date((await this.agreedClock.now()).getTime() - MARGIN_MS);
    for (let closed = 0; ;) {
      const due = await this.database.read((manager) => this.seasons.listDue(manager, before, SEASONS));
      for (const season of due) if (await this.closeDue(season)) closed += 1;
      if (due.length < SEASONS) return closed;
    }
  }

  /** Returns the id of the current season, and begins it if necessary. */
  async current(board: BoardEntity): Promise<string> {
    const found = await this.database.read((manager) =>
      this.seasons.findCurrent(manager, board.id, this.clock.now()),
    );
    return found ?? (await this.database.transaction((tx) => this.ensure(tx, board)));
  }

  /** Keeps the current season open until the transaction ends. @throws LostRace if it was closed */
  async lockCurrent(tx: EntityManager, board: BoardEntity): Promise<Locked<OpenSeason>> {
    const seasonId = await this.ensure(tx, board);
    return this.seasons.lockOpen(tx, { seasonId });
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

  /** Closes a season by hand, and begins the next one. */
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

  /** @returns false if another replica closed it */
  private async closeDue({ id, boardId }: BoardSeasonEntity): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const board = await tx.findOneBy(BoardEntity, { id: boardId });
      return board !== null && (await this.closeIn(tx, board, id, { actor: 'system' })) !== null;
    });
  }

  /** Locks the row and reads it again, so that only one of several replicas closes it. */
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
    // Services give rewards for the event.
    const event = board.isUnverified ? {} : { event: { boardId, seasonId, applicationId } };
    await this.audit.record(tx, boardEvents.seasonClosed, { ...act, ...event });
    return { ...season, closedAt };
  }
}
