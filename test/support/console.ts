import type request from 'supertest';
import type { TestApp } from './test-app';

/** Where the console is in tests: their browsers reach it by a port of its own. */
export const CONSOLE_URL = 'https://console.example.com';

/** What a browser sends for a call of the page, and no page of another origin can. */
export const FROM_PAGE = { 'sec-fetch-site': 'same-origin', origin: CONSOLE_URL };

export interface ConsoleSession {
  /** As the browser sends it. */
  readonly cookie: string;
  readonly csrfToken: string;
  readonly principalId: string;
  readonly sessionId: string;
  readonly scopes: readonly string[];
  get(path: string): request.Test;
  post(path: string, body?: object): request.Test;
  delete(path: string): request.Test;
}

/** A session of the console that begins with a secret. */
export async function aConsoleSession(
  app: TestApp,
  principalId: string,
  secret: string,
): Promise<ConsoleSession> {
  const answer = await app.admin
    .post('/v1/admin/console/session')
    .set(FROM_PAGE)
    .send({ principalId, secret });
  if (answer.status !== 204) throw new Error(`the session: ${answer.status} ${answer.text}`);
  return sessionOf(app, cookieOf(answer));
}

export async function sessionOf(app: TestApp, cookie: string): Promise<ConsoleSession> {
  const read = await app.admin.get('/v1/admin/console').set({ ...FROM_PAGE, cookie });
  const { session } = read.body as {
    session: Pick<ConsoleSession, 'csrfToken' | 'principalId' | 'sessionId' | 'scopes'>;
  };
  const from = { ...FROM_PAGE, cookie };
  const unsafe = { ...from, 'x-csrf-token': session.csrfToken };
  return {
    ...session,
    cookie,
    get: (path) => app.admin.get(path).set(from),
    post: (path, body) => app.admin.post(path).set(unsafe).send(body),
    delete: (path) => app.admin.delete(path).set(unsafe),
  };
}

/** The cookie of the session that an answer sets, as a browser sends it back. */
export function cookieOf(answer: request.Response, name = '__Host-console'): string {
  const set = ([] as string[]).concat(answer.headers['set-cookie'] ?? []);
  const found = set.find((each) => each.startsWith(`${name}=`));
  if (found === undefined) throw new Error(`no cookie ${name}: ${answer.status} ${answer.text}`);
  return found.split(';', 1)[0] ?? '';
}
