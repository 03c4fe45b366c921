import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf, type Operation } from '../../apps/api/src/openapi/operations';
import { expectProblem } from '../support/expect-problem';
import { inlined } from '../support/inlined-document';
import { anOperator } from '../support/operator';
import { useTestApp } from '../support/use-test-app';

const committed = JSON.parse(readFileSync('docs/openapi/admin.json', 'utf8')) as OpenAPIObject;
const document = inlined(committed);
const operations = operationsOf(document);

function takesHeader({ parameters = [] }: Operation, name: string): boolean {
  return parameters.some((parameter) => 'name' in parameter && parameter.name === name);
}

describe('the document of the administration API', () => {
  const app = useTestApp();

  it('is served on its port, with its page, and nowhere else', async () => {
    expect((await app.admin.get('/openapi/admin.json')).body).toEqual(committed);
    expect((await app.admin.get('/')).headers['location']).toBe('/v1/admin/docs');
    expect((await app.admin.get('/docs')).headers['location']).toBe('/v1/admin/docs');
    expect((await app.admin.get('/v1/admin/docs')).status).toBe(200);
    expect((await app.admin.get('/docs/errors.md')).status).toBe(200);
    expect((await app.admin.get('/openapi/public.json')).status).toBe(404);
    for (const path of ['/openapi/admin.json', '/v1/admin/docs'])
      expect((await app.http.get(path)).status).toBe(404);
  });

  it('is not served by the name of another host, which DNS may give this address, and nothing else is', async () => {
    const operator = await anOperator(app);
    for (const path of ['/openapi/admin.json', '/', '/health/live', '/v1/admin/users', '/v1/nowhere']) {
      expectProblem(
        await operator.get(path).set('host', 'evil.example:3002'),
        421,
        'request.host_not_allowed',
      );
      expect((await operator.get(path).set('host', 'localhost:3002')).status).not.toBe(421);
    }
    const token = app.admin.post('/v1/admin/token').type('form').send({ grant_type: 'client_credentials' });
    expect((await token.set('host', 'evil.example')).status).toBe(421);
    expect((await app.http.get('/health/live').set('host', 'id.example.com')).status).toBe(200);
  });

  it('has the routes of the port, and no other', () => {
    for (const path of Object.keys(document.paths)) expect(path).toMatch(/^\/(v1\/admin|health)\//);
    const tags = new Set(document.tags?.map(({ name }) => name));
    for (const operation of operations) expect(operation.tags?.filter((tag) => !tags.has(tag))).toEqual([]);
  });

  it('lets each call that creates something be repeated, or says what the same request does again', () => {
    const explained = readFileSync('docs/idempotency.md', 'utf8');
    for (const operation of operations)
      if ('201' in operation.responses && !takesHeader(operation, 'Idempotency-Key'))
        expect(explained).toMatch(new RegExp(`^- (?:\`\\w+\`, )*\`${operation.operationId ?? ''}\``, 'm'));
  });
});
