import type request from 'supertest';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import { signRecord } from '@countersign/proofs';
import { aPerson, type SignInBody } from '../factories';
import { linkIdentity } from '../support/accounts';
import { COLUMNS, readTable, REFUSED, type Column } from '../support/assurance-table';
import { expectProblem } from '../support/expect-problem';
import { committedDocument, namedOperations } from '../support/inlined-document';
import { linkWeakly } from '../support/linked-wallets';
import { aLoginCode } from '../support/login-code';
import { openWeb3Launch, signInOpenWeb3, signInPerson } from '../support/person-session';
import { postTo, proofsOf } from '../support/proofs';
import { askToJoin, steppedUpFor, withGrant, type AskedJoin } from '../support/relaunch';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE } from '../support/wallets';

/** `npm test` checks that the service serves it. */
const document = committedDocument('public');
const SECRET = 'a-secret-that-rapidpace-provided';
const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

/** What a call comes to: `own` and no further, `yes` for all. */
type Reach = 'refused' | 'own' | 'yes' | 'nothing';

/** The session of somebody who has another identity, another session of its application, and one of another one. */
interface Scene {
  readonly session: SignInBody;
  readonly here: SignInBody;
  readonly there: SignInBody;
  /** A wallet that opened none of the sessions. */
  readonly walletId: string;
}

const BODIES: Readonly<Record<string, object>> = { POST: { contact: 'x' }, PATCH: {} };

function idFor(route: string, { here, walletId }: Scene): string {
  if (route.endsWith('{sessionId}')) return here.sessionId;
  return route.includes('{walletId}') ? walletId : ID;
}

function reachFrom(own: boolean, further: boolean): Reach {
  if (!own) return 'nothing';
  return further ? 'yes' : 'own';
}

