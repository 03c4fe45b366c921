import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ClientSecrets } from '@countersign/applications';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import type { Operation } from '../../apps/api/src/openapi/operations';
import { aPerson, type Person, type SignInBody } from '../factories';
import { drawForRun, drawOperations } from '../support/draw';
import {
  HostileRequests,
  sendHostile,
  withRightValues,
  type HostileRequest,
  type PlainRequest,
  type RightValues,
} from '../support/hostile-requests';
import { inlined, namedOperations } from '../support/inlined-document';
import { aLoginCode } from '../support/login-code';
import { basicOf } from '../support/oauth';
import { FRONT_URL, sign, type PlayerRecord } from '../support/rapidpace';
import type { Demo } from '../support/test-app';
import { useTestApp } from '../support/use-test-app';

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly errors?: readonly { readonly path: string; readonly code: string }[];
  /** Whether it is a page that shows no code. */
  readonly isPage?: boolean;
}

/** Who has signed in, and what requests are made of that are right but for one value. */
interface Caller {
  readonly person: Person;
  readonly session: SignInBody;
  readonly right: RightValues;
}

const RAPIDPACE_SECRET = randomBytes(24).toString('base64url');
const PLENTY = { limit: 10_000_000, window: 600 };
const RATE_LIMITS = { signIn: PLENTY, calls: PLENTY };

const ANONYMOUS = 'anonymous';

const committed = JSON.parse(readFileSync('docs/openapi/public.json', 'utf8')) as OpenAPIObject;
const document = inlined(committed);
const operations = namedOperations(document);

/** What the router answers before it knows the operation, and a body that no operation asks for. */
const OF_NO_OPERATION = [
  'request.method_not_allowed',
  'request.route_not_found',
  'request.unsupported_media_type',
];

const fieldErrorCodes = valuesOf('FieldErrorCode');

function valuesOf(schema: string): readonly unknown[] {
  const found = document.components?.schemas?.[schema];
  return found && 'enum' in found ? (found.enum ?? []) : [];
}

/** Whether the document lets a client expect the codes of the answer. */
function isDocumented(operation: Operation, { code, errors = [] }: Answer): boolean {
  const codes = [...(operation['x-error-codes'] ?? []), ...OF_NO_OPERATION];
  return (
    (code === undefined || codes.includes(code)) && errors.every((one) => fieldErrorCodes.includes(one.code))
  );
}

/** Of a registration call; other bodies have none. */
function signed(body: string): string {
  try {
    return sign(JSON.parse(body) as PlayerRecord, RAPIDPACE_SECRET);
  } catch {
    return '';
  }
}

