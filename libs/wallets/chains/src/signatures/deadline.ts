import { NodeError } from '../node-error';

/** The end of a time that several requests share. */
export class Deadline {
  private readonly at: number;

  constructor(lengthMs: number) {
    this.at = performance.now() + lengthMs;
  }

  /** @throws NodeError `away` when nothing is left */
  leftMs(): number {
    const left = this.at - performance.now();
    if (left <= 0) throw new NodeError('away', { reason: 'time_limit' });
    return left;
  }
}
