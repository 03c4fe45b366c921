import { performance } from 'node:perf_hooks';
import { request } from '../lists/request.mjs';

/**
 * Who asks for a list.
 *
 * @typedef {'person' | 'client' | 'operator'} Asker
 */

/** Asks one installation, as a person, as an application and as an operator. */
export class Caller {
  #origins;
  #authorizations;

  /**
   * @param {{ origin: string, adminOrigin: string }} at
   * @param {{ accessToken: string, applicationId: string, clientSecret: string, adminToken: string }} as
   */
  constructor({ origin, adminOrigin }, { accessToken, applicationId, clientSecret, adminToken }) {
    const basic = Buffer.from(`${applicationId}:${clientSecret}`).toString('base64');
    this.#origins = { person: origin, client: origin, operator: adminOrigin };
    this.#authorizations = {
      person: `Bearer ${accessToken}`,
      client: `Basic ${basic}`,
      operator: `Bearer ${adminToken}`,
    };
  }

  /** @param {Asker} asker @param {string} path below `/v1/` */
  async get(asker, path) {
    const answer = await request(`${this.#origins[asker]}/v1/${path}`, {
      headers: { authorization: this.#authorizations[asker] },
    });
    const text = await answer.text();
    if (answer.status !== 200)
      throw new Error(`GET /v1/${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  /** @returns {Promise<number>} milliseconds of a call */
  async time(asker, path) {
    const start = performance.now();
    await this.get(asker, path);
    return performance.now() - start;
  }
}

/** @returns {Promise<any>} the answer of a POST that succeeds */
export async function post(url, body, headers = {}) {
  const isForm = typeof body === 'string';
  const answer = await request(url, {
    method: 'POST',
    headers: {
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      ...headers,
    },
    body: isForm ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${new URL(url).pathname}: ${answer.status} ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
