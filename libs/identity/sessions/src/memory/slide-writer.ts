import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock, Logger, SECOND, SideTasks } from '@countersign/runtime';
import { Database, skipLocked, waitsForLocks } from '@countersign/database';
import type { AccessSession } from '../session';
import { SessionsRepository } from '../store/sessions.repository';
import { SessionCache } from './session-cache';

type UsedPair = Pick<AccessSession, 'id' | 'accessDigest' | 'accessIdleExpiresAt'>;

const DONE = { status: 'fulfilled', value: undefined } as const;

/**
 * Records the first use of a pair before the request is answered. After it, the previous refresh token counts as
 * stolen. It is a slide that moves nothing. Simultaneous uses share a transaction, and those of one pair a write.
 */
@Injectable()
export class FirstUses {
  private readonly write: (pair: UsedPair) => Promise<void>;
  private readonly writing = new Map<string, Promise<void>>();

  constructor(
    database: Database,
    repository: SessionsRepository,
    private readonly cache: SessionCache,
    clock: Clock,
  ) {
    this.write = database.sharedTransactions({
      keyOf: ({ id }: UsedPair) => id,
      work: async (tx, pairs) => {
        const usedAt = clock.now();
        const slides = pairs.map(({ id: sessionId, accessDigest, accessIdleExpiresAt: deadline }) => {
          return { sessionId, accessDigest, usedAt, deadline };
        });
        const left = new Set(await repository.slide(tx, slides));
        return pairs.map(({ id }) => (!waitsForLocks(tx) && left.has(id) ? null : DONE));
      },
    });
  }

  /** Writes nothing if the session has ended or has another pair: the caller finds it again. */
  record(pair: UsedPair): Promise<void> {
    const name = pair.accessDigest.toString('latin1');
    const writing =
      this.writing.get(name) ??
      this.write(pair)
        .then(() => {
          this.cache.drop(pair.id);
        })
        .finally(() => this.writing.delete(name));
    this.writing.set(name, writing);
    return writing;
  }
}

const TICK_MS = 1_000;
const BATCH = 500;
const MAX_WAIT_SECONDS = 60;

/** At shutdown a write may lose a race, or its connection. No further attempt begins after this time. */
const LAST_PAUSE_MS = 300;
const LAST_ATTEMPTS_MS = 5_000;

/** A written slide stays in memory this long, because cached rows and reads in progress may be older than the write. */
const RETENTION_SECONDS = 60;

/** Uses of a session's current token that the row may not have yet. Instants are milliseconds since 1970. */
interface PendingSlide {
  readonly sessionId: string;
  readonly accessDigest: Buffer;
  readonly accessIdleIn: number;
  /** The first use. The row's deadline must not have passed before it. */
  readonly startedAt: number;
  /** The first use that the row does not have yet. */
  usedAt: number;
  /** When the token ends unless it is used again. */
  deadline: number;
  /** The deadline in the row; not below `deadline` if there is nothing to write. */
  rowDeadline: number;
  writtenAt: number;
}

/**
 * Sliding expiration. A deadline moves in memory at once, and in the row at most once a minute per session (more often
 * only for idle times below four minutes). The cache may drop the session meanwhile.
 */
@Injectable()
export class SlideWriter implements BeforeApplicationShutdown {
  private readonly slides = new Map<string, PendingSlide>();
  private timer: NodeJS.Timeout | null = null;
  private flushing = Promise.resolve(true);

  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly tasks: SideTasks,
  ) {}

  idleDeadlineOf(session: AccessSession): Date {
    const slide = this.slideOf(session);
    return slide ? new Date(slide.deadline) : session.accessIdleExpiresAt;
  }

  slide(session: AccessSession, now: Date): Date {
    const rowDeadline = session.accessIdleExpiresAt.getTime();
    const usedAt = now.getTime();
    const deadline = Math.min(session.accessExpiresAt.getTime(), usedAt + session.accessIdleIn * SECOND);
    const slide = this.slideOf(session);
    const known = slide?.deadline ?? rowDeadline;
    if (deadline <= known) return new Date(known);
    if (slide) {
      if (!isWaiting(slide)) slide.usedAt = usedAt;
      slide.deadline = deadline;
    } else {
      const { id: sessionId, accessDigest, accessIdleIn } = session;
      const times = { startedAt: usedAt, usedAt, deadline, rowDeadline, writtenAt: 0 };
      this.slides.set(sessionId, { sessionId, accessDigest, accessIdleIn, ...times });
    }
    this.timer ??= setInterval(() => void this.flush(false), TICK_MS).unref();
    return new Date(deadline);
  }

  /** Writes due slides, or all of them. It never rejects. @returns whether all of them were written */
  flush(all: boolean): Promise<boolean> {
    this.flushing = this.flushing.then(
      async () => (await this.tasks.attempt('slides', () => this.write(all))) ?? false,
    );
    return this.flushing;
  }

  /** Runs before jobs and connections are closed: that may be slow, and the orchestrator may send SIGKILL first. */
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

  /** Returns the slide that is ahead of the row. It must be of this token, and begin before the row's deadline. */
  private slideOf({ id, accessDigest, accessIdleExpiresAt }: AccessSession): PendingSlide | null {
    const slide = this.slides.get(id);
    const rowDeadline = accessIdleExpiresAt.getTime();
    const isAhead = slide && slide.deadline > rowDeadline && slide.startedAt < rowDeadline;
    return isAhead && slide.accessDigest.equals(accessDigest) ? slide : null;
  }

  private async write(all: boolean): Promise<boolean> {
    const now = this.clock.now().getTime();
    let isWritten = true;
    const due = this.takeStock(now, all);
    for (let start = 0; start < due.length; start += BATCH) {
      const batch = due.slice(start, start + BATCH).map((slide) => {
        const { sessionId, accessDigest, usedAt, deadline } = slide;
        return { slide, sessionId, accessDigest, usedAt: new Date(usedAt), deadline: new Date(deadline) };
      });
      const left = new Set(
        await this.database.transaction((tx) => this.repository.slide(skipLocked(tx), batch)),
      );
      isWritten &&= left.size === 0;
      for (const { slide, sessionId, deadline } of batch) {
        if (left.has(sessionId)) continue;
        slide.rowDeadline = deadline.getTime();
        slide.writtenAt = now;
        // There were later uses during the write.
        if (isWaiting(slide)) slide.usedAt = now;
      }
    }
    return isWritten;
  }

  /** Removes slides that were written long ago. @returns the slides to write now */
  private takeStock(now: number, all: boolean): PendingSlide[] {
    const due: PendingSlide[] = [];
    for (const slide of this.slides.values())
      if (isWaiting(slide)) {
        if (all || isDue(slide, now)) due.push(slide);
      } else if (now - slide.writtenAt >= RETENTION_SECONDS * SECOND) this.slides.delete(slide.sessionId);
    return due;
  }
}

function isWaiting({ deadline, rowDeadline }: PendingSlide): boolean {
  return deadline > rowDeadline;
}

/** Also due if the row's deadline would pass before the next write: other replicas see only the row. */
function isDue({ accessIdleIn, usedAt, rowDeadline }: PendingSlide, now: number): boolean {
  const wait = Math.min(MAX_WAIT_SECONDS, accessIdleIn / 4) * SECOND;
  return now - usedAt >= wait || rowDeadline - now <= wait;
}
