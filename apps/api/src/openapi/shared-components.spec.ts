import type { OpenAPIObject } from '@nestjs/swagger';
import { shareComponents } from './shared-components';

const limit = { name: 'limit', in: 'query', schema: { type: 'integer' } };
const status = (values: readonly string[]): object => ({
  name: 'status',
  in: 'query',
  schema: { enum: values },
});
const body = (name: string): object => ({
  description: 'Done.',
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});
const list = (
  tag: string,
  parameters: readonly object[],
  response: object,
  codes: readonly string[],
): object => ({
  get: { tags: [tag], parameters, responses: { 200: response }, 'x-error-codes': codes },
});

const DPOP = ['dpop.malformed', 'dpop.too_old'];

function documentOf(paths: Readonly<Record<string, object>>): OpenAPIObject {
  const document = {
    paths: structuredClone(paths),
    components: { responses: { BadRequest: body('Problem') } },
  };
  shareComponents(document as unknown as OpenAPIObject);
  return document as unknown as OpenAPIObject;
}

describe('operations of a document', () => {
  const { paths, components } = documentOf({
    '/teams': list('Teams', [limit, status(['full'])], body('TeamPage'), [...DPOP, 'team.full']),
    '/teams/count': list('Teams', [limit, status(['full'])], body('Count'), [...DPOP, 'team.full']),
    '/all-teams': list('Teams', [status(['full'])], body('TeamPage'), ['team.full', 'team.lost']),
    '/users': list('App users', [limit, status(['gone'])], body('UserPage'), ['dpop.too_old']),
    '/users/count': list('App users', [status(['gone'])], body('Count'), []),
  });

  it('share parameters, those of one name by the resource too', () => {
    expect(components?.parameters).toEqual({
      limit,
      status: status(['full']),
      'status-of-app-users': status(['gone']),
    });
    expect(paths['/users']?.get?.parameters).toEqual([
      { $ref: '#/components/parameters/limit' },
      { $ref: '#/components/parameters/status-of-app-users' },
    ]);
  });

  it('share responses, and keep those that no other has', () => {
    expect(components?.responses).toEqual({
      BadRequest: body('Problem'),
      Count: body('Count'),
      TeamPage: body('TeamPage'),
    });
    expect(paths['/all-teams']?.get?.responses).toEqual({ 200: { $ref: '#/components/responses/TeamPage' } });
    expect(paths['/users']?.get?.responses).toEqual({ 200: body('UserPage') });
  });

  it('share lists of error codes by the feature', () => {
    expect(components).toMatchObject({ 'x-error-codes': { dpop: DPOP } });
    expect(Object.values(paths).map(({ get }) => get)).toMatchObject([
      { 'x-error-codes': ['dpop', 'team.full'] },
      { 'x-error-codes': ['dpop', 'team.full'] },
      { 'x-error-codes': ['team.full', 'team.lost'] },
      { 'x-error-codes': ['dpop.too_old'] },
      { 'x-error-codes': [] },
    ]);
  });
});
