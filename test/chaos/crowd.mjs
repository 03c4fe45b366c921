import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Person } from './person.mjs';
import { Traffic } from './traffic.mjs';

/** Below the number at which the service ends the oldest session. */
const MAX_SESSIONS = 6;

/** What people do, by how often of a hundred times. */
const HABITS = [
  ['check', 35],
  ['read', 25],
  ['refresh', 12],
  ['sign in', 10],
  ['log out', 5],
  ['end', 5],
  ['read ended', 8],
];

/**
 * People who use the service all the time, each doing one thing after the other, at a common rate. Whatever was
 * acknowledged to them is in their memory.
 */
export class Crowd {
  traffic = new Traffic();
  /** @type {string[]} */
  faults = [];
  #running = null;
  #isPaused = true;
  #rate = Number.POSITIVE_INFINITY;
  #nextAt = 0;

  /**
   * @param {import('./cluster.mjs').Cluster} cluster
   * @param {import('./random.mjs').Random} random
   * @param {number} size
   */
  constructor(cluster, random, size) {
    this.members = Array.from({ length: size }, (_, index) => {
      const own = random.fork(`member ${index}`);
      const { traffic, faults } = this;
      return { person: new Person(cluster, { traffic, random: own, faults }), random: own };
    });
  }

  get people() {
    return this.members.map(({ person }) => person);
  }

  /** @param {number} [rate] acts per second of all together */
  start(rate = Number.POSITIVE_INFINITY) {
    this.#rate = rate;
    this.#nextAt = performance.now();
    this.#isPaused = false;
    this.#running = Promise.all(this.members.map((member) => this.#live(member)));
    // Whoever waits for the end hears of it.
    this.#running.catch(() => undefined);
  }

  /** Lets everybody finish what they do: afterwards nothing is uncertain. */
  async pause() {
    this.#isPaused = true;
    await this.#running;
  }

  /** Acts per second without a break. */
  async measureRate(milliseconds) {
    const before = this.traffic.answered;
    const start = performance.now();
    this.start();
    await wait(milliseconds);
    await this.pause();
    return ((this.traffic.answered - before) / (performance.now() - start)) * 1000;
  }

  async #live({ person, random }) {
    while (!this.#isPaused) {
      await act(person, random);
      const now = performance.now();
      this.#nextAt = Math.max(this.#nextAt + 1000 / this.#rate, now - 1000 / this.#rate);
      if (this.#nextAt > now) await wait(this.#nextAt - now);
    }
  }
}

async function act(person, random) {
  const habit = drawHabit(random);
  const session = person.live.length > 0 ? random.pick(person.live) : null;
  const door = random.pick(['api', 'gateway']);
  const other = person.live.find((each) => each !== session);
  if (session === null || (habit === 'sign in' && person.live.length < MAX_SESSIONS)) await person.signIn();
  else if (habit === 'refresh') await person.refresh(session);
  else if (habit === 'log out') await person.logout(session);
  else if (habit === 'end' && other) await person.end(session, other);
  else if (habit === 'read ended' && person.ended.length > 0)
    await person.readEnded(random.pick(person.ended), door);
  else await person.read(session, habit === 'read' ? 'api' : 'gateway');
}

function drawHabit(random) {
  let draw = random.next() * 100;
  for (const [habit, share] of HABITS) {
    draw -= share;
    if (draw < 0) return habit;
  }
  return 'check';
}
