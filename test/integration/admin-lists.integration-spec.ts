import { randomUUID } from 'node:crypto';
import type { Page } from '@countersign/http';
import { WebhookEndpoints } from '@countersign/webhooks';
import type { Operation } from '../../apps/api/src/openapi/operations';
import { expectProblem } from '../support/expect-problem';
import { committedDocument } from '../support/inlined-document';
import { anOperator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';
import { useFixture } from '../support/use-fixture';

const document = committedDocument('admin');
const reads = Object.entries(document.paths).flatMap(([path, item]) =>
  'get' in item && path.startsWith('/v1/admin/') ? [[path, item.get as Operation] as const] : [],
);
const parametersOf = ({ parameters = [] }: Operation) =>
  parameters.flatMap((one) => ('name' in one ? [one] : []));
const isList = ([, operation]: readonly [string, Operation]): boolean =>
  parametersOf(operation).some(({ name }) => name === 'cursor');
const lists = reads.filter((one) => isList(one) && !one[0].includes('{'));
const withId = reads.filter(([path]) => path.split('{').length === 2 && /Id\}|\{id\}/.test(path));

/** What all lists and reads have in common; each resource has tests of its own filters and rules. */
describe('of the administration API', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const operator = useFixture(() => anOperator(app));

  const pageOf = async (path: string): Promise<Page<object>> => {
    const { status, body } = await operator.get(path);
    expect({ path, status }).toEqual({ path, status: 200 });
    return body as Page<object>;
  };

  /** One more row of a list. */
  const makers: Readonly<Record<string, () => Promise<unknown>>> = {
    '/v1/admin/users': () => app.signIn(demo),
    '/v1/admin/identities': () => app.signIn(demo),
    '/v1/admin/applications': () => app.createApplication(),
    '/v1/admin/bots': () => app.addBot(demo.applicationId),
    '/v1/admin/principals': () => anOperator(app, []),
    '/v1/admin/webhooks': () =>
      app.nest.get(WebhookEndpoints).create({
        ...{ name: randomUUID(), url: 'https://hooks.example.com/', types: ['*'] },
      }),
  };

  it.each(Object.entries(makers))(
    '%s has newest rows first, in pages that survive inserts',
    async (path, make) => {
      for (let count = 0; count < 4; count += 1) await make();
      const before = (await pageOf(`${path}?limit=4`)).items;

      const first = await pageOf(`${path}?limit=2`);
      await make();
      const second = await pageOf(`${path}?limit=2&cursor=${first.nextCursor}`);

      const ids = (items: readonly object[]) => items.map((item) => JSON.stringify(item));
      expect(ids([...first.items, ...second.items])).toEqual(ids(before));
      expect(new Set(ids(before)).size).toBe(4);
      expect(ids((await pageOf(`${path}?limit=2`)).items)).not.toEqual(ids(first.items));
    },
  );

  it.each(lists)('%s refuses what it does not know in its query', async (path, operation) => {
    const wrong = ['limit=0', 'limit=x', 'limit=1001', 'limit=1&limit=2', 'cursor=x', 'cursor='];
    for (const { name, schema } of parametersOf(operation))
      if (schema && 'enum' in schema) wrong.push(`${name}=x`);
      else if (schema && 'format' in schema && schema.format) wrong.push(`${name}=x`);
    for (const query of wrong) {
      const { status, body } = await operator.get(`${path}?${query}`);
      expect({ query, status, code: (body as { code?: string }).code }).toEqual({
        ...{ query, status: 400, code: 'request.invalid' },
      });
    }
    expectProblem(await operator.get(`${path}?x=1`), 400, 'request.unknown_field');
  });

  it.each(withId)('%s has nothing under other ids', async (path, operation) => {
    const codes = (operation['x-error-codes'] ?? []).filter((code) => code.endsWith('.not_found'));
    for (const id of [randomUUID(), 'x', '..%2f', '%27']) {
      const { status, body } = await operator.get(path.replace(/\{\w+\}/, id));
      expect({ id, status }).toEqual({ id, status: 404 });
      expect([...codes, 'request.route_not_found']).toContain((body as { code: string }).code);
    }
  });
});
