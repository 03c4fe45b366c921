import type { Response } from 'supertest';
import { DeviceKey, type ProofRequest } from '@countersign/proofs/testing';
import { aPerson, countBy, times, type SignInBody } from '../factories';
import {
  behindGateway,
  Device,
  expectChallenge,
  forwarded,
  INIT_DATA_DOOR,
  storedOf,
  type ChallengeError,
} from '../support/device-key';
import { ISSUER } from '../support/oauth';
import { aRequest, sendRaw } from '../support/raw-http';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
const demo = useApplication(app);

/** Something that a bound session is used for. */
interface Use {
  readonly target: Pick<ProofRequest, 'method' | 'uri'>;
  readonly showsAccessToken: boolean;
  readonly goodStatus: number;
  readonly send: (session: SignInBody, headers: Record<string, string>) => PromiseLike<Response>;
}

const bound = ({ accessToken }: SignInBody) => ({ authorization: `DPoP ${accessToken}` });

const uses = {
  'GET /v1/me': {
    target: { method: 'GET', uri: `${ISSUER}/v1/me` },
    showsAccessToken: true,
    goodStatus: 200,
    send: (session, headers) => app.http.get('/v1/me').set({ ...bound(session), ...headers }),
  },
  'DELETE /v1/me/sessions': {
    target: { method: 'DELETE', uri: `${ISSUER}/v1/me/sessions` },
    showsAccessToken: true,
    goodStatus: 204,
    send: (session, headers) =>
      app.http.delete('/v1/me/sessions?all=true').set({ ...bound(session), ...headers }),
  },
  'the gateway’s check': {
    target: behindGateway,
    showsAccessToken: true,
    goodStatus: 200,
    send: (session, headers) =>
      app.gateway.get('/v1/gateway/authorize').set({ ...forwarded, ...bound(session), ...headers }),
  },
  'the gateway’s check, for gateways that keep method and path': {
    target: { method: 'POST', uri: 'https://api.example.com/orders/1' },
    showsAccessToken: true,
    goodStatus: 200,
    send: (session, headers) =>
      app.gateway.post('/v1/gateway/external-auth/any/orders/1?page=2').set({
        host: 'api.example.com',
        ...bound(session),
        ...headers,
      }),
  },
  logout: {
    target: { method: 'POST', uri: `${ISSUER}/v1/auth/logout` },
    showsAccessToken: true,
    goodStatus: 204,
    send: (session, headers) => app.http.post('/v1/auth/logout').set({ ...bound(session), ...headers }),
  },
  refresh: {
    target: { method: 'POST', uri: `${ISSUER}/v1/auth/refresh` },
    showsAccessToken: false,
    goodStatus: 200,
    send: ({ refreshToken }, headers) => app.refresh(refreshToken).set(headers),
  },
} as const satisfies Record<string, Use>;

const useNames = Object.keys(uses) as (keyof typeof uses)[];

/** A proof that an attacker, or a client with a mistake, sends. */
interface Fault {
  readonly name: string;
  readonly make: (device: Device, good: ProofRequest) => Promise<string> | string;
  readonly code: string;
  readonly error?: ChallengeError;
}

function secondsFrom({ at }: ProofRequest, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1_000);
}

/** A good proof but for these details. */
function but(details: (good: ProofRequest, device: Device) => Partial<ProofRequest>): Fault['make'] {
  return (device, good) => device.key.prove({ ...good, ...details(good, device) });
}

/** One of each kind: `verify-dpop-proof.spec.ts` has all others. */
const faults: readonly Fault[] = [
  {
    name: 'by another key',
    make: (_, good) => DeviceKey.generate().prove(good),
    code: 'dpop.other_key',
    error: 'invalid_token',
  },
  {
    name: 'by another key, with the right one in the header',
    make: ({ key }, good) => DeviceKey.generate().prove({ ...good, header: { jwk: key.publicJwk } }),
    code: 'dpop.signature_invalid',
  },
  { name: 'for another method', make: but(() => ({ method: 'PUT' })), code: 'dpop.method_mismatch' },
  { name: 'for another path', make: but(({ uri }) => ({ uri: `${uri}/x` })), code: 'dpop.uri_mismatch' },
  {
    name: 'for another host',
    make: but(({ uri }) => ({ uri: uri.replace(/^https:\/\/[^/]+/, 'https://evil.example') })),
    code: 'dpop.uri_mismatch',
  },
  { name: '61 s old', make: but((good) => ({ at: secondsFrom(good, -61) })), code: 'dpop.too_old' },
  {
    name: 'from 11 s ahead',
    make: but((good) => ({ at: secondsFrom(good, 11) })),
    code: 'dpop.in_future',
  },
  { name: 'that is longer than 8 KiB', make: () => 'x'.repeat(8_193), code: 'dpop.too_long' },
];

const tokenFaults: readonly Fault[] = [
  {
    name: 'for another access token',
    make: but(() => ({ accessToken: 'cs_at_x' })),
    code: 'dpop.token_mismatch',
  },
];

/** Uses at which all faults are tried: one for each way of a token to the one verifier. At the others it is asked at all. */
const THOROUGH: readonly string[] = ['GET /v1/me', 'the gateway’s check', 'refresh'];
const FOR_ALL = ['by another key', 'for another method', 'for another path', 'for another access token'];

