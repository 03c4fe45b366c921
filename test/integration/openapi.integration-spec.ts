import type { OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'supertest';
import { listErrors } from '@countersign/text';
import { statusOf } from '@countersign/http';
import { operationsOf, type Operation } from '../../apps/api/src/openapi/operations';
import { generateDocuments, type GeneratedDocument } from '../../apps/api/src/openapi/write-documents';
import { inlined } from '../support/inlined-document';
import { createClient } from '../support/openid';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Media {
  readonly example?: object;
}

type Components = NonNullable<OpenAPIObject['components']>;
type Resolved<Part> = Exclude<Part, { $ref: string } | undefined>;

/** What a reference stands for. */
function resolve<Part extends object>(document: OpenAPIObject, part: Part): Resolved<Part> {
  if (!('$ref' in part)) return part as Resolved<Part>;
  const [kind = '', name = ''] = String(part.$ref).split('/').slice(2);
  const found = document.components?.[kind as keyof Components]?.[name];
  if (!found) throw new Error(`the document has no ${String(part.$ref)}`);
  return found as Resolved<Part>;
}

/** Told by the header that goes with it. */
function takesInitData({ parameters = [] }: Operation): boolean {
  return parameters.some(
    (parameter) => 'name' in parameter && parameter.name === 'X-Countersign-Application',
  );
}

function takesForm({ requestBody }: Operation): boolean {
  return Boolean(
    requestBody && 'content' in requestBody && requestBody.content['application/x-www-form-urlencoded'],
  );
}

/** What a caller shows, alternatives in a list; told by what the route answers to somebody who shows nothing. */
function securityOf(operation: Operation, code: string | undefined): readonly object[] {
  if (takesForm(operation))
    return operation.operationId === 'revokeToken' ? [{}, { clientSecret: [] }] : [{ clientSecret: [] }];
  if (code === 'client.unauthenticated') return [{ clientSecret: [] }];
  if (code !== 'session.token_missing') return [];
  return [
    { accessToken: [] },
    { boundAccessToken: [] },
    ...(takesInitData(operation) ? [{ initData: [] }] : []),
    ...(operation['x-error-codes']?.includes('client.unauthenticated') ? [{ clientSecret: [] }] : []),
  ];
}

describe('the OpenAPI document', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  let served: OpenAPIObject;
  let document: OpenAPIObject;
  let operations: readonly Operation[];
  let generated: readonly GeneratedDocument[];

  beforeAll(async () => {
    served = (await app.http.get('/openapi/public.json').expect(200)).body as OpenAPIObject;
    document = inlined(served);
    operations = operationsOf(document);
    generated = await generateDocuments();
  });

  const responseOf = ({ responses }: Operation, status: number) =>
    resolve(document, responses[status] ?? { description: 'none' });
  const mediaOf = (operation: Operation, status: number): Media =>
    Object.values(responseOf(operation, status).content ?? {})[0] ?? {};
  const operationCalled = (id: string): Operation => {
    const found = operations.find(({ operationId }) => operationId === id);
    if (!found) throw new Error(`no operation ${id}`);
    return found;
  };

  it('names error codes of the catalogue only, under the status that they are answered with', () => {
    const catalogue = new Map(listErrors().map(({ code, kind }) => [code, statusOf(kind)]));

    for (const { responses, ...operation } of operations) {
      const codes = operation['x-error-codes'] ?? [];
      const statuses = new Set(codes.map((code) => String(catalogue.get(code))));
      expect(Object.keys(responses).filter((status) => Number(status) >= 400)).toEqual(
        operation.operationId === 'getReadiness' ? expect.arrayContaining(['503']) : [...statuses].sort(),
      );
      for (const status of statuses) {
        const { description = '' } = responses[status] as { description?: string };
        for (const [, code = ''] of description.matchAll(/`([a-z_0-9]+\.[a-z_0-9]+)`/g))
          expect({ code, status: String(catalogue.get(code)) }).toEqual({ code, status });
      }
    }
    for (const response of Object.values(document.components?.responses ?? {}))
      for (const { example } of Object.values(resolve(document, response).content ?? {}) as Media[]) {
        const { code } = example as { readonly code: string };
        expect(example).toMatchObject({ status: catalogue.get(code) });
      }
  });

  it('asks for an access token exactly where the API does', async () => {
    for (const [path, item] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(item) as [string, Operation][]) {
        const url = path.replaceAll(/\{.+?\}/g, '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11');
        const answer = await app.http[method as 'get'](url);
        const { code } = answer.body as { code?: string };

        expect({ path, method, security: operation.security }).toEqual({
          path,
          method,
          security: securityOf(operation, code),
        });
      }
    expect(document.components?.securitySchemes).toEqual({
      accessToken: { type: 'http', scheme: 'bearer', description: expect.any(String) as unknown },
      boundAccessToken: { type: 'http', scheme: 'DPoP', description: expect.any(String) as unknown },
      clientSecret: { type: 'http', scheme: 'basic', description: expect.any(String) as unknown },
      initData: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description: expect.any(String) as unknown,
      },
    });
  });

  it('shows answers with the fields that are really answered', async () => {
    await app.changeSettings(demo.applicationId, {
      dataNeeds: ['name', 'phone', 'premium'],
      identityToken: { inAnswers: true },
    });
    const { accessToken, userId } = await app.signIn(demo);
    const { clientId } = await createClient(app, demo, { isThirdParty: true });
    await app.database.query(
      `INSERT INTO openid_consents VALUES ($1, $2, gen_random_uuid(), '{openid}', now())`,
      [userId, clientId],
    );
    const get = (path: string) => app.http.get(path).set('authorization', `Bearer ${accessToken}`);
    const signIn = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
    app.clock.catchUp();
    const answers: [string, Response][] = [
      ['signInWithTelegramInitData', await app.postSignIn(signIn)],
      ['getMe', await get('/v1/me')],
      ['listOwnSessions', await get('/v1/me/sessions')],
      ['getLiveness', await get('/health/live')],
      ['getReadiness', await get('/health/ready')],
    ];

    for (const [operationId, { status, body }] of answers) {
      const { example } = mediaOf(operationCalled(operationId), 200);
      expect({ operationId, status, fields: fieldsOf(body).toSorted() }).toEqual({
        operationId,
        status: 200,
        fields: (operationId === 'getLiveness' ? ['checks', 'status'] : fieldsOf(example))
          // Only in the answer of a sign-in that cancels an erasure, or whose start parameter carries an invitation, a referral or a code.
          .filter(
            (field) =>
              field !== 'erasureCancelled' && !/^(invitation|referral|join|login|stepUp)\b/.test(field),
          )
          .toSorted(),
      });
    }
  });

  it('is served as it is generated without a database', () => {
    const [first] = generated;

    expect(first?.path).toBe('docs/openapi/public.json');
    expect(JSON.parse(first?.text ?? '')).toEqual(served);
  });
});

/** The names of all fields, in depth. */
function fieldsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return fieldsOf(value[0]);
  return Object.entries(value).flatMap(([name, member]) => [
    name,
    ...fieldsOf(member).map((field) => `${name}.${field}`),
  ]);
}
