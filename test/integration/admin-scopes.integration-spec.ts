import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { scopesInUse } from '@countersign/admin';
import { type Operation } from '../../apps/api/src/openapi/operations';
import { drawForRun } from '../support/draw';
import { anOperator, type Operator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Route {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const document = JSON.parse(readFileSync('docs/openapi/admin.json', 'utf8')) as OpenAPIObject;

const routes: readonly Route[] = Object.entries(document.paths).flatMap(([path, item]) =>
  (Object.entries(item) as [string, Operation][]).map(([method, operation]) => ({ path, method, operation })),
);
const guarded = routes.filter(({ operation }) => operation.security?.some((one) => 'adminToken' in one));

function scopesOf({ operation }: Route): readonly string[] {
  return (operation.security ?? []).flatMap((one) => one['adminToken'] ?? []);
}

describe('scopes', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const call = ({ path, method }: Route, accessToken?: string) => {
    const test = app.admin[method as 'get'](path.replaceAll(/\{.+?\}/g, ID));
    return accessToken === undefined ? test : test.set('authorization', `Bearer ${accessToken}`);
  };

  it('guard every route but the token’s and those of orchestrators', () => {
    const open = routes.filter((route) => !guarded.includes(route)).map(({ path }) => path);
    expect(open.toSorted()).toEqual(['/health/live', '/health/ready', '/v1/admin/token']);
    for (const route of guarded) {
      const own = route.path.startsWith('/v1/admin/me');
      expect({ route: route.path, scopes: scopesOf(route).length }).toEqual({
        route: route.path,
        scopes: own ? 0 : 1,
      });
    }
  });

  it('are those of the table, each needed by a route', () => {
    const used = new Set(guarded.flatMap(scopesOf));
    expect([...used].toSorted()).toEqual(scopesInUse.names);
    expect(document.components?.securitySchemes?.['adminToken']).toMatchObject({
      flows: {
        clientCredentials: {
          scopes: Object.fromEntries(scopesInUse.all.map(({ name, meaning }) => [name, meaning])),
        },
      },
    });
  });

  it('are named in docs/administration.md, but for those that only read or write', () => {
    const [, section = ''] = readFileSync('docs/administration.md', 'utf8').split('\n## Scopes\n');
    const [text = ''] = section.split('\n## ');
    const named = Array.from(text.matchAll(/`([a-z-]+:[a-z-]+)`/g), ([, scope]) => scope);

    expect(named.filter((scope) => !scopesInUse.names.includes(scope as string))).toEqual([]);
    expect(
      scopesInUse.names.filter((scope) => !/:(read|write)$/.test(scope) && !named.includes(scope)),
    ).toEqual([]);
  });

  it('are enough and necessary for every route, one at a time', async () => {
    const pairs = scopesInUse.names.flatMap((scope) =>
      guarded.map((route) => ({ scope, route, parameter: `${route.method} ${route.path}` })),
    );
    const enough = pairs.filter(({ scope, route }) => scopesOf(route).includes(scope));
    const others = pairs.filter((pair) => !enough.includes(pair));
    const wrong: unknown[] = [];
    const operators = new Map<string, Operator>();
    for (const { scope, route, parameter } of [...enough, ...drawForRun(others, 'scopes', 1 / 16)]) {
      const operator = operators.get(scope) ?? (await anOperator(app, [scope]));
      operators.set(scope, operator);
      const { status, body } = await call(route, operator.accessToken);
      const isRefused = status === 403 && (body as { code: string }).code === 'principal.scope_missing';
      const needed = scopesOf(route);
      const isAllowed = needed.length === 0 || needed.includes(scope);
      if (isRefused === isAllowed || status === 401 || status >= 500)
        wrong.push({ route: parameter, scope, status, body: body as unknown });
    }
    expect(wrong).toEqual([]);
  });

  it('do not come with all others, with none, with a person’s token, or without any', async () => {
    const { accessToken: ofPerson } = await app.signIn(demo);
    const none = await anOperator(app, []);
    const withoutOne = new Map<string, string>();
    for (const scope of scopesInUse.names) {
      const others = scopesInUse.names.filter((other: string) => other !== scope);
      withoutOne.set(scope, (await anOperator(app, others)).accessToken);
    }
    for (const route of guarded) {
      const [needed] = scopesOf(route);
      const statuses = {
        others: needed === undefined ? 403 : (await call(route, withoutOne.get(needed))).status,
        none: needed === undefined ? 403 : (await call(route, none.accessToken)).status,
        person: (await call(route, ofPerson)).status,
        nobody: (await call(route)).status,
      };
      expect({ route: route.path, ...statuses }).toEqual({
        route: route.path,
        others: 403,
        none: 403,
        person: 401,
        nobody: 401,
      });
    }
  });
});
