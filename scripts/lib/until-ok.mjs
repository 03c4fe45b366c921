import { setTimeout as sleep } from 'node:timers/promises';
import { Sentence } from './main.mjs';

const POLL_MS = 100;

/**
 * Waits until an address answers with 2xx.
 *
 * @param {string} url
 * @param {import('node:child_process').ChildProcess} service
 * @param {number} limitMs
 * @throws {Sentence} when the service ends before, or the time is up
 */
export async function untilOk(url, service, limitMs) {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await sleep(POLL_MS)) {
    if (service.exitCode !== null)
      throw new Sentence(`The service ends with ${service.exitCode} at its start.`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Sentence(`${url} does not answer.`);
}
