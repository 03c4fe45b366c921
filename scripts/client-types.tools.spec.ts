import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** In a process of its own: openapi-typescript has ES modules that jest does not load. */
const MAKE = `import(process.argv[1]).then(async ({ clientTypes }) => {
  const document = JSON.parse(process.argv[2]);
  process.stdout.write(await clientTypes(document));
})`;

function clientTypes(document: object): string {
  const args = ['-e', MAKE, join(__dirname, 'lib', 'client-types.mjs'), JSON.stringify(document)];
  return execFileSync(process.execPath, args, { encoding: 'utf8' });
}

const JSON_TYPE = 'application/json';
const SESSION = [{ accessToken: [] }, { boundAccessToken: [] }];
const DPOP = ['dpop.malformed', 'dpop.other_key', 'dpop.too_old'];

const text = (more = {}): object => ({ type: 'string', ...more });
const body = (name: string): object => ({
  content: { [JSON_TYPE]: { schema: { $ref: `#/components/schemas/${name}` }, example: { name: 'Owls' } } },
});

/** @param texts what readers of the document get, and types do not need */
function documentOf(texts = {}): object {
  return {
    openapi: '3.1.0',
    info: { title: 'API', version: '1.0.0' },
    paths: {
      '/v1/auth/refresh': {
        post: {
          summary: 'Refresh',
          parameters: [{ $ref: '#/components/parameters/DPoP' }],
          requestBody: body('RefreshRequest'),
          responses: { 200: body('TeamResponse'), 401: { $ref: '#/components/responses/Unauthorized' } },
          security: [],
          'x-error-codes': [...DPOP, 'session.ended'],
        },
      },
      '/v1/auth/start': { get: { responses: { 302: {} }, security: [], 'x-error-codes': ['bot.lost'] } },
      '/v1/secret': {
        get: { responses: { 200: body('Secret') }, security: [{ clientSecret: [] }], 'x-error-codes': [] },
      },
      '/v1/teams/{teamId}': {
        get: {
          summary: 'Read a team',
          parameters: [
            { name: 'teamId', in: 'path', required: true, description: 'Its id.', schema: text(texts) },
            { name: 'all', in: 'query', required: false, schema: { type: 'boolean' } },
          ],
          responses: { 200: body('TeamResponse'), 404: {} },
          security: [...SESSION, { clientSecret: [] }],
          'x-error-codes': [...DPOP, 'team.not_found'],
        },
        delete: {
          summary: 'Delete a team',
          parameters: [{ name: 'If-Match', in: 'header', required: true, schema: text(texts) }],
          responses: { 204: {} },
          security: SESSION,
          'x-error-codes': ['team.not_found'],
        },
      },
    },
    components: {
      parameters: { DPoP: { name: 'DPoP', in: 'header', required: false, schema: text() } },
      schemas: {
        ErrorCode: { enum: ['team.not_found'] },
        ProblemResponse: { properties: { code: { $ref: '#/components/schemas/ErrorCode' } } },
        RefreshRequest: {
          type: 'object',
          properties: { refreshToken: text({ ...texts, description: 'The latest.' }) },
          required: ['refreshToken'],
        },
        Secret: { type: 'object', properties: { secret: text() } },
        TeamResponse: {
          type: 'object',
          properties: {
            name: text({ maxLength: 5, ...texts }),
            role: text({ enum: ['owner', 'viewer'], ...texts }),
            logo: { anyOf: [{ $ref: '#/components/schemas/Logo' }, { type: 'null' }] },
          },
          required: ['name', 'role', 'logo'],
        },
        Logo: { type: 'object', properties: { url: text() }, required: ['url'] },
      },
    },
  };
}

const partOf = (types: string, name: string): string =>
  new RegExp(`^export (?:interface|type) ${name}\\b[^]*?^(?:}|export type .*)$`, 'm').exec(types)?.[0] ?? '';

describe('the types of the client', () => {
  let types: string;

  beforeAll(() => {
    types = clientTypes(documentOf());
  });

  it('have the calls of a person by path and method, with what they take and answer', () => {
    expect(partOf(types, 'paths')).toBe(`export interface paths {
  "/v1/auth/refresh": {
    /** Refresh */
    post: {
      requestBody: {
        content: {
          "application/json": RefreshRequest;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamResponse;
          };
        };
      };
      codes: DpopCodes | "session.ended";
    };
  };
  "/v1/teams/{teamId}": {
    /** Read a team */
    get: {
      parameters: {
        path: {
          /** Its id. */
          teamId: string;
        };
        query?: {
          all?: boolean;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamResponse;
          };
        };
      };
      codes: DpopCodes | "team.not_found";
    };
    /** Delete a team */
    delete: {
      parameters: {
        header: {
          "If-Match": string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: "team.not_found";
    };
  };
}`);
  });

  it('have the schemas that these calls name, those of the schemas, and the problem', () => {
    expect(partOf(types, 'TeamResponse')).toBe(`export interface TeamResponse {
  name: string;
  role: "owner" | "viewer";
  logo: Logo | null;
}`);
    expect(partOf(types, 'RefreshRequest')).toContain('/** The latest. */\n  refreshToken: string;');
    expect(partOf(types, 'ProblemResponse')).toContain('code?: ErrorCode;');
    expect(partOf(types, 'Logo')).toContain('url: string;');
    expect(types).not.toContain('Secret');
    expect(types).not.toContain('bot.lost');
  });

  it('name the codes that several calls share, and take the union of all codes from its file', () => {
    expect(types).toContain(
      'export type DpopCodes = "dpop.malformed" | "dpop.other_key" | "dpop.too_old";\n',
    );
    expect(types).toContain("import type { ErrorCode } from './codes.js';");
    expect(types).not.toMatch(/export type ErrorCode\b/);
  });

  it('are to be found by name', () => {
    expect(partOf(types, 'components')).toContain('    TeamResponse: TeamResponse;\n');
    expect(partOf(types, 'components')).toContain('    ErrorCode: ErrorCode;\n');
  });

  it('do not change with examples and limits of values', () => {
    const texts = { example: 'Owls', pattern: '^[a-z]$', title: 'Text', format: 'uuid' };
    expect(clientTypes(documentOf(texts))).toBe(types);
  });
});
