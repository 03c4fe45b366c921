import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, SECOND } from '@countersign/clock';
import { Database } from '@countersign/database';
import { Logger } from '@countersign/observability';
import type { AccessSession } from './session';
import { SessionsRepository } from './sessions.repository';

const TICK_MS = 1_000;
const BATCH = 500;
const LONGEST_WAIT_SECONDS = 60;

/** What was written stays known for so long: entries in memory, and reads under way, may be older than the write. */
const KEPT_SECONDS = 60;

/** Uses that may go beyond what is known of a row. Instants are milliseconds since 1970: there may be very many of these. */
interface Slide {
  /** Of the token that was used, one character a byte. */
  readonly digest: string;
  readonly accessIdleIn: number;
  /** The first use of all, before which a row must not have run out. */
  readonly startedAt: number;
  /** The first use that the row does not know of. */
  usedAt: number;
  /** When the token ends unless it is used again. */
  deadline: number;
  /** The same as far as the row knows; no less than `deadline` when there is nothing to write. */
  rowDeadline: number;
  writtenAt: number;
}

/**
 * Slides sessions: in memory at once, in the row at most once a minute per session (more often only where the idle time
 * is shorter than four minutes), many rows in one statement. What memory knows of a row may be forgotten meanwhile.
 */
@Injectable()
export class SlideWriter implements OnApplicationShutdown {
  private readonly slides = new Map<string, Slide>();
  private timer: NodeJS.Timeout | null = null;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly repository: SessionsRepository,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Until when the current token of a session is good without being used: as its row says, or moved by later uses. */
  idleDeadlineOf(session: AccessSession): Date {
    const deadline = this.slideOf(session)?.deadline;
    return deadline === undefined ? session.accessIdleExpiresAt : new Date(deadline);
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
    const slide = this.slideOf(session);
    const known = slide?.deadline ?? rowDeadline;
    if (deadline <= known) return new Date(known);
    const usedAt = now.getTime();
    if (slide) {
      if (!isWaiting(slide)) slide.usedAt = usedAt;
      slide.deadline = deadline;
    } else {
      const { accessDigest, accessIdleIn } = session;
      const digest = accessDigest.toString('latin1');
      const times = { startedAt: usedAt, usedAt, deadline, rowDeadline, writtenAt: 0 };
      this.slides.set(session.id, { digest, accessIdleIn, ...times });
    }
    this.timer ??= setInterval(() => void this.flush(false), TICK_MS).unref();
    return new Date(deadline);
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

  /** What goes beyond the row: unless it tells of another token, or of an end that came before the use. */
  private slideOf({ id, accessDigest, accessIdleExpiresAt }: AccessSession): Slide | undefined {
    const slide = this.slides.get(id);
    if (!slide) return undefined;
    const rowDeadline = accessIdleExpiresAt.getTime();
    const isAhead = slide.deadline > rowDeadline && slide.startedAt < rowDeadline;
    return isAhead && slide.digest === accessDigest.toString('latin1') ? slide : undefined;
  }

  private async write(all: boolean): Promise<void> {
    const now = this.clock.now().getTime();
    const due = this.takeStock(now, all);
    for (let start = 0; start < due.length; start += BATCH) {
      const batch = due.slice(start, start + BATCH).map(([sessionId, slide]) => ({
        sessionId,
        slide,
        accessDigest: Buffer.from(slide.digest, 'latin1'),
        usedAt: new Date(slide.usedAt),
        deadline: new Date(slide.deadline),
      }));
      try {
        await this.database.read((manager) => this.repository.slide(manager, batch));
      } catch (error) {
        this.logger.warn(
          { err: error, sessions: due.length - start },
          'slides could not be written; they are tried again',
        );
        return;
      }
      for (const { slide, deadline } of batch) {
        slide.rowDeadline = deadline.getTime();
        slide.writtenAt = now;
        // Later uses came while it was written.
        if (isWaiting(slide)) slide.usedAt = now;
      }
    }
  }

  /** Forgets what was written long ago. @returns what has to be written now. */
  private takeStock(now: number, all: boolean): [sessionId: string, slide: Slide][] {
    const due: [string, Slide][] = [];
    for (const [sessionId, slide] of this.slides) {
      if (isWaiting(slide)) {
        if (all || isDue(slide, now)) due.push([sessionId, slide]);
      } else if (now - slide.writtenAt >= KEPT_SECONDS * SECOND) this.slides.delete(sessionId);
    }
    return due;
  }
}

function isWaiting({ deadline, rowDeadline }: Slide): boolean {
  return deadline > rowDeadline;
}

/** Also when the row would run out before the next write: other replicas know nothing else. */
function isDue({ usedAt, rowDeadline, accessIdleIn }: Slide, now: number): boolean {
  const wait = Math.min(LONGEST_WAIT_SECONDS, accessIdleIn / 4) * SECOND;
  return now - usedAt >= wait || rowDeadline - now <= wait;
}
