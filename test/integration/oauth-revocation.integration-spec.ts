import { DeviceKey } from '@countersign/proofs/testing';
import { times, type SignInBody } from '../factories';
import { auditOf } from '../support/audit';
import { DatabaseLine } from '../support/database-line';
import { inventoryOf } from '../support/inventory';
import {
  aConfidentialApplication,
  basicOf,
  expectOAuthProblem,
  ISSUER,
  postText,
  proofFor,
  REVOKE,
  revoke,
  signInBound,
} from '../support/oauth';
import { TestApp } from '../support/test-app';
import { createTestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const ORIGIN = 'https://app.example.com';

describe('POST /v1/oauth/revoke', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const demo = useFixture(() => aConfidentialApplication(app, { origins: [ORIGIN] }));
  const other = useFixture(() => aConfidentialApplication(app));

  const endOf = async (sessionId: string) => {
    const [row] = await app.database.query<{ reason: string | null; ended: boolean }>(
      'SELECT end_reason AS reason, ended_at IS NOT NULL AS ended FROM sessions WHERE id = $1',
      [sessionId],
    );
    return row?.reason;
  };
  const endingsOf = (sessionId: string) => auditOf(app, { subject: sessionId, action: 'session.ended' });
  const expectDone = ({ status, text }: Awaited<ReturnType<typeof revoke>>) => {
    expect({ status, text }).toEqual({ status: 200, text: '' });
  };

  /** Each of them was given to the client of the session at some time. */
  const ownTokens: Record<string, () => Promise<{ token: string; sessionId: string }>> = {
    'an access token': async () => {
      const { accessToken: token, sessionId } = await app.signIn(demo);
      return { token, sessionId };
    },
    'a refresh token': async () => {
      const { refreshToken: token, sessionId } = await app.signIn(demo);
      return { token, sessionId };
    },
    'a refresh token that was used just now': async () => {
      const { refreshToken: token, sessionId } = await app.signIn(demo);
      await app.refresh(token);
      return { token, sessionId };
    },
    'a refresh token that was used long ago': async () => {
      const { refreshToken: token, sessionId } = await app.signIn(demo);
      const { refreshToken } = (await app.refresh(token)).body as SignInBody;
      app.clock.advance(60);
      await app.refresh(refreshToken);
      app.clock.advance(60);
      return { token, sessionId };
    },
    'the access token from before a refresh': async () => {
      const { accessToken: token, refreshToken, sessionId } = await app.signIn(demo);
      await app.refresh(refreshToken);
      app.clock.advance(60);
      return { token, sessionId };
    },
    'an access token that was idle': async () => {
      const { accessToken: token, sessionId } = await app.signIn(demo);
      app.clock.advance(3_600);
      return { token, sessionId };
    },
  };

  describe.each(Object.entries(ownTokens))('with %s', (_, make) => {
    it('ends the session for its application', async () => {
      const { token, sessionId } = await make();

      expectDone(await revoke(app, demo, token));

      expect(await endOf(sessionId)).toBe('revoked');
    });

    it('ends the session for whoever holds it', async () => {
      const { token, sessionId } = await make();

      expectDone(await revoke(app, null, token));

      expect(await endOf(sessionId)).toBe('logout');
    });

    it('does nothing for another application, which holds it', async () => {
      const { token, sessionId } = await make();

      expectDone(await revoke(app, other, token));

      expect(await endOf(sessionId)).toBeNull();
    });

    it('does nothing for a client that names another application as its own', async () => {
      const { token, sessionId } = await make();
      const form = new URLSearchParams({ token, client_id: other.applicationId }).toString();

      expectDone(await postText(app, REVOKE, form));

      expect(await endOf(sessionId)).toBeNull();
    });
  });

  it('refuses both tokens from the next request on, at every replica', async () => {
    const { accessToken, refreshToken } = await app.signIn(demo);

    await app.withReplica(async (replica) => {
      expect((await replica.getMe(accessToken)).status).toBe(200);
      await app.getMe(accessToken);
      await revoke(app, null, refreshToken);
      expect((await app.getMe(accessToken)).body).toMatchObject({ code: 'session.ended' });
      await until(async () => (await replica.getMe(accessToken)).status === 401);
    });
    expect((await app.refresh(refreshToken)).body).toMatchObject({ code: 'session.ended' });
  });

  it('lets nobody in again by the proof of a session that its application ended', async () => {
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
    const { accessToken } = (await app.postSignIn(body)).body as SignInBody;
    await revoke(app, null, accessToken);
    const { accessToken: followed } = (await app.postSignIn(body)).body as SignInBody;
    await revoke(app, demo, followed);

    expect((await app.postSignIn(body)).body).toMatchObject({ code: 'auth.proof_used' });
  });

  it('bars the proof too of a session that its holder had logged out of', async () => {
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
    const { accessToken, sessionId } = (await app.postSignIn(body)).body as SignInBody;
    expectDone(await revoke(app, null, accessToken));
    expectDone(await revoke(app, demo, accessToken));

    expect(await endOf(sessionId)).toBe('revoked');
    expect(await endingsOf(sessionId)).toHaveLength(1);
    expect((await app.postSignIn(body)).body).toMatchObject({ code: 'auth.proof_used' });
  });

  it('is no logout of a session that was over for good', async () => {
    const short = await aConfidentialApplication(app, { settings: { session: { absolute: 3_600 } } });
    const { accessToken, sessionId } = await app.signIn(short);
    app.clock.advance(3_600);

    expectDone(await revoke(app, null, accessToken));

    expect(await endOf(sessionId)).toBeNull();
  });

  describe('means nothing and answers the same', () => {
    const kinds: Record<string, () => Promise<string>> = {
      'for junk': async () => 'junk',
      'for a token with one other character': async () =>
        (await app.signIn(demo)).accessToken.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      'for an access token from before a re-entry': async () => {
        const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
        const { accessToken } = (await app.postSignIn(body)).body as SignInBody;
        app.clock.advance(11);
        expect((await app.postSignIn(body)).status).toBe(200);
        return accessToken;
      },
      'for a refresh token from before a re-entry': async () => {
        const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
        const { refreshToken } = (await app.postSignIn(body)).body as SignInBody;
        app.clock.advance(11);
        expect((await app.postSignIn(body)).status).toBe(200);
        return refreshToken;
      },
      'for a session that ended': async () => {
        const { accessToken, sessionId } = await app.signIn(demo);
        await app.accounts.revoke({ sessionId });
        return accessToken;
      },
    };

    it.each(Object.entries(kinds))('%s', async (_, make) => {
      const token = await make();
      const live = () =>
        app.database.query('SELECT count(*)::int AS live FROM sessions WHERE ended_at IS NULL');
      const before = [await inventoryOf(app), await live()];

      for (const caller of [null, demo, other]) expectDone(await revoke(app, caller, token));

      expect([await inventoryOf(app), await live()]).toEqual(before);
    });
  });

  it('ends and records once what many revoke at once, by both tokens', async () => {
    const { accessToken, refreshToken, sessionId } = await app.signIn(demo);

    const answers = await Promise.all(
      times(20, (index) => revoke(app, index % 2 ? demo : null, index % 4 < 2 ? accessToken : refreshToken)),
    );

    answers.forEach(expectDone);
    expect(await endingsOf(sessionId)).toHaveLength(1);
    expect((await app.getMe(accessToken)).status).toBe(401);
  });

  describe('a session with a device key', () => {
    const key = DeviceKey.generate();
    const refusals: [what: string, code: string, proof: () => Promise<string | null>][] = [
      ['no proof', 'dpop.proof_missing', async () => null],
      ['another key', 'dpop.other_key', () => proofFor(app, DeviceKey.generate(), REVOKE)],
    ];

    it.each(refusals)('is not ended by its tokens with %s', async (_, code, prove) => {
      const { accessToken, refreshToken, sessionId } = await signInBound(app, demo, key);

      for (const token of [accessToken, refreshToken]) {
        const proof = await prove();
        const answer = await revoke(app, null, token, proof === null ? {} : { dpop: proof });
        const error = code === 'dpop.other_key' ? 'invalid_token' : 'invalid_dpop_proof';
        expectOAuthProblem(answer, 401, code, error);
        expect(answer.headers['www-authenticate']).toMatch(/^DPoP /);
      }

      expect(await endOf(sessionId)).toBeNull();
    });

    it.each(['accessToken', 'refreshToken'] as const)('is ended by its %s with a proof', async (kind) => {
      const session = await signInBound(app, demo, key);

      expectDone(await revoke(app, null, session[kind], { dpop: await proofFor(app, key, REVOKE) }));

      expect(await endOf(session.sessionId)).toBe('logout');
    });

    it('that has ended answers without a proof, as any token that means nothing', async () => {
      const { accessToken, refreshToken, sessionId } = await signInBound(app, demo, key);
      await app.accounts.revoke({ sessionId });

      for (const token of [accessToken, refreshToken]) expectDone(await revoke(app, null, token));

      expect(await endOf(sessionId)).toBe('revoked');
    });

    it('is ended by its application without one', async () => {
      const { refreshToken, sessionId } = await signInBound(app, demo, key);

      expectDone(await revoke(app, demo, refreshToken));

      expect(await endOf(sessionId)).toBe('revoked');
    });
  });

  it('with a client secret is refused to a web page, whoever allows it', async () => {
    const { accessToken, sessionId } = await app.signIn(demo);

    const answer = await revoke(app, demo, accessToken, { origin: ORIGIN });

    expectOAuthProblem(answer, 403, 'client.server_only', 'invalid_request');
    expect(await endOf(sessionId)).toBeNull();
  });

  describe('from a web page', () => {
    it('ends a session of an application that allows the page', async () => {
      const { accessToken, sessionId } = await app.signIn(demo);

      const answer = await revoke(app, null, accessToken, { origin: ORIGIN });

      expectDone(answer);
      expect(answer.headers['access-control-allow-origin']).toBe(ORIGIN);
      expect(await endOf(sessionId)).toBe('logout');
    });

    it.each([ORIGIN, 'https://evil.example', 'null'])(
      'of %s is refused where none is allowed',
      async (origin) => {
        const { accessToken, sessionId } = await app.signIn(other);

        const answer = await revoke(app, null, accessToken, { origin });

        expectOAuthProblem(answer, 403, 'request.origin_not_allowed', 'invalid_request');
        expect(await endOf(sessionId)).toBeNull();
      },
    );
  });

  it.each([
    ['a wrong secret', () => basicOf({ ...demo, clientSecret: other.clientSecret })],
    ['a bearer token', () => 'Bearer x'],
    ['nothing', () => ''],
  ])('does not take %s in `Authorization` for none', async (_, authorization) => {
    const { accessToken, sessionId } = await app.signIn(demo);

    const answer = await revoke(app, null, accessToken, { authorization: authorization() });

    expectOAuthProblem(answer, 401, 'client.unauthenticated', 'invalid_client');
    expect(await endOf(sessionId)).toBeNull();
  });
});

describe('revocation and introspection while the database is away', () => {
  it('answer 503, and a client asks again later', async () => {
    const database = await createTestDatabase();
    const line = await DatabaseLine.start(database);
    const app = await TestApp.start({ database: line.database });
    try {
      const demo = await aConfidentialApplication(app);
      const { accessToken, refreshToken } = await app.signIn(demo);
      await line.cut();

      const answers = [
        await revoke(app, null, accessToken),
        await revoke(app, demo, refreshToken),
        await postText(app, '/v1/oauth/introspect', `token=${refreshToken}`, {
          authorization: basicOf(demo),
        }),
      ];

      for (const answer of answers) {
        expectOAuthProblem(answer, 503, 'service.unavailable', 'temporarily_unavailable');
        expect(answer.headers['retry-after']).toMatch(/^\d+$/);
      }
      await line.restore();
      await until(async () => (await revoke(app, demo, refreshToken)).status === 200);
      await until(async () => (await app.getMe(accessToken)).status === 401);
    } finally {
      await app.close();
      await line.cut();
      await database.drop();
    }
  });
});
