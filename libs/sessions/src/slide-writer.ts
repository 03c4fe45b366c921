import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, earliest, plusSeconds, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Logger } from '@countersign/observability';
import type { CachedSession } from './session-cache';
import { SessionsRepository } from './sessions.repository';

const TICK_MS = 1_000;
const BATCH = 500;
const LONGEST_WAIT_SECONDS = 60;

/**
 * Slides sessions: in memory at once, in the row at most once a minute per session (more often only where the idle time
 * is shorter than four minutes), many rows in one statement.
 */
@Injectable()
export class SlideWriter implements OnApplicationShutdown {
  private readonly waiting = new Map<string, CachedSession>();
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Moves the idle deadline of a session that was used at `now`. */
  slide(cached: CachedSession, now: Date): void {
    const { session } = cached;
    const deadline = earliest(session.accessExpiresAt, plusSeconds(now, session.accessIdleIn));
    if (deadline <= cached.idleDeadline) return;
    cached.idleDeadline = deadline;
    // The earliest use that the row does not know decides whether the session was still alive.
    if (!this.waiting.has(session.id)) cached.usedAt = now;
    this.waiting.set(session.id, cached);
    this.timer ??= setInterval(() => void this.flush(false), TICK_MS).unref();
  }

  /** Writes what is due; everything that waits when `all`. */
  async flush(all: boolean): Promise<void> {
    this.flushing = this.flushing.then(() => this.write(all));
    await this.flushing;
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.flush(true);
  }

  private async write(all: boolean): Promise<void> {
    const now = this.clock.now();
    const due = [...this.waiting.values()].filter((cached) => all || isDue(cached, now));
    for (let start = 0; start < due.length; start += BATCH) {
      const batch = due.slice(start, start + BATCH);
      const slides = batch.map(({ session, usedAt, idleDeadline }) => ({
        sessionId: session.id,
        accessDigest: session.accessDigest,
        usedAt,
        deadline: idleDeadline,
      }));
      try {
        await this.database.read((manager) => this.repository.slide(manager, slides));
      } catch (error) {
        this.logger.warn(
          { err: error, sessions: due.length - start },
          'slides could not be written; they are tried again',
        );
        return;
      }
      for (const [index, cached] of batch.entries()) {
        cached.writtenAt = now;
        cached.rowDeadline = slides[index]?.deadline ?? cached.rowDeadline;
        const isUnchanged = cached.idleDeadline === slides[index]?.deadline;
        if (isUnchanged && this.waiting.get(cached.session.id) === cached)
          this.waiting.delete(cached.session.id);
      }
    }
  }
}

/** Also when the row would run out before the next write: other replicas know nothing else. */
function isDue({ session, writtenAt, rowDeadline }: CachedSession, now: Date): boolean {
  const wait = Math.min(LONGEST_WAIT_SECONDS, session.accessIdleIn / 4) * SECOND;
  return now.getTime() - writtenAt.getTime() >= wait || rowDeadline.getTime() - now.getTime() <= wait;
}
