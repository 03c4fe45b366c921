import { createPrivateKey } from 'node:crypto';
import type { JWK } from 'jose';
import { DPOP_ALGORITHMS } from '@countersign/proofs';
import { generateKeyRing, KeyRing, open, type KeyRingDocument, type Sealed } from '@countersign/crypto';
import {
  IdentityKeys,
  IdentityTokens,
  type ListedIdentityKey,
  type LoginMethod,
  type Principal,
} from '@countersign/sessions';
import { times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { findCanaries, formsOf } from '../support/search-bytes';
import { dumpOfDatabase } from '../support/table-dump';
import type { TestApp, TestAppOptions } from '../support/test-app';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp, useTestDatabase } from '../support/use-test-app';

const ISSUER = 'https://id.example.com';
const DAY = 86_400;
const PUBLISHED_AHEAD = 600;
const OUTLIVED = 360;

const PRINCIPAL: Principal = {
  sessionId: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  userId: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  applicationId: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b43',
  identityId: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b44',
  assurance: 'platform',
  door: 'telegram-init-data' as LoginMethod,
  authenticatedAt: new Date('2026-11-20T12:00:00Z'),
  isOfAllowedBot: false,
  scopes: [],
};

interface KeyRow {
  readonly id: string;
  readonly private_key: Sealed;
}

const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
const keys = useFixture(() => app.nest.get(IdentityKeys));

/** As in a new installation: one key, which signs. */
async function startAnew(): Promise<void> {
  await app.database.query('DELETE FROM identity_keys');
  await app.catchUp();
  await keys.ensure();
}

async function onlyKey(): Promise<ListedIdentityKey> {
  const [key, another] = await keys.list();
  if (!key || another) throw new Error('there is not one key');
  return key;
}

async function publishedKeys(): Promise<readonly JWK[]> {
  const answer = await app.http.get('/.well-known/jwks.json').expect(200);
  // The OpenID provider publishes others with them.
  return (answer.body as { keys: JWK[] }).keys.filter(({ alg }) => alg !== 'RS256');
}

/** Of the keys that it publishes; without HTTP, of those that it would publish. */
async function kidsOf(replica: TestApp | TestWorker): Promise<readonly (string | undefined)[]> {
  const published =
    replica instanceof TestWorker ? await replica.nest.get(IdentityKeys).open() : await publishedKeys();
  return published.map(({ kid }) => kid);
}

function issueBy({ nest }: Pick<TestWorker, 'nest'>): Promise<string> {
  const inAnHour = new Date(app.clock.now().getTime() + 3_600_000);
  return nest.get(IdentityTokens).issue(PRINCIPAL, 'shop', inAnHour);
}

async function signerOf(replica: Pick<TestWorker, 'nest'>): Promise<string> {
  const [header = ''] = (await issueBy(replica)).split('.');
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid;
}

