import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Logger, SideTasks } from '@countersign/observability';
import { NOWHERE } from '@countersign/off-heap';
import type { AccessSession } from '../session';
import { SessionsRepository } from '../store/sessions.repository';
import { SLIDE, SlideTable } from './slide-table';

const TICK_MS = 1_000;
const BATCH = 500;
const MAX_WAIT_SECONDS = 60;

/** At shutdown: a write may lose a race, or its connection. No further attempt begins after this time. */
const LAST_PAUSE_MS = 300;
const LAST_ATTEMPTS_MS = 5_000;

/** How long a written slide stays known: cached rows, and reads in progress, may be older than the write. */
const RETENTION_SECONDS = 60;

/**
 * Sliding expiration: in memory at once, in the row at most once a minute per session (more often only for
 * idle times below four minutes), many rows in one statement. The session itself may leave the cache
 * meanwhile.
 */
@Injectable()
export class SlideWriter implements BeforeApplicationShutdown {
  private readonly slides = new SlideTable();
  private timer: NodeJS.Timeout | null = null;
  private flushing = Promise.resolve(true);

  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly tasks: SideTasks,
  ) {}

  /**
   * Until when the current token of a session is good without being used: by its row, or moved by later uses.
   */
  idleDeadlineOf(session: AccessSession): Date {
    const position = this.positionOf(session);
    return position === NOWHERE
      ? session.accessIdleExpiresAt
      : new Date(this.slides.get(position, SLIDE.deadline));
  }

  /**
   * Moves the idle deadline of a session whose current token was used at `now`.
   * @returns the deadline from now on
   */
  slide(session: AccessSession, now: Date): Date {
    const rowDeadline = session.accessIdleExpiresAt.getTime();
    const deadline = Math.min(
      session.accessExpiresAt.getTime(),
      now.getTime() + session.accessIdleIn * SECOND,
    );
    const position = this.positionOf(session);
    const known = position === NOWHERE ? rowDeadline : this.slides.get(position, SLIDE.deadline);
    if (deadline <= known) return new Date(known);
    const usedAt = now.getTime();
    if (position === NOWHERE) {
      const { id, accessDigest, accessIdleIn } = session;
      const times = { startedAt: usedAt, usedAt, deadline, rowDeadline, writtenAt: 0 };
      if (!this.slides.start(id, accessDigest, { accessIdleIn, ...times })) return new Date(known);
    } else {
      if (!this.isWaiting(position)) this.slides.set(position, SLIDE.usedAt, usedAt);
      this.slides.set(position, SLIDE.deadline, deadline);
    }
    this.timer ??= setInterval(() => void this.flush(false), TICK_MS).unref();
    return new Date(deadline);
  }

  /** Writes due slides, or all of them. Never rejects. @returns whether all of them were written */
  flush(all: boolean): Promise<boolean> {
    this.flushing = this.flushing.then(
      async () => (await this.tasks.attempt('slides', () => this.write(all))) ?? false,
    );
    return this.flushing;
  }

  /**
   * Before jobs and connections are closed: that may be slow, and the orchestrator may send SIGKILL first.
   */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    const startedAt = performance.now();
    while (!(await this.flush(true))) {
      if (performance.now() - startedAt > LAST_ATTEMPTS_MS) {
        this.logger.error({}, 'slides are lost: the process ends');
        return;
      }
      await sleep(LAST_PAUSE_MS);
    }
  }

  /**
   * The slide that is ahead of the row: unless it is of another token, or the row's deadline passed before
   * the use.
   */
  private positionOf({ id, accessDigest, accessIdleExpiresAt }: AccessSession): number {
    const position = this.slides.find(id);
    if (position === NOWHERE) return NOWHERE;
    const rowDeadline = accessIdleExpiresAt.getTime();
    const isAhead =
      this.slides.get(position, SLIDE.deadline) > rowDeadline &&
      this.slides.get(position, SLIDE.startedAt) < rowDeadline;
    return isAhead && this.slides.hasDigest(position, accessDigest) ? position : NOWHERE;
  }

  private async write(all: boolean): Promise<boolean> {
    const now = this.clock.now().getTime();
    let isWritten = true;
    const due = this.takeStock(now, all);
    for (let start = 0; start < due.length; start += BATCH) {
      const batch = due.slice(start, start + BATCH).map((position) => ({
        position,
        sessionId: this.slides.sessionIdAt(position),
        accessDigest: this.slides.digestAt(position),
        usedAt: new Date(this.slides.get(position, SLIDE.usedAt)),
        deadline: new Date(this.slides.get(position, SLIDE.deadline)),
      }));
      const left = new Set(await this.database.transaction((tx) => this.repository.slide(tx, batch, false)));
      isWritten &&= left.size === 0;
      for (const { position, sessionId, deadline } of batch) {
        if (left.has(sessionId)) continue;
        this.slides.set(position, SLIDE.rowDeadline, deadline.getTime());
        this.slides.set(position, SLIDE.writtenAt, now);
        // There were later uses during the write.
        if (this.isWaiting(position)) this.slides.set(position, SLIDE.usedAt, now);
      }
    }
    return isWritten;
  }

  /**
   * Forgets what was written long ago. No write is in progress, and only this method frees positions: each position
   * still belongs to its session when the write is over.
   * @returns the positions of what has to be written now
   */
  private takeStock(now: number, all: boolean): number[] {
    const due: number[] = [];
    this.slides.reuse();
    this.slides.forEach((position) => {
      if (this.isWaiting(position)) {
        if (all || this.isDue(position, now)) due.push(position);
      } else if (now - this.slides.get(position, SLIDE.writtenAt) >= RETENTION_SECONDS * SECOND)
        this.slides.forget(position);
    });
    return due;
  }

  private isWaiting(position: number): boolean {
    return this.slides.get(position, SLIDE.deadline) > this.slides.get(position, SLIDE.rowDeadline);
  }

  /** Also when the row's deadline would pass before the next write: other replicas see only the row. */
  private isDue(position: number, now: number): boolean {
    const idleIn = this.slides.get(position, SLIDE.accessIdleIn);
    const wait = Math.min(MAX_WAIT_SECONDS, idleIn / 4) * SECOND;
    return (
      now - this.slides.get(position, SLIDE.usedAt) >= wait ||
      this.slides.get(position, SLIDE.rowDeadline) - now <= wait
    );
  }
}
