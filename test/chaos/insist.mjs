import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds. A used refresh token may be repeated for ten seconds only. */
const LIMIT = 30_000;
const PAUSE = [40, 160];

/**
 * Asks as a client does that has to know: the same again, of any replica, until there is an answer that is no "not now".
 *
 * @param {object} setting
 * @param {readonly import('./replica.mjs').Replica[]} setting.replicas
 * @param {import('./traffic.mjs').Traffic} setting.traffic
 * @param {import('./random.mjs').Random} setting.random
 * @param {number} [setting.limitMs]
 * @param {object} call of `Door.ask`
 * @param {'api' | 'gateway'} [door]
 * @returns {Promise<import('./door.mjs').Answer & { tries: number, replica: string }>}
 */
export async function insist({ replicas, traffic, random, limitMs = LIMIT }, call, door = 'api') {
  const deadline = performance.now() + limitMs;
  for (let tries = 1; ; tries += 1) {
    const replica = random.pick(replicas);
    const answer = await replica[door].ask(call);
    if (traffic.note(replica, answer)) return { ...answer, tries, replica: replica.name };
    if (performance.now() > deadline)
      throw new Error(
        `${call.method} ${call.path} got no answer in ${limitMs / 1000} s, at last: ${describe(answer)}`,
      );
    await wait(random.between(...PAUSE));
  }
}

/** @param {import('./door.mjs').Answer} answer */
export function describe({ outcome, status, body, reason }) {
  return outcome === 'answered' ? `${status} ${body?.code ?? ''}`.trim() : `${outcome}: ${reason}`;
}
