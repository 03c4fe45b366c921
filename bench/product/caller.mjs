import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { URLSearchParams } from 'node:url';
import { runCli } from './service.mjs';

/** Milliseconds; a token of the administration API lasts longer. */
const TOKEN_AGE = 20 * 60_000;

/**
 * Calls a service, once more when the connection broke: the service closes one that was idle as it is used. @returns
 * the JSON of the answer, or null when it has none
 */
export async function call(method, url, { headers, body, form, expected } = {}) {
  const type = body && { 'content-type': 'application/json' };
  const request = () =>
    fetch(url, {
      method,
      headers: { ...type, ...headers },
      body: body ? JSON.stringify(body) : form && new URLSearchParams(form),
    });
  const answer = await request().catch(request);
  const text = await answer.text();
  if (expected === undefined ? !answer.ok : answer.status !== expected)
    throw new Error(`${method} ${new URL(url).pathname} answered ${answer.status}: ${text.slice(0, 300)}`);
  return text === '' ? null : JSON.parse(text);
}

export function bearer(token) {
  return { authorization: `Bearer ${token}` };
}

export function basic(name, password) {
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}

/** A session of a person. */
export function signIn({ origin }, applicationId, bot, user, startParam) {
  const body = { applicationId, initData: bot.launchOf(user, startParam) };
  return call('POST', `${origin}/v1/auth/telegram/init-data`, { body });
}

/** @typedef {'person' | 'client' | 'operator'} Asker of a list */

/** Reads from one service as a person, as an application and as an operator with all scopes. */
export class Caller {
  #service;
  #credentials;
  #headers;
  #until = 0;

  constructor(service, credentials, headers) {
    this.#service = service;
    this.#credentials = credentials;
    this.#headers = headers;
  }

  /** `service`: with the administration API; `accessToken`: of the person. */
  static async of(service, { env, applicationId, clientSecret }, accessToken) {
    const options = ['--name', `bench ${randomUUID()}`, '--all-scopes'];
    const principal = await runCli(['principal', 'create', ...options], env);
    const headers = { person: bearer(accessToken), client: basic(applicationId, clientSecret) };
    return new Caller(service, basic(principal.principalId, principal.clientSecret), headers);
  }

  /** `path`: below `/v1/`. */
  async get(asker, path) {
    if (asker === 'operator') await this.#authorize();
    const { origin, adminOrigin } = this.#service;
    const base = asker === 'operator' ? adminOrigin : origin;
    return call('GET', `${base}/v1/${path}`, { headers: this.#headers[asker] });
  }

  /** @returns {Promise<number>} milliseconds of a call */
  async time(asker, path) {
    if (asker === 'operator') await this.#authorize();
    const start = performance.now();
    await this.get(asker, path);
    return performance.now() - start;
  }

  async #authorize() {
    if (performance.now() < this.#until) return;
    const options = { headers: this.#credentials, form: { grant_type: 'client_credentials' } };
    const { access_token: token } = await call(
      'POST',
      `${this.#service.adminOrigin}/v1/admin/token`,
      options,
    );
    this.#headers.operator = bearer(token);
    this.#until = performance.now() + TOKEN_AGE;
  }
}
