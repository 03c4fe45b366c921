/** What clients met, whatever they asked for. */
export class Traffic {
  answered = 0;
  /** 503 with `Retry-After`. */
  refused = 0;
  /** The connection failed before the first byte of the answer. */
  unanswered = 0;
  /** After it. */
  cut = 0;
  /** Milliseconds that the slowest request took. */
  slowest = 0;
  /** The last answer that was none, or 500 and above. */
  lastTrouble = '';
  /** When the last answer ended that was none, or 500 and above; `performance.now()`. */
  troubledAt = Number.NEGATIVE_INFINITY;
  /** @type {string[]} answers that nobody should ever get */
  faults = [];

  /**
   * @param {import('./replica.mjs').Replica} replica
   * @param {import('./door.mjs').Answer} answer
   * @returns {boolean} whether the client knows what became of its request
   */
  note(replica, answer) {
    const { outcome, status, headers, body, sentAt, endedAt, reason } = answer;
    this.slowest = Math.max(this.slowest, endedAt - sentAt);
    this[outcome] += 1;
    const isRefusal = status === 503;
    if (isRefusal) this.refused += 1;
    if (isRefusal && !(Number(headers['retry-after']) > 0)) this.faults.push('a 503 without Retry-After');
    if (status >= 500 && !isRefusal)
      this.faults.push(
        `replica ${replica.name} answered ${status} ${answer.body?.code} to ${answer.body?.requestId}`,
      );
    const isDefinite = outcome === 'answered' && status < 500;
    if (!isDefinite && endedAt > this.troubledAt) {
      this.troubledAt = endedAt;
      const what = outcome === 'answered' ? `${status} ${body?.code}` : `${outcome}: ${reason}`;
      this.lastTrouble = `replica ${replica.name}: ${what} after ${(endedAt - sentAt).toFixed(0)} ms`;
    }
    return isDefinite;
  }

  describe() {
    return `${this.answered} answers (${this.refused} were 503), ${this.unanswered} unanswered, ${this.cut} cut`;
  }
}
