import { Injectable } from '@nestjs/common';

/** How long an answer counts. */
const READINESS_MS = 2_000;

/** Whether this replica may work in the background: not with a wrong clock, wrong keys or an old schema. */
@Injectable()
export class Readiness {
  private judge: () => Promise<boolean> = () => Promise.resolve(true);
  private answer = Promise.resolve(true);
  private askedAt = Number.NEGATIVE_INFINITY;

  /** Without a judge, this replica may always work. */
  judgeBy(judge: () => Promise<boolean>): void {
    this.judge = judge;
    this.askedAt = Number.NEGATIVE_INFINITY;
  }

  /** Asked once for all that works. An answer that fails is a no. */
  mayWork(): Promise<boolean> {
    const now = performance.now();
    if (now - this.askedAt >= READINESS_MS) {
      this.askedAt = now;
      this.answer = this.judge().catch(() => false);
    }
    return this.answer;
  }
}