describe('the keys of identity tokens', () => {
  const replica = useFixture(() => startReplica(), { close: (made) => made.close() });
  const edwards = useFixture(
    () => startReplica({ environment: { PUBLIC_URL: ISSUER, IDENTITY_TOKEN_ALGORITHM: 'EdDSA' } }),
    { close: (made) => made.close() },
  );
  let startedAt: Date;

  beforeAll(() => {
    startedAt = app.clock.now();
  });
  // The command line has the real clock.
  afterAll(() => app.clock.advance((startedAt.getTime() - app.clock.now().getTime()) / 1_000));

  beforeEach(() => startAnew());

  function startReplica(options: TestAppOptions = {}): Promise<TestWorker> {
    const { database, keys: ring, clock } = app;
    return TestWorker.start({ database, keys: ring, clock, environment: { PUBLIC_URL: ISSUER }, ...options });
  }

  async function states(): Promise<readonly string[]> {
    return (await keys.list()).map(({ state }) => state);
  }

  function upkeep(): Promise<number> {
    return app.nest.get(IdentityKeys).run();
  }

  describe('of a new installation', () => {
    const empty = useTestDatabase();

    it('are one, however many replicas start at the same moment', async () => {
      const replicas = await Promise.all(
        times(3, () => TestWorker.start({ database: empty, keys: app.keys, clock: app.clock })),
      );

      const published = await Promise.all(replicas.map(kidsOf));
      const rows = await empty.query<KeyRow>('SELECT id FROM identity_keys');

      expect(rows).toHaveLength(1);
      expect(published).toEqual(times(3, () => rows.map(({ id }) => id)));
      expect(
        await empty.query(`SELECT 1 FROM audit_records WHERE action LIKE 'identity_key.%'`),
      ).toHaveLength(1);
      await Promise.all(replicas.map((each) => each.close()));
    });
  });

  it('sign from the first moment, and the first one is made again where it is missing', async () => {
    const first = await onlyKey();
    expect(first).toMatchObject({ state: 'signing', algorithm: 'ES256', signsFrom: app.clock.now() });
    expect(await signerOf(app)).toBe(first.kid);

    await app.database.query('DELETE FROM identity_keys');
    await until(async () => (await signerOf(app)) !== first.kid);

    expect(await kidsOf(app)).toEqual([(await onlyKey()).kid]);
  });

  it('are published before they sign, and until what they signed is over', async () => {
    const first = await onlyKey();
    app.clock.advance(30 * DAY - 1);
    await upkeep();
    expect(await states()).toEqual(['signing']);

    app.clock.advance(1);
    await upkeep();
    await upkeep();
    expect(await states()).toEqual(['pending', 'signing']);
    expect(await kidsOf(app)).toHaveLength(2);
    expect(await signerOf(app)).toBe(first.kid);

    app.clock.advance(PUBLISHED_AHEAD - 1);
    expect(await signerOf(app)).toBe(first.kid);
    app.clock.advance(1);
    const [second] = await keys.list();
    expect(await states()).toEqual(['signing', 'retiring']);
    expect(await signerOf(app)).toBe(second?.kid);

    app.clock.advance(OUTLIVED - 1);
    expect(await upkeep()).toBe(0);
    expect(await kidsOf(app)).toEqual([second?.kid, first.kid]);
    app.clock.advance(1);
    expect(await upkeep()).toBe(1);
    expect(await kidsOf(app)).toEqual([second?.kid]);
  });

  it('rotate once, however many ask at the same moment', async () => {
    const others = replica.nest.get(IdentityKeys);
    const rotations = await Promise.all(times(10, (index) => (index % 2 ? keys : others).rotate()));

    expect(new Set(rotations.map(({ kid }) => kid)).size).toBe(1);
    expect(rotations.map(({ state }) => state)).toEqual(times(10, () => 'pending'));
    expect(await states()).toEqual(['pending', 'signing']);
    await until(async () => (await kidsOf(replica)).length === 2);
    expect(await kidsOf(app)).toEqual(await kidsOf(replica));
  });

  it('change their kind with an overlap', async () => {
    const first = await onlyKey();

    // As at its boot.
    await edwards.nest.get(IdentityKeys).ensure();
    await app.catchUp();

    expect(await publishedKeys()).toEqual([
      {
        kid: expect.any(String) as string,
        alg: 'EdDSA',
        use: 'sig',
        kty: 'OKP',
        crv: 'Ed25519',
        x: expect.any(String) as string,
      },
      expect.objectContaining({ kid: first.kid, alg: 'ES256' }),
    ]);
    expect(await signerOf(edwards)).toBe(first.kid);
    app.clock.advance(PUBLISHED_AHEAD);
    expect(await signerOf(edwards)).not.toBe(first.kid);
    expect(await signerOf(app)).toBe(await signerOf(edwards));
  });

  describe('when one is revoked', () => {
    it('it is gone at once on every replica, and another one signs at once', async () => {
      const { kid } = await onlyKey();
      await until(async () => (await signerOf(replica)) === kid);
      const stale = await issueBy(replica);
      const signing = await keys.revoke(kid);

      expect(signing).toMatchObject({ state: 'signing', signsFrom: app.clock.now() });
      expect(await kidsOf(app)).toEqual([signing.kid]);
      await until(async () => (await kidsOf(replica))[0] === signing.kid);
      expect(await signerOf(replica)).toBe(signing.kid);
      expect(await issueBy(replica)).not.toBe(stale);
    });

    it('the one before signs again while it is there', async () => {
      const { kid } = await onlyKey();
      const next = await keys.rotate();
      app.clock.advance(PUBLISHED_AHEAD + 1);

      expect(await keys.revoke(next.kid)).toMatchObject({ kid, signsFrom: app.clock.now() });
      expect(await signerOf(app)).toBe(kid);
    });

    it('one of another kind than is configured does not sign in its place', async () => {
      const first = await onlyKey();
      await edwards.nest.get(IdentityKeys).ensure();
      const [pending] = await keys.list();
      expect(pending).toMatchObject({ algorithm: 'EdDSA', state: 'pending' });

      const signing = await keys.revoke(first.kid);

      expect(signing).toMatchObject({ algorithm: 'ES256', state: 'signing' });
      expect(await signerOf(app)).toBe(signing.kid);
      expect(await kidsOf(app)).toEqual(expect.arrayContaining([signing.kid, pending?.kid]));
    });
  });

  describe('in the database', () => {
    async function expectNothingWorks(): Promise<void> {
      const answer = await app.http.get('/.well-known/jwks.json');
      expectProblem(answer, 503, 'service.unavailable');
      expect(answer.headers['cache-control']).toBe('no-store');
      await expect(issueBy(app)).rejects.toMatchObject({ code: 'service.unavailable' });
    }

    it('are readable in no table', async () => {
      await keys.rotate();
      const ring = KeyRing.parse(app.keys);
      const canaries = new Map<string, readonly Buffer[]>();
      for (const { id, private_key: sealed } of await app.database.query<KeyRow>(
        'SELECT * FROM identity_keys',
      )) {
        const place = { table: 'identity_keys', column: 'private_key', row: id };
        const pem = open(ring, place, sealed);
        const { d = '', x = '' } = createPrivateKey(pem).export({ format: 'jwk' });
        canaries.set(`${id} secret`, formsOf(Buffer.from(d, 'base64url')));
        canaries.set(`${id} PEM`, pem.split('\n').slice(0, 3).flatMap(formsOf));
        canaries.set(`${id} x, which is public`, formsOf(x));
      }

      const dump = Buffer.from(await dumpOfDatabase(app.database));

      expect(canaries.size).toBe(6);
      expect(findCanaries(dump, canaries)).toEqual(
        [...canaries.keys()].filter((name) => name.endsWith('public')),
      );
      expect(app.logLines.join('')).not.toMatch(/PRIVATE KEY/);
    });

    it('are not used when one is changed, until it is revoked', async () => {
      const { kid } = await onlyKey();
      await keys.rotate();
      await app.database.query(
        `UPDATE identity_keys SET private_key = overlay(private_key PLACING 'AAAA' FROM length(private_key) - 20)
         WHERE id = $1`,
        [kid],
      );

      await until(async () => (await app.http.get('/.well-known/jwks.json')).status === 503);
      await expectNothingWorks();
      const [broken] = (await keys.list()).filter(({ state }) => state === 'signing');
      await keys.revoke(broken?.kid ?? '');
      expect(await kidsOf(app)).toHaveLength(1);
      expect(await signerOf(app)).not.toBe(kid);
    });

    it('fail closed on a replica that has not got the key of the ring yet', async () => {
      const document = JSON.parse(app.keys) as KeyRingDocument;
      const added = generateKeyRing();
      const ahead = {
        ...document,
        sealing: [...document.sealing, ...added.sealing],
      };
      const after = await startReplica({ keys: JSON.stringify(ahead) });
      const ring = after.nest.get(KeyRing);
      const key = ring.find('sealing', added.sealing[0]?.id ?? '');
      if (!key) throw new Error('the ring has it');
      const sealing = jest.spyOn(ring, 'active').mockReturnValue(key);
      await after.nest.get(IdentityKeys).rotate();
      sealing.mockRestore();

      expect(await kidsOf(after)).toHaveLength(2);
      await until(async () => (await app.http.get('/.well-known/jwks.json')).status === 503);
      await expectNothingWorks();
      await after.close();
    });
  });
});

