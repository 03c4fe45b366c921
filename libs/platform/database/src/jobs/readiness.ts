import { Injectable } from '@nestjs/common';
import { extensionPoint } from '@countersign/runtime';

const READINESS_MS = 2_000;

/** Runs at each start, after the schema check and before the first request. */
export const RunsAtStart = extensionPoint<{ run(): Promise<unknown> }>();

/** A named hint in the answer of readiness, about a failure that does not end readiness. */
export const GivesHealthHint = extensionPoint<
  { readonly isInUse: boolean; healthHint(): Promise<string | null> },
  string
>();

/** Whether this replica may work in the background. A wrong clock, wrong keys or an old schema forbid it. */
@Injectable()
export class Readiness {
  private check: () => Promise<boolean> = () => Promise.resolve(true);
  private answer = Promise.resolve(true);
  private askedAt = Number.NEGATIVE_INFINITY;

  /** Without a check, this replica may always work. */
  checkBy(check: () => Promise<boolean>): void {
    this.check = check;
    this.askedAt = Number.NEGATIVE_INFINITY;
  }

  /** All tasks share one answer. A check that fails counts as no. */
  mayWork(): Promise<boolean> {
    const now = performance.now();
    if (now - this.askedAt >= READINESS_MS) {
      this.askedAt = now;
      this.answer = this.check().catch(() => false);
    }
    return this.answer;
  }
}