describe.each(useNames)('%s with a bound session', (name) => {
  const use: Use = uses[name];
  const isTried = (fault: Fault): boolean => THOROUGH.includes(name) || FOR_ALL.includes(fault.name);

  function goodFor({ accessToken }: SignInBody): ProofRequest {
    return { ...use.target, accessToken: use.showsAccessToken ? accessToken : null, at: app.clock.now() };
  }

  it.each([...faults, ...(use.showsAccessToken ? tokenFaults : [])].filter(isTried))(
    'is refused a proof $name, and nothing changes',
    async ({ make, code, error }) => {
      const device = new Device(app);
      const session = await device.signIn(demo);
      const before = await storedOf(app, session);
      const dpop = await make(device, goodFor(session));

      const answer = await use.send(session, { dpop });

      expectChallenge(answer, code, error);
      expect(await storedOf(app, session)).toEqual(before);
    },
  );

  it('is refused without a proof, and nothing changes', async () => {
    const session = await new Device(app).signIn(demo);
    const before = await storedOf(app, session);

    expectChallenge(await use.send(session, {}), 'dpop.proof_missing');
    expect(await storedOf(app, session)).toEqual(before);
  });

  it.each([
    ['now', 0],
    ['60 s ago', -60],
    ['10 s ahead', 10],
  ])('passes with a proof that was made %s', async (_, by) => {
    const device = new Device(app);
    const session = await device.signIn(demo);
    const good = goodFor(session);
    const dpop = await device.key.prove({ ...good, at: secondsFrom(good, by) });

    const answer = await use.send(session, { dpop });

    expect(answer.status).toBe(use.goodStatus);
  });
});

describe.each(['GET /v1/me', 'the gateway’s check', 'refresh'] as const)('one proof for %s', (name) => {
  const use: Use = uses[name];

  async function aProvenSession(by = 0): Promise<{ session: SignInBody; dpop: string }> {
    const device = new Device(app);
    const session = await device.signIn(demo);
    const accessToken = use.showsAccessToken ? session.accessToken : null;
    const at = new Date(app.clock.now().getTime() + by * 1_000);
    return { session, dpop: await device.key.prove({ ...use.target, accessToken, at }) };
  }

  it('counts once, however parallel the calls', async () => {
    const { session, dpop } = await aProvenSession();

    const answers = await Promise.all(times(50, () => use.send(session, { dpop })));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 401: 49 });
    for (const answer of answers.filter(({ status }) => status === 401))
      expectChallenge(answer, 'dpop.proof_repeated');
  });

  it('counts once for as long as its date would let it pass', async () => {
    const { session, dpop } = await aProvenSession(10);
    await use.send(session, { dpop });
    app.clock.advance(70);
    expectChallenge(await use.send(session, { dpop }), 'dpop.proof_repeated');
    app.clock.advance(1);
    expectChallenge(await use.send(session, { dpop }), 'dpop.too_old');
  });
});

describe('one proof for a sign-in', () => {
  it('opens one session, however many people show it at once', async () => {
    const dpop = await new Device(app).prove('POST', INIT_DATA_DOOR);
    const { applicationId } = demo;

    const answers = await Promise.all(
      times(50, () =>
        app.postSignIn({ applicationId, initData: app.initDataOf(demo, aPerson()) }).set('dpop', dpop),
      ),
    );

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 401: 49 });
  });

  it.each(faults.filter(({ code }) => code !== 'dpop.other_key'))(
    'is refused $name, and nobody is known afterwards',
    async ({ make, code, error }) => {
      const device = new Device(app);
      const { applicationId } = demo;
      const body = { applicationId, initData: app.initDataOf(demo) };
      const owner = await device.signIn(demo);
      const before = await storedOf(app, owner);
      const good = { method: 'POST', uri: `${ISSUER}${INIT_DATA_DOOR}`, at: app.clock.now() };

      const answer = await app.postSignIn(body).set('dpop', await make(device, good));

      expectChallenge(answer, code, error);
      expect(await storedOf(app, owner)).toEqual(before);
    },
  );
});

describe('two DPoP headers', () => {
  it.each(['/v1/me', '/v1/me/sessions'])('are one too many for GET %s, good as they are', async (path) => {
    const device = new Device(app);
    const session = await device.signIn(demo);
    const { accessToken } = session;
    const proofs = await Promise.all(times(2, () => device.prove('GET', path, { accessToken })));
    const lines = proofs.map((proof) => `DPoP: ${proof}`);

    const answer = await sendRaw(
      app.port,
      aRequest(`GET ${path}`, `Authorization: DPoP ${accessToken}`, ...lines),
    );

    expect(answer).toMatchObject({ status: 401, body: { code: 'dpop.malformed' } });
  });

  it('are one too many for a sign-in, whatever their case', async () => {
    const device = new Device(app);
    const body = JSON.stringify({ applicationId: demo.applicationId, initData: app.initDataOf(demo) });
    const proofs = await Promise.all(times(2, () => device.prove('POST', INIT_DATA_DOOR)));

    const answer = await sendRaw(
      app.port,
      aRequest(
        `POST ${INIT_DATA_DOOR}`,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        `DPoP: ${proofs[0] ?? ''}`,
        `dpop: ${proofs[1] ?? ''}`,
      ) + body,
    );

    expect(answer).toMatchObject({ status: 401, body: { code: 'dpop.malformed' } });
  });
});