describe('what each assurance reaches', () => {
  const table = readTable();

  const app = useTestApp();
  const dataNeeds = ['name', 'phone'];
  const settings = { dataNeeds, rapidpace: { frontUrl: 'https://front.example.com/in' } };
  const demo = useApplication(app, { origins: [SITE], settings });
  const im = useOpenWeb3Bot(app, demo);
  const elsewhere = useApplication(app);
  const thirdParty = useApplication(app, { trust: 'third-party', settings: { dataNeeds } });

  beforeAll(() => app.nest.get(RapidpaceSecrets).add(demo.applicationId, SECRET));

  async function signInAs(column: Column, person = aPerson()): Promise<SignInBody> {
    const { applicationId } = demo;
    if (column === 'platform') return app.signIn(demo, person);
    if (column === 'third-party application') return app.signIn(thirdParty, person);
    if (column === 'bot-token') {
      const proof = proofsOf['telegram/login-widget'](app, demo, person);
      return (await postTo(app, 'telegram/login-widget', { applicationId, ...proof })).body as SignInBody;
    }
    const code = await aVendorCode(person.id);
    return (await postTo(app, 'exchange', { applicationId, code })).body as SignInBody;
  }

  async function aVendorCode(id: number): Promise<string> {
    const record = new Map<'telegram_id' | 'auth_date', string>([
      ['telegram_id', String(id)],
      ['auth_date', String(Math.floor(app.clock.now().getTime() / 1000))],
    ]);
    const query = new URLSearchParams([...record, ['x-urm-hmac', signRecord(record, SECRET)]]);
    const answer = await app.http.get(`/v1/rapidpace/${demo.applicationId}/redirect?${query.toString()}`);
    return new URL(answer.headers['location'] ?? '').searchParams.get('code') ?? '';
  }

  async function aScene(column: Column): Promise<Scene> {
    const person = aPerson();
    const owner = await signInPerson(app, demo, person);
    await owner.stepUp();
    const patch = { biography: 'Private.', displayName: 'Ada of all', visibility: { displayName: 'public' } };
    expect((await owner.patch('/v1/me/profile', patch)).status).toBe(200);
    const linked = aPerson();
    await linkIdentity(app, demo, owner, { person: linked, launch: openWeb3Launch(app, im, linked) });
    const { walletId } = await linkWeakly(app, owner, anEvmWallet());
    const there = await app.signIn(elsewhere, person);
    const here = column === 'third-party application' ? await app.signIn(thirdParty, person) : owner;
    return { session: await signInAs(column, person), here, there, walletId };
  }

  /** The launch of another person, whose account is older than the request: else it would be judged as a link. */
  async function anOpenJoin(): Promise<AskedJoin> {
    app.clock.advance(1);
    return askToJoin(app, demo, await signInPerson(app, demo));
  }

  function call(
    { session }: Scene,
    route: string,
    id: string,
    body: object | undefined = BODIES[route.split(' ')[0] ?? ''],
  ): request.Test {
    const [method = '', path = ''] = route.split(' ');
    const queries: Record<string, string> = {
      'DELETE /v1/me': `?confirm=${session.userId}`,
      'DELETE /v1/me/sessions': '?all=true',
      'GET /v1/wallets/{walletId}/transactions': '?chainId=eip155:1',
      'GET /v1/wallets/{walletId}/collectibles': '?chainId=eip155:1',
    };
    const query = queries[route] ?? '';
    return app.http[method.toLowerCase() as 'get'](`${path.replaceAll(/\{\w+\}/g, id)}${query}`)
      .set('authorization', `Bearer ${session.accessToken}`)
      .send(body);
  }

  const identitiesIn = (items: readonly { provider: string }[]): Reach => {
    const providers = items.map(({ provider }) => provider);
    return reachFrom(providers.includes('telegram'), providers.includes('openweb3'));
  };

  /** Which step-up is asked for says how far the call would come. */
  const stepUpIn = (body: unknown): Reach =>
    (body as { detail: string }).detail.includes('of the identity that signed in') ? 'own' : 'yes';

  const walletIn = (body: unknown): Reach =>
    (body as { code?: string }).code === 'wallet.not_found' ? 'own' : 'yes';

  const endedIn = async ({ here, there }: Scene): Promise<Reach> => {
    const [own, further] = [await app.getMe(here.accessToken), await app.getMe(there.accessToken)];
    return reachFrom(own.status === 401, further.status === 401);
  };

  /** Where `own` and `yes` differ: what came of the call. */
  const measures: Readonly<Record<string, (body: unknown, scene: Scene) => Reach | Promise<Reach>>> = {
    'GET /v1/me': (body) => identitiesIn((body as { identities: { provider: string }[] }).identities),
    'GET /v1/me/identities': (body) => identitiesIn((body as { items: { provider: string }[] }).items),
    'GET /v1/me/sessions': (body, { here, there }) => {
      const ids = (body as { items: { sessionId: string }[] }).items.map(({ sessionId }) => sessionId);
      return reachFrom(ids.includes(here.sessionId), ids.includes(there.sessionId));
    },
    'GET /v1/wallets': (body, { walletId }) => {
      const ids = (body as { items: { walletId: string }[] }).items.map((item) => item.walletId);
      return reachFrom(true, ids.includes(walletId));
    },
    'GET /v1/wallets/{walletId}': walletIn,
    'GET /v1/wallets/{walletId}/balances': walletIn,
    'GET /v1/wallets/{walletId}/transactions': walletIn,
    'GET /v1/wallets/{walletId}/collectibles': walletIn,
    'DELETE /v1/me': (body) => ((body as { erasesAt?: string }).erasesAt ? 'yes' : stepUpIn(body)),
    'GET /v1/me/export': stepUpIn,
    'GET /v1/me/profile': (body) => {
      const { displayName, biography } = body as Record<'displayName' | 'biography', string | null>;
      return reachFrom(displayName !== null, biography !== null);
    },
    'PATCH /v1/me/profile': async (_, { session }) => {
      const change = (patch: object) =>
        app.http.patch('/v1/me/profile').set('authorization', `Bearer ${session.accessToken}`).send(patch);
      const [own, further] = [
        await change({ phone: '+4930123456' }),
        await change({ biography: 'Changed.' }),
      ];
      return reachFrom(own.status === 200, further.status === 200);
    },
    'DELETE /v1/me/sessions': (_, scene) => endedIn(scene),
    'DELETE /v1/me/sessions/{sessionId}': async (_, scene) => {
      await call(scene, 'DELETE /v1/me/sessions/{sessionId}', scene.there.sessionId);
      return endedIn(scene);
    },
  };

  async function attempt(route: string, scene: Scene): Promise<request.Response> {
    if (route === 'POST /v1/me/separations') return call(scene, route, ID, { joinId: ID });
    if (route !== 'POST /v1/joins/{code}/accept') return call(scene, route, idFor(route, scene));
    const { code, number } = await anOpenJoin();
    return call(scene, route, code, { number });
  }

  async function reachOf(route: string, scene: Scene): Promise<{ reach: Reach; isUsedUp: boolean }> {
    const { status, body } = await attempt(route, scene);
    const { code } = body as { code?: string };
    // It would count as reached.
    expect(status).not.toBe(429);
    // What was refused, or only read, has changed nothing.
    if (code && REFUSED.has(code)) return { reach: 'refused', isUsedUp: false };
    if (status === 401 || status >= 500) return { reach: 'nothing', isUsedUp: true };
    const isUsedUp = !route.startsWith('GET ') && (status < 400 || route in measures);
    return { reach: (await measures[route]?.(body, scene)) ?? 'yes', isUsedUp };
  }

  function guardedRoutes(): readonly string[] {
    return namedOperations(document)
      .filter(([, { security }]) => security?.some((scheme) => 'accessToken' in scheme))
      .map(([name]) => name);
  }

  it('is told of every route that asks for a session, and of no other', () => {
    expect([...table.keys()].toSorted()).toEqual(guardedRoutes().toSorted());
  });

  it.each(COLUMNS)('is what the table says: %s', async (column) => {
    const reached: Record<string, string> = {};
    const expected: Record<string, string> = {};
    let kept: Scene | undefined;
    for (const [route, cells] of table) {
      const scene = (kept ??= await aScene(column));
      const { reach, isUsedUp } = await reachOf(route, scene);
      reached[route] = reach;
      expected[route] = cells[column];
      if (isUsedUp) kept = undefined;
    }

    expect(reached).toEqual(expected);
  });

  it('can be lowered for people who can reach no other level, and raised again by an application', async () => {
    const strict = await app.createApplication({ settings: { accountAssurance: 'platform' } });
    const strictIm = await app.addOpenWeb3Bot(strict);
    const [imPerson, person] = [aPerson(), aPerson()];

    const second = await steppedUpFor(app, im, await signInOpenWeb3(app, im, imPerson), 'account.join');
    expect((await withGrant(second.post('/v1/me/joins'), second.grant)).status).toBe(201);
    const refused = await (await signInOpenWeb3(app, strictIm, imPerson)).post('/v1/me/joins');
    expectProblem(refused, 403, 'auth.assurance_too_low');
    expect((refused.body as { detail: string }).detail).toContain('POST /v1/auth/telegram/init-data');

    await app.signIn(demo, person);
    const weak = await signInAs('bot-token', person);
    const proof = await aLoginCode(app, demo, person);
    const stepUp = app.http
      .post('/v1/me/step-up')
      .set('authorization', `Bearer ${weak.accessToken}`)
      .send(proof);
    expect((await stepUp).status).toBe(200);
    const asked = app.http.post('/v1/me/joins').set('authorization', `Bearer ${weak.accessToken}`);
    expectProblem(await asked, 403, 'auth.assurance_too_low');
  });
});
