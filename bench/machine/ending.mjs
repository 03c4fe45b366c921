import { Interrupted } from '../../scripts/lib/main.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Holds the signals, so that what was started is stopped in order, and collects what is to be stopped. */
export class Ending {
  /** @type {NodeJS.Signals | null} */
  #signal = null;
  /** @type {(() => Promise<void> | void)[]} */
  #steps = [];

  constructor() {
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        this.#signal ??= signal;
      });
    }
  }

  /** Between two steps. @throws {Interrupted} when a signal came. */
  check() {
    if (this.#signal) throw new Interrupted(this.#signal);
  }

  /** `step`: runs at the end, before those that were added earlier. */
  before(step) {
    this.#steps.push(step);
  }

  /** Runs every step, also after one that fails. @throws the first failure, when all are done. */
  async run() {
    const failures = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