describe('the keys of identity tokens in public', () => {
  beforeEach(() => startAnew());

  it('have nothing of their private halves, and may be kept for five minutes', async () => {
    await keys.rotate();
    const { body, headers } = await app.http.get('/.well-known/jwks.json').expect(200);

    const es256 = { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' };
    const coordinate = expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) as string;
    const kids = (await keys.list()).map(({ kid }) => kid);
    const rs256 = { kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB', n: expect.any(String) as string };
    expect(body).toEqual({
      keys: [
        ...kids.map((kid) => ({ ...es256, kid, x: coordinate, y: coordinate })),
        ...kids.toReversed().map((kid) => ({ ...rs256, kid: `${kid}.rs256` })),
      ],
    });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=300',
    });
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('are found by the metadata of the issuer', async () => {
    const { body } = await app.http.get('/.well-known/oauth-authorization-server').expect(200);

    expect(body).toMatchObject({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      introspection_endpoint: `${ISSUER}/v1/oauth/introspect`,
      introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
      revocation_endpoint: `${ISSUER}/v1/oauth/revoke`,
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
      response_types_supported: ['code'],
      dpop_signing_alg_values_supported: [...DPOP_ALGORITHMS],
      service_documentation: `${ISSUER}/docs`,
    });
  });
});
