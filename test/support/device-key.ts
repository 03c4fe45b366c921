import { randomBytes } from 'node:crypto';
import type { Response } from 'supertest';
import { AcceptedBots } from '@countersign/applications';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import { DeviceKey, type ProofRequest } from '@countersign/proofs/testing';
import { SlideWriter } from '@countersign/sessions';
import { aPerson, type Person, type SignInBody } from '../factories';
import { expectProblem } from './expect-problem';
import { inventoryOf } from './inventory';
import { ISSUER } from './oauth';
import { openWeb3InitDataOf, proofsOf } from './proofs';
import { aRecord, codeOf, FRONT_URL, openLink, queryOf } from './rapidpace';
import type { Demo, TestApp } from './test-app';
import { useFixture } from './use-fixture';

export const INIT_DATA_DOOR = '/v1/auth/telegram/init-data';

/** What a proof says, or what is wrong with it. */
export type ProofDetails = Partial<ProofRequest>;

type Method = 'get' | 'post' | 'delete';

/** What a gateway tells of the request that it asks about. */
export const forwarded = {
  'x-forwarded-method': 'PATCH',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'api.example.com',
  'x-forwarded-uri': '/orders/1?page=2',
} as const;

/** The same request, as its client proves it. */
export const behindGateway = { method: 'PATCH', uri: 'https://api.example.com/orders/1' } as const;

/** A client with a key of its own. Its service is known as `ISSUER`, unless another origin is given. */
export class Device {
  constructor(
    private readonly app: TestApp,
    readonly key = DeviceKey.generate(),
    private readonly origin = ISSUER,
  ) {}

  /** The same device, led to another replica. */
  at(app: TestApp): Device {
    return new Device(app, this.key, this.origin);
  }

  prove(method: string, path: string, details: ProofDetails = {}): Promise<string> {
    return this.key.prove({ method, uri: `${this.origin}${path}`, at: this.app.clock.now(), ...details });
  }

  async enter(path: string, body: object, details: ProofDetails = {}): Promise<Response> {
    return this.app.http
      .post(path)
      .set('dpop', await this.prove('POST', path, details))
      .send(body);
  }

  async signIn(demo: Demo, person: Person = aPerson()): Promise<SignInBody> {
    const { applicationId } = demo;
    const initData = this.app.initDataOf(demo, person);
    const answer = await this.enter(INIT_DATA_DOOR, { applicationId, initData });
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status} ${answer.text}`);
    return answer.body as SignInBody;
  }

  async call(
    method: Method,
    path: string,
    { accessToken }: Pick<SignInBody, 'accessToken'>,
    details: ProofDetails = {},
  ): Promise<Response> {
    const dpop = await this.prove(method.toUpperCase(), path, { accessToken, ...details });
    return this.app.http[method](path).set({ authorization: `DPoP ${accessToken}`, dpop });
  }

  getMe(session: SignInBody, details: ProofDetails = {}): Promise<Response> {
    return this.call('get', '/v1/me', session, details);
  }

  logOut(session: SignInBody): Promise<Response> {
    return this.call('post', '/v1/auth/logout', session);
  }

  refresh({ refreshToken }: Pick<SignInBody, 'refreshToken'>, details: ProofDetails = {}): Promise<Response> {
    return this.enter('/v1/auth/refresh', { refreshToken }, details);
  }

  /** Asks for something behind the gateway, which asks the check. */
  async check({ accessToken }: SignInBody, details: ProofDetails = {}): Promise<Response> {
    const dpop = await this.key.prove({
      ...behindGateway,
      accessToken,
      at: this.app.clock.now(),
      ...details,
    });
    return this.app.gateway
      .get('/v1/gateway/authorize')
      .set({ ...forwarded, authorization: `DPoP ${accessToken}`, dpop });
  }
}

/** The words of RFC 9449 for a refused proof. */
export type ChallengeError = 'invalid_dpop_proof' | 'invalid_token';

/** Asserts the refusal of a proof with the challenge of RFC 9449 sections 7.1 and 9. */
export function expectChallenge(
  answer: Response,
  code: string,
  error: ChallengeError = 'invalid_dpop_proof',
): void {
  expectProblem(answer, 401, code);
  expect(answer.headers['www-authenticate']).toBe(
    `DPoP error="${error}", algs="ES256 Ed25519 EdDSA PS256 RS256"`,
  );
}

/** All that the database knows of a session and how much it knows besides, with every use of a token written down. */
export async function storedOf(app: TestApp, { sessionId }: Pick<SignInBody, 'sessionId'>): Promise<object> {
  await app.nest.get(SlideWriter).flush(true);
  const [stored] = await app.database.query<{ session: Record<string, unknown> }>(
    'SELECT to_jsonb(s) AS session FROM sessions s WHERE id = $1',
    [sessionId],
  );
  if (!stored) throw new Error('no such session');
  return { ...stored, inventory: await inventoryOf(app) };
}

/** Why a session ended; `null` while it goes on. */
export async function endReasonOf(app: TestApp, { sessionId }: SignInBody): Promise<string | null> {
  const [row] = await app.database.query<{ endReason: string | null }>(
    'SELECT end_reason AS "endReason" FROM sessions WHERE id = $1',
    [sessionId],
  );
  if (!row) throw new Error('no such session');
  return row.endReason;
}

/** A way to sign in: the path and body of a fresh proof of a new user. */
type Knock = () => Promise<{ readonly path: string; readonly body: object }>;

export const doorNames = [
  'telegram/init-data',
  'telegram/third-party-init-data',
  'telegram/login-widget',
  'openweb3/init-data',
  'exchange',
] as const;
type DoorName = (typeof doorNames)[number];

type Doors = Readonly<Record<DoorName, Knock>>;

/** An application that takes proofs at every door that ends in tokens. */
interface OpenHouse {
  readonly demo: Demo;
  readonly doors: Doors;
}

export function useOpenHouse(app: TestApp, settings: object = {}): OpenHouse {
  const house = useFixture(() => anOpenHouse(app, settings));
  return { demo: useFixture(() => house.demo), doors: useFixture(() => house.doors) };
}

async function anOpenHouse(app: TestApp, settings: object): Promise<OpenHouse> {
  const demo = await app.createApplication({
    settings: { rapidpace: { frontUrl: FRONT_URL }, ...settings },
  });
  const { applicationId, botId } = demo;
  const im = await app.addOpenWeb3Bot(demo);
  const place = { provider: 'telegram', environment: 'production' } as const;
  await app.nest.get(AcceptedBots).allow(applicationId, { ...place, botId });
  const secret = randomBytes(24).toString('base64url');
  await app.nest.get(RapidpaceSecrets).add(applicationId, secret);

  const byTelegram =
    (door: 'telegram/init-data' | 'telegram/third-party-init-data' | 'telegram/login-widget'): Knock =>
    async () => ({
      path: `/v1/auth/${door}`,
      body: { applicationId, ...proofsOf[door](app, demo, aPerson()) },
    });
  const doors: Doors = {
    'telegram/init-data': byTelegram('telegram/init-data'),
    'telegram/third-party-init-data': byTelegram('telegram/third-party-init-data'),
    'telegram/login-widget': byTelegram('telegram/login-widget'),
    'openweb3/init-data': async () => ({
      path: '/v1/auth/openweb3/init-data',
      body: { applicationId, initData: openWeb3InitDataOf(app, im, aPerson()) },
    }),
    exchange: async () => {
      const link = await openLink(app, applicationId, queryOf(aRecord(app), secret));
      return { path: '/v1/auth/exchange', body: { applicationId, code: codeOf(link) } };
    },
  };
  return { demo, doors };
}
