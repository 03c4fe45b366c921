import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { doorsOf } from './calls.mjs';
import { describe } from './insist.mjs';

/** Refusals in a row after which a door is believed to refuse for good. */
const REFUSALS = 5;

/** Milliseconds after the end of a session after which nobody waits for the refusal any more. */
const PATIENCE = 10_000;

/**
 * Tries an access token at every door of all replicas, all the time.
 *
 * @param {readonly import('./replica.mjs').Replica[]} replicas
 * @param {string} token
 * @param {number} pause milliseconds between two tries at one door
 */
export function watchToken(replicas, token, pause) {
  const faults = [];
  const taken = [];
  let lastSuccessAt = 0;
  let tries = 0;
  let deadline = Number.POSITIVE_INFINITY;
  let isEnding = false;

  const look = async ({ replica, door, callWith }, onTaken) => {
    let refusals = 0;
    while (refusals < REFUSALS) {
      const answer = await door.ask(callWith(token));
      tries += 1;
      const { status, endedAt } = answer;
      if (status === 200) {
        lastSuccessAt = Math.max(lastSuccessAt, endedAt);
        if (refusals > 0) faults.push(`replica ${replica.name} took it again after a refusal`);
        refusals = 0;
        onTaken();
      } else if (status === 401) {
        refusals += 1;
        if (!isEnding) faults.push(`replica ${replica.name} refused it before it ended: ${describe(answer)}`);
      } else faults.push(`replica ${replica.name} answered ${describe(answer)}`);
      if (performance.now() > deadline) {
        faults.push(`replica ${replica.name} did not refuse it within ${PATIENCE / 1000} s`);
        break;
      }
      await wait(pause);
    }
    onTaken();
  };
  const looks = doorsOf(replicas).map((place) => {
    let looking;
    taken.push(new Promise((resolve) => (looking = look(place, resolve))));
    return looking;
  });

  return {
    /** Resolves when every door has taken the token once. */
    isTaken: Promise.all(taken).then(() => (isEnding = true)),
    /** @param {number} answeredAt when the end was acknowledged */
    untilRefused: async (answeredAt) => {
      deadline = answeredAt + PATIENCE;
      await Promise.all(looks);
      return { lastSuccessAt, tries, faults };
    },
  };
}
