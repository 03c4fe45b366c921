import { Injectable } from '@nestjs/common';
import { extensionPoint } from '@countersign/runtime';

const READINESS_MS = 2_000;

/** What a feature does at each start, before the first request, when the schema is there. */
export const RunsAtStart = extensionPoint<{ run(): Promise<unknown> }>();

/** What readiness says of a part whose failure ends no readiness: its name, and a sentence. */
export const GivesHealthHint = extensionPoint<
  { readonly isInUse: boolean; healthHint(): Promise<string | null> },
  string
>();

/** Whether this replica may work in the background: not with a wrong clock, wrong keys or an old schema. */
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

  /** Asked once for all that works. An answer that fails is a no. */
  mayWork(): Promise<boolean> {
    const now = performance.now();
    if (now - this.askedAt >= READINESS_MS) {
      this.askedAt = now;
      this.answer = this.check().catch(() => false);
    }
    return this.answer;
  }
}
