import { setTimeout as sleep } from 'node:timers/promises';
import { Sentence } from './main.mjs';

/**
 * Waits until an address answers with 2xx.
 *
 * @param {string} url
 * @param {() => void} check throws when the service has ended
 * @param {number} limitMs
 */
export async function untilOk(url, check, limitMs) {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await sleep(100)) {
    check();
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Sentence(`${url} does not answer.`);
}