describe('what the OpenAPI document lets anybody send', () => {
  const app = useTestApp();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let demo: Demo;
  let clientSecret: string;
  /** Of requests that are turned away: they change nothing. */
  let visitor: Caller;
  let known: ReadonlySet<string>;

  beforeAll(async () => {
    demo = await app.createApplication({
      settings: {
        rateLimits: RATE_LIMITS,
        dataNeeds: ['name', 'phone'],
        perRequestInitData: { accept: true },
        rapidpace: { frontUrl: FRONT_URL },
      },
    });
    await app.addOpenWeb3Bot(demo);
    await app.nest.get(RapidpaceSecrets).add(demo.applicationId, RAPIDPACE_SECRET);
    ({ clientSecret } = await app.nest.get(ClientSecrets).add(demo.applicationId, 'of the test'));
    visitor = await aCaller();
    known = new Set(Object.keys(visitor.right));
  });

  afterAll(() => {
    agent.destroy();
  });

  /** Somebody new, stepped up, with a team of their own. */
  async function aCaller(): Promise<Caller> {
    const person = aPerson();
    const session = await app.signIn(demo, person);
    const stepUp = await app.http
      .post('/v1/me/step-up')
      .set('authorization', `Bearer ${session.accessToken}`)
      .send(await aLoginCode(app, demo, person));
    if (stepUp.status !== 200) throw new Error(`step-up answered ${stepUp.text}`);
    const team = await app.http
      .post('/v1/teams')
      .set('authorization', `Bearer ${session.accessToken}`)
      .send({ name: `Team ${randomUUID()}` });
    if (team.status !== 201) throw new Error(`the team answered ${team.text}`);
    const { teamId } = team.body as { teamId: string };
    const { applicationId } = demo;
    const { sessionId, refreshToken, accessToken: token } = session;
    const initData = app.initDataOf(demo, person);
    return {
      ...{ person, session },
      right: {
        ...{ applicationId, sessionId, refreshToken, token, initData, teamId },
        ...{ 'X-Countersign-Application': applicationId, 'x-urm-hmac': '' },
      },
    };
  }

  function authorizationOf(scheme: string, { person, session }: Caller): string | undefined {
    switch (scheme) {
      case ANONYMOUS:
        return undefined;
      case 'accessToken':
        return `Bearer ${session.accessToken}`;
      case 'initData':
        return `tma ${app.initDataOf(demo, person)}`;
      case 'clientSecret':
        return basicOf({ applicationId: demo.applicationId, clientSecret });
      default:
        throw new Error(`the test knows no caller with ${scheme}`);
    }
  }

  /** With a key a caller comes no further than with an access token; `DPoP` itself is tried with every operation. */
  function schemesOf({ security = [] }: Operation): readonly string[] {
    const schemes = security.flatMap((one) => Object.keys(one));
    return [ANONYMOUS, ...schemes.filter((scheme) => scheme !== 'boundAccessToken')];
  }

  async function send(method: string, one: PlainRequest, scheme: string, caller: Caller): Promise<Answer> {
    const authorization = authorizationOf(scheme, caller);
    const body = withRightValues(one.body ?? '', caller.right);
    const right =
      'x-urm-hmac' in one.headers ? { ...caller.right, 'x-urm-hmac': signed(body) } : caller.right;
    const headers = { accept: 'application/json', ...(authorization === undefined ? {} : { authorization }) };
    const { status, answered } = await sendHostile({ agent, port: app.port }, method, one, right, headers);
    const isProblem = status >= 400 && answered !== '' && method !== 'HEAD';
    // A browser that opened a link gets a page.
    const [, code] = /<code>([^<]+)<\/code>/.exec(answered) ?? [];
    if (code !== undefined) return { status, code };
    // The page of a refused player shows no code.
    if (answered.startsWith('<!doctype html>')) return { status, isPage: true };
    return { status, ...(isProblem ? (JSON.parse(answered) as object) : {}) };
  }

  /** What was answered to each; by somebody new where the session has ended since. */
  async function* answersTo(
    method: string,
    requests: Iterable<HostileRequest>,
    scheme: string,
    first: Caller,
  ): AsyncGenerator<[request: HostileRequest, answer: Answer]> {
    let caller = first;
    for (const one of requests) {
      let answer = await send(method, one, scheme, caller);
      const isOver = answer.code?.startsWith('session.') && one.headers['authorization'] === undefined;
      if (isOver && scheme !== ANONYMOUS) {
        caller = await aCaller();
        answer = await send(method, one, scheme, caller);
      }
      yield [one, answer];
    }
  }

  it('has every operation that is served', async () => {
    expect((await app.http.get('/openapi/public.json')).body).toEqual(committed);
  });

  it.each(drawOperations(operations))(
    '%s is answered below 500, with codes that are documented',
    async (title, operation) => {
      const [method = '', path = ''] = title.split(' ');
      const hostile = new HostileRequests(document, path, operation, known);
      // Readiness compares it with the clock of the database.
      app.clock.catchUp();
      const failed: object[] = [];
      const schemes = schemesOf(operation);
      let caller = visitor;

      for (const scheme of schemes) {
        const headers = scheme === ANONYMOUS ? hostile.ofHeaders() : [];
        // Without credentials an operation that needs them comes no further than the parser of the body.
        const isTurnedAway = scheme === ANONYMOUS && schemes.length > 1;
        if (!isTurnedAway) caller = await aCaller();
        const others = isTurnedAway ? hostile.ofWholeBodies() : [...hostile.ofUrls(), ...hostile.ofBodies()];
        const drawn = drawForRun([...headers, ...others], `${title} ${scheme}`);
        for await (const [one, answer] of answersTo(method, drawn, scheme, caller))
          if (
            answer.status < 200 ||
            answer.status >= 500 ||
            !(answer.isPage || isDocumented(operation, answer))
          )
            failed.push({ scheme, name: one.name, ...answer });
      }

      expect(failed).toEqual([]);
      const plain = await send(method, hostile.plain(), schemes.at(-1) ?? '', caller);
      expect(plain.code).not.toBe('request.route_not_found');
    },
  );

  // The caller of `acceptJoin` is compared with an open join before its body is read.
  const withBody = operations.filter(
    ([, { requestBody, operationId }]) => requestBody && operationId !== 'acceptJoin',
  );
  it.each(drawOperations(withBody))('%s takes no null for absent', async (title, operation) => {
    const [method = '', path = ''] = title.split(' ');
    const hostile = new HostileRequests(document, path, operation, known);
    const nulls = [...hostile.ofBodies()].filter(({ nullProperty }) => nullProperty !== undefined);
    const drawn = drawForRun(nulls, `${title} null`);
    const scheme = schemesOf(operation).at(-1) ?? '';

    for await (const [{ name, nullProperty }, answer] of answersTo(method, drawn, scheme, visitor)) {
      const { status, code, errors = [] } = answer;
      // Vendors' records have rules of their own.
      const isVendors = code?.startsWith('rapidpace.') ?? false;
      const isNamed = isVendors || errors.some((field) => field.path === nullProperty);
      expect({ name, status, code, isNamed }).toMatchObject({ status: 400, isNamed: true });
    }
  });
});
