import { performance } from 'node:perf_hooks';
import { request } from './request.mjs';

/** A principal with all scopes, at one service. */
export class Caller {
  #origin;
  #credentials;
  #authorization = '';
  #until = 0;

  /** @param {string} origin of the administration API @param {{ principalId: string, clientSecret: string }} credentials */
  constructor(origin, { principalId, clientSecret }) {
    this.#origin = origin;
    this.#credentials = `Basic ${Buffer.from(`${principalId}:${clientSecret}`).toString('base64')}`;
  }

  /** @param {string} path below `/v1/admin/` */
  async get(path) {
    await this.#authorize();
    const answer = await request(`${this.#origin}/v1/admin/${path}`, {
      headers: { authorization: this.#authorization },
    });
    const text = await answer.text();
    if (answer.status !== 200)
      throw new Error(`GET ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  /** @returns {Promise<number>} milliseconds of a call */
  async time(path) {
    await this.#authorize();
    const start = performance.now();
    await this.get(path);
    return performance.now() - start;
  }

  /** Tokens end after 30 minutes. */
  async #authorize() {
    if (performance.now() < this.#until) return;
    const answer = await request(`${this.#origin}/v1/admin/token`, {
      method: 'POST',
      headers: { authorization: this.#credentials, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    if (answer.status !== 200) throw new Error(`the token: ${answer.status} ${await answer.text()}`);
    this.#authorization = `Bearer ${(await answer.json()).access_token}`;
    this.#until = performance.now() + 20 * 60_000;
  }
}
