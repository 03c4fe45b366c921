import type { Response } from 'supertest';
import type { Operation } from '../../apps/api/src/openapi/operations';
import { aPerson } from '../factories';
import { COLUMNS, readTable, REFUSED } from '../support/assurance-table';
import { drawForRun } from '../support/draw';
import { expectProblem } from '../support/expect-problem';
import { committedDocument } from '../support/inlined-document';
import { signInByWidget, signInPerson } from '../support/person-session';
import { aCasinoWithBot, aRecord, enter, queryOf } from '../support/rapidpace';
import { askToJoin } from '../support/relaunch';
import { useTestApp } from '../support/use-test-app';

interface Route {
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch';
  readonly path: string;
  readonly operation: Operation;
}

function routesOf(name: string): readonly Route[] {
  return Object.entries(committedDocument(name).paths).flatMap(([path, item]) =>
    (Object.entries(item) as [Route['method'], Operation][]).map(([method, operation]) => ({
      method,
      path,
      operation,
    })),
  );
}

/** Those that answer no caller without a credential. */
function guarded(routes: readonly Route[]): readonly Route[] {
  return routes.filter(({ operation: { security = [] } }) => {
    return security.length > 0 && security.every((one) => Object.keys(one).length > 0);
  });
}

/** What is wrong about an answer. */
function toldOf({ method, path }: Route, name: string, { status, text }: Response): object {
  return { route: `${method} ${path}`, name, status, text };
}

const JSON_TYPE = 'application/json';

type HostileBody = readonly [name: string, headers: Record<string, string>, body: string];

const hostileBodies: readonly HostileBody[] = [
  ['no JSON', { 'content-type': JSON_TYPE }, '{'],
  ['a duplicate key', { 'content-type': JSON_TYPE }, '{"a":1,"a":2}'],
  ['a list', { 'content-type': JSON_TYPE }, '[]'],
  ['an unknown field', { 'content-type': JSON_TYPE }, '{"unknown":"\\u0000"}'],
  ['another charset', { 'content-type': `${JSON_TYPE}; charset=utf-16` }, '{}'],
  ['a content encoding', { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' }, '{}'],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=%zz&a=1'],
  ['a text', { 'content-type': 'text/plain' }, 'x'],
  ['no media type', { 'content-type': 'garbage' }, 'x'],
  ['too much', { 'content-type': JSON_TYPE }, `"${'a'.repeat(64 * 1024)}"`],
  ['an invalid key', { 'content-type': JSON_TYPE, 'idempotency-key': ' ' }, '{}'],
];

/** Some with each route; all by night. */
function bodiesFor({ method, path }: Route): readonly HostileBody[] {
  const titled = hostileBodies.map((one) => ({ one, parameter: `${method} ${path}` }));
  return drawForRun(titled, 'callers', 1 / 6).map(({ one }) => one);
}

describe('a caller is judged before the input', () => {
  const app = useTestApp();

  function send(
    { method, path }: Route,
    from: 'http' | 'admin',
    headers: Record<string, string>,
    body: string,
  ): Promise<Response> {
    const target = `${path.replaceAll(/\{.+?\}/g, 'no-id')}?limit=x&confirm=x&unknown=%00`;
    const listener = app[from];
    return listener[method](target)
      .set(headers)
      .serialize((sent: unknown) => sent as string)
      .send(body);
  }

  it.each([
    ['http', 'public', 30],
    ['admin', 'admin', 30],
    ['http', 'metapro', 10],
    ['http', 'xellar', 20],
  ] as const)('without a credential: on %s, by %s', async (from, name, least) => {
    const routes = guarded(routesOf(name));
    const wrong: unknown[] = [];
    for (const route of routes)
      for (const [kind, headers, body] of bodiesFor(route)) {
        // The limit of refusals by address starts anew.
        app.clock.advance(60);
        const answer = await send(route, from, headers, body);
        if (answer.status !== 401) wrong.push(toldOf(route, kind, answer));
      }

    expect(wrong).toEqual([]);
    expect(routes.length).toBeGreaterThan(least);
  });

  it.each(COLUMNS.filter((column) => column !== 'platform'))('by a weak caller: %s', async (column) => {
    const { casino, demo } = await aCasinoWithBot(app);
    const thirdParty = await app.createApplication({ trust: 'third-party' });
    const signIn = {
      vendor: () => enter(app, demo.applicationId, queryOf(aRecord(app), casino.secret)),
      'bot-token': () => signInByWidget(app, demo),
      'third-party application': () => app.signIn(thirdParty),
    };
    const { accessToken } = await signIn[column]();
    const authorization = `Bearer ${accessToken}`;
    app.clock.advance(1);
    const { code } = await askToJoin(app, demo, await signInPerson(app, demo));
    const table = readTable();
    const routes = routesOf('public').filter(
      ({ method, path }) => table.get(`${method.toUpperCase()} ${path}`)?.[column] === 'refused',
    );
    const wrong: unknown[] = [];
    for (const route of routes)
      for (const [name, headers, body] of bodiesFor(route)) {
        const asked = { ...route, path: route.path.replace('{code}', code) };
        const answer = await send(asked, 'http', { ...headers, authorization }, body);
        const { code: refusal = '' } = answer.body as { code?: string };
        if (answer.status !== 403 || !REFUSED.has(refusal)) wrong.push(toldOf(route, name, answer));
      }

    expect(wrong).toEqual([]);
    expect(routes.length).toBeGreaterThan(10);
  });

  it('by a session that has not stepped up, where it erases', async () => {
    const demo = await app.createApplication();
    const { accessToken } = await app.signIn(demo, aPerson());
    app.clock.advance(301);

    for (const query of ['', '?confirm=x', '?unknown=1'])
      expectProblem(
        await app.http.delete(`/v1/me${query}`).set('authorization', `Bearer ${accessToken}`),
        403,
        'account.step_up_required',
      );
  });

  it('and the input of a good caller is judged after it', async () => {
    const demo = await app.createApplication();
    const { accessToken } = await app.signIn(demo);
    const stepUp = { method: 'post', path: '/v1/me/step-up', operation: {} as Operation } as const;
    const authorization = `Bearer ${accessToken}`;
    const codes: unknown[] = [];
    for (const [, headers, body] of hostileBodies.slice(4, 10)) {
      const answer = await send(stepUp, 'http', { ...headers, authorization }, body);
      codes.push((answer.body as { code: string }).code);
      expect(answer.headers['connection']).toBe('close');
    }

    expect(codes).toEqual([
      ...Array.from({ length: 5 }, () => 'request.unsupported_media_type'),
      'request.too_large',
    ]);
    expect((await app.getMe(accessToken)).status).toBe(200);
  });
});
