import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** In a process of its own: openapi-typescript has ES modules that jest does not load. */
const MAKE = `import(process.argv[1]).then(async ({ clientTypes }) => {
  process.stdout.write(await clientTypes(JSON.parse(process.argv[2]), process.argv[3]));
})`;

function clientTypes(document: object, errors: string): string {
  const args = ['-e', MAKE, join(__dirname, 'lib', 'client-types.mjs'), JSON.stringify(document), errors];
  return execFileSync(process.execPath, args, { encoding: 'utf8' });
}

const JSON_TYPE = 'application/json';
const SESSION = [{ accessToken: [] }, { boundAccessToken: [] }];

const text = (more = {}): object => ({ type: 'string', ...more });
const body = (name: string): object => ({
  content: { [JSON_TYPE]: { schema: { $ref: `#/components/schemas/${name}` } } },
});

const document = {
  openapi: '3.1.0',
  info: { title: 'API', version: '1.0.0' },
  paths: {
    '/v1/auth/refresh': {
      post: {
        operationId: 'refresh',
        parameters: [{ $ref: '#/components/parameters/DPoP' }],
        requestBody: body('RefreshRequest'),
        responses: { 200: body('Team'), 401: { $ref: '#/components/responses/Unauthorized' } },
        security: [],
      },
    },
    '/v1/auth/start': { get: { responses: { 302: { description: 'Away.' } }, security: [] } },
    '/v1/secret': { get: { responses: { 200: body('Secret') }, security: [{ clientSecret: [] }] } },
    '/v1/teams/{teamId}': {
      get: {
        parameters: [
          { name: 'teamId', in: 'path', required: true, schema: text() },
          { $ref: '#/components/parameters/limit' },
        ],
        responses: { 200: { $ref: '#/components/responses/Team' }, 404: { description: 'None.' } },
        security: [...SESSION, { clientSecret: [] }],
      },
    },
  },
  components: {
    parameters: {
      DPoP: { name: 'DPoP', in: 'header', schema: text() },
      limit: { name: 'limit', in: 'query', schema: { type: 'integer' } },
    },
    responses: { Team: body('Team'), Unauthorized: body('OAuthProblem') },
    schemas: {
      ErrorCode: { enum: ['team.not_found', 'team.full', 'session.ended'] },
      ProblemResponse: { type: 'object', properties: { code: { $ref: '#/components/schemas/ErrorCode' } } },
      OAuthProblem: { type: 'object', properties: { error: text() } },
      RefreshRequest: { type: 'object', properties: { refreshToken: text({ default: '' }) } },
      Secret: { type: 'object', properties: { secret: text() } },
      Team: { type: 'object', properties: { logo: { $ref: '#/components/schemas/Logo' } } },
      Logo: { type: 'object', properties: { url: text() }, required: ['url'] },
    },
  },
};

const ERRORS = `
| code | status | title |
|---|---|---|
| \`session.ended\` | 401 | It has ended |
| \`team.full\` | 409 | It is full |
| \`team.not_found\` | 404 | No such team |
| \`webhook.not_found\` | 404 | No such webhook |
`;

describe('the types of the client', () => {
  let types: string;

  beforeAll(() => {
    types = clientTypes(document, ERRORS);
  });

  it('have the calls of a person by path and method', () => {
    expect(types).toMatch(
      /"\/v1\/auth\/refresh": \{[^]*"application\/json": components\["schemas"\]\["Team"\]/,
    );
    expect(types).toMatch(
      /"\/v1\/teams\/\{teamId\}": \{[^]*teamId: string;[^]*components\["responses"\]\["Team"\]/,
    );
    expect(types).not.toMatch(/\/v1\/auth\/start|\/v1\/secret/);
  });

  it('have the components that these calls use, those of the components, and the problem', () => {
    for (const schema of ['RefreshRequest', 'Team', 'Logo', 'ProblemResponse', 'ErrorCode'])
      expect(types).toMatch(new RegExp(`^ {8}${schema}: `, 'm'));
    expect(types).toMatch(/^ {8}limit: number;/m);
    expect(types).not.toMatch(/Secret|OAuthProblem/);
  });

  it('leave out the headers that the client sends, and what a default would require', () => {
    expect(types).not.toContain('DPoP');
    expect(types).toContain('refreshToken?: string;');
  });

  it('have the error codes of the document by their status', () => {
    expect(types).toContain(`export interface ErrorCodesByStatus {
  401: 'session.ended';
  404: 'team.not_found';
  409: 'team.full';
}`);
  });
});
