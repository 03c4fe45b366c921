import type { OpenAPIObject } from '@nestjs/swagger';
import { decodeJwt } from 'jose';
import { aPerson, type Person, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inlined } from '../support/inlined-document';
import { inventoryOf } from '../support/inventory';
import { signInPerson } from '../support/person-session';
import { loginOf, openWeb3InitDataOf, postTo } from '../support/proofs';
import { addMember, aTeamName, type TeamBody } from '../support/teams';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('init data with every request', () => {
  const app = useTestApp();
  const demo = useApplication(app, {
    settings: { perRequestInitData: { accept: true }, initDataMaxAge: 600 },
  });

  const getMe = (initData: string, applicationId: string | null = demo.applicationId) => {
    const request = app.http.get('/v1/me').set('authorization', `tma ${initData}`);
    return applicationId === null ? request : request.set('x-countersign-application', applicationId);
  };

  it('says who it is, without a session, and creates the person at their first request only', async () => {
    const person = aPerson();
    const initData = app.initDataOf(demo, person);

    const [first, second] = [await getMe(initData), await getMe(initData)];

    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      session: null,
      profile: { firstName: person.first_name },
      identities: [{ provider: 'telegram', subject: String(person.id) }],
    });
    expect(second.body).toEqual(first.body);
    expect((await app.signIn(demo, person)).isNewUser).toBe(false);
  });

  it('ends nothing that a weaker proof has opened, where it was made before a revocation', async () => {
    const [person, { applicationId }] = [aPerson(), demo];
    const captured = app.initDataOf(demo, person);
    app.clock.advance(2);
    const signInWeakly = async (): Promise<SignInBody> =>
      (await postTo(app, 'telegram/login-widget', { applicationId, data: loginOf(app, demo, person) }))
        .body as SignInBody;
    const { userId } = await signInWeakly();
    await app.accounts.revoke({ userId });
    const later = await signInWeakly();

    expectProblem(await getMe(captured), 401, 'auth.proof_outdated');
    expect((await app.getMe(later.accessToken)).status).toBe(200);
  });

  it('takes OpenWeb3 init data by the bot that signed it', async () => {
    const im = await app.addBot(demo.applicationId, { provider: 'openweb3' });
    const person = aPerson();
    const initData = openWeb3InitDataOf(app, { applicationId: demo.applicationId, ...im }, person);

    expect((await getMe(initData)).body).toMatchObject({
      identities: [{ provider: 'openweb3', subject: String(person.id) }],
    });
  });

  it('is refused where the application does not take it, which is the default', async () => {
    const closed = await app.createApplication();
    const before = await inventoryOf(app);

    expectProblem(await getMe(app.initDataOf(closed), closed.applicationId), 403, 'auth.per_request_refused');
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('is refused by a third-party application where it rests on the token of its bot alone', async () => {
    const game = await app.createApplication({
      trust: 'third-party',
      settings: { perRequestInitData: { accept: true }, initDataMaxAge: 600 },
      bot: { signaturePolicy: 'optional' },
    });
    const before = await inventoryOf(app);
    const byToken = app.initDataOf(game, aPerson(), { omitSignature: true });

    expectProblem(await getMe(byToken, game.applicationId), 403, 'auth.assurance_too_low');
    expect(await inventoryOf(app)).toEqual(before);
    expect((await getMe(app.initDataOf(game), game.applicationId)).status).toBe(200);
  });

  it('is refused by a third-party application where the cap of the identity is no higher, though the proof is', async () => {
    const game = await app.createApplication({
      trust: 'third-party',
      settings: { perRequestInitData: { accept: true }, initDataMaxAge: 600 },
    });
    const person = aPerson();
    expect((await getMe(app.initDataOf(game, person), game.applicationId)).status).toBe(200);
    await app.database.query(`UPDATE identities SET cap = 'bot-token'`);
    app.clock.advance(1);

    expectProblem(
      await getMe(app.initDataOf(game, person), game.applicationId),
      403,
      'auth.assurance_too_low',
    );
  });

  it('is as old as init data may be, and never older than a day', async () => {
    const settings = { perRequestInitData: { accept: true }, initDataMaxAge: 604_800 };
    const long = await app.createApplication({ settings });
    const [short, old] = [app.initDataOf(demo), app.initDataOf(long)];
    app.clock.advance(601);
    expectProblem(await getMe(short), 401, 'init_data.auth_date_expired');
    app.clock.advance(86_400);

    const byHeader = app.http.get('/v1/me').set({
      authorization: `tma ${old}`,
      'x-countersign-application': long.applicationId,
    });
    expectProblem(await byHeader, 401, 'init_data.auth_date_expired');
    expect((await app.postSignIn({ applicationId: long.applicationId, initData: old })).status).toBe(200);
  });

  it('ends with "end all sessions", also what was never shown before; what is made later serves', async () => {
    const person = aPerson();
    const [used, unused] = [app.initDataOf(demo, person), app.initDataOf(demo, person)];
    const { accessToken } = await app.signIn(demo, person);
    await getMe(used);
    app.clock.advance(1);
    await app.http.delete('/v1/me/sessions?all=true').set('authorization', `Bearer ${accessToken}`);

    expectProblem(await getMe(used), 401, 'auth.proof_outdated');
    expectProblem(await getMe(unused), 401, 'auth.proof_outdated');
    expect((await getMe(app.initDataOf(demo, person))).status).toBe(200);
  });

  describe.each<[string, 'ends' | 'goes on', (person: Person) => Promise<SignInBody>]>([
    [
      'a first-party application',
      'ends',
      async (person) => app.signIn(await app.createApplication(), person),
    ],
    [
      'a third-party application',
      'goes on',
      async (person) => app.signIn(await app.createApplication({ trust: 'third-party' }), person),
    ],
  ])('when a session of %s elsewhere ends them all', (_, outcome, signInElsewhere) => {
    it.each(['', '?all=true'])(`${outcome} here (%p)`, async (query) => {
      const person = aPerson();
      const initData = app.initDataOf(demo, person);
      await getMe(initData);
      app.clock.advance(1);
      const { accessToken } = await signInElsewhere(person);

      const ended = await app.http
        .delete(`/v1/me/sessions${query}`)
        .set('authorization', `Bearer ${accessToken}`);

      expect(ended.status).toBe(204);
      const answer = await getMe(initData);
      if (outcome === 'ends') expectProblem(answer, 401, 'auth.proof_outdated');
      else expect(answer.status).toBe(200);
    });
  });

  it('that was made before a deactivation counts for nothing after it, when its person is active again', async () => {
    const person = aPerson();
    const initData = app.initDataOf(demo, person);
    const { userId } = (await getMe(initData)).body as { userId: string };
    app.clock.advance(1);
    await app.accounts.setStatus(userId, 'deactivated');
    expectProblem(await getMe(app.initDataOf(demo, person)), 403, 'user.deactivated');
    await app.accounts.setStatus(userId, 'active');

    expectProblem(await getMe(initData), 401, 'auth.proof_outdated');
    expect((await getMe(app.initDataOf(demo, person))).status).toBe(200);
  });

  it('needs the application in a header', async () => {
    const initData = app.initDataOf(demo);

    expectProblem(await getMe(initData, null), 400, 'auth.application_missing');
    expectProblem(await getMe(initData, 'x'), 400, 'auth.application_missing');
    expectProblem(
      await getMe(initData, '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'),
      404,
      'application.not_found',
    );
  });

  const credentialsOf = (initData: string, applicationId = demo.applicationId) => ({
    authorization: `tma ${initData}`,
    'x-countersign-application': applicationId,
  });

  it('opens every route that says so, and no other', async () => {
    const credentials = credentialsOf(app.initDataOf(demo));
    await app.changeSettings(demo.applicationId, {
      rateLimits: { calls: { limit: 10_000, window: 60 } },
    });
    const { paths } = inlined((await app.http.get('/openapi/public.json')).body as OpenAPIObject);
    const routes = Object.entries(paths).flatMap(([path, item]) =>
      (['get', 'put', 'post', 'patch', 'delete'] as const).flatMap((method) => {
        const operation = item[method];
        const schemes = (operation?.security ?? []).flatMap((one) => Object.keys(one));
        return schemes.includes('accessToken') && path !== '/v1/auth/logout'
          ? [{ method, path, isOpen: schemes.includes('initData') }]
          : [];
      }),
    );
    expect(routes.filter(({ isOpen }) => isOpen).length).toBeGreaterThan(30);
    const closed = routes.flatMap(({ method, path, isOpen }) => (isOpen ? [] : [`${method} ${path}`]));
    expect(closed.length).toBeGreaterThan(20);
    expect(closed).toEqual(
      expect.arrayContaining([
        ...['get /v1/me/export', 'delete /v1/me', 'delete /v1/me/sessions', 'post /v1/me/step-up/requests'],
        ...['post /v1/wallets/links', 'post /v1/wallets/embedded'],
      ]),
    );

    const answers: string[] = [];
    for (const { method, path, isOpen } of routes) {
      const call = app.http[method](path.replaceAll(/\{\w+\}/g, '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'));
      const { status, body } = await call.set(credentials).send(method === 'get' ? undefined : {});
      const { code = '' } = body as { code?: string };
      const isRefused = status === 403 && code === 'session.required';
      if (isRefused === isOpen || status === 401 || status >= 500)
        answers.push(`${method} ${path}: ${String(status)} ${code}`);
    }
    expect(answers).toEqual([]);
  });

  describe('and teams', () => {
    const byTma = (method: 'get' | 'post' | 'patch' | 'delete', path: string, initData: string, body = {}) =>
      app.http[method](path)
        .set(credentialsOf(initData))
        .send(method === 'get' ? undefined : body);

    it('creates a team and reads it, but changes neither it, its members nor its invitations', async () => {
      const person = aPerson();
      const initData = app.initDataOf(demo, person);
      const created = await byTma('post', '/v1/teams', initData, { name: aTeamName() });
      expect(created.status).toBe(201);
      const { teamId } = created.body as TeamBody;
      const owner = await signInPerson(app, demo, person);
      const member = await signInPerson(app, demo);
      await addMember(app, teamId, member, 'viewer');
      const invited = await owner.post(`/v1/teams/${teamId}/invitations`, { role: 'viewer' });
      const { invitationId, token } = invited.body as { invitationId: string; token: string };
      const before = await inventoryOf(app);

      const ofMember = `/v1/teams/${teamId}/members/${member.userId}`;
      for (const [method, path, body] of [
        ['patch', `/v1/teams/${teamId}`, { description: 'Taken over.' }],
        ['delete', `/v1/teams/${teamId}`, {}],
        ['post', `/v1/teams/${teamId}/transfer`, { userId: member.userId }],
        ['patch', ofMember, { role: 'editor' }],
        ['delete', ofMember, {}],
        ['post', `/v1/teams/${teamId}/invitations`, { role: 'editor' }],
        ['delete', `/v1/teams/${teamId}/invitations/${invitationId}`, {}],
      ] as const)
        expectProblem(await byTma(method, path, initData, body), 403, 'session.required');
      const guest = app.initDataOf(demo);
      expectProblem(await byTma('post', '/v1/invitations/accept', guest, { token }), 403, 'session.required');
      expectProblem(
        await byTma('delete', ofMember, app.initDataOf(demo, member.person)),
        403,
        'session.required',
      );

      expect(await inventoryOf(app)).toEqual(before);
      for (const path of ['', '/members', '/invitations'])
        expect((await byTma('get', `/v1/teams/${teamId}${path}`, initData)).status).toBe(200);
      const preview = await byTma('post', '/v1/invitations/preview', guest, { token });
      expect(preview.status).toBe(200);
      const changed = await owner.patch(`/v1/teams/${teamId}`, { description: 'Ours.' });
      expect(changed.status).toBe(200);
    });

    it('need a session for every act that changes a team, and for the acceptance of an invitation', async () => {
      const { paths } = inlined((await app.http.get('/openapi/public.json')).body as OpenAPIObject);
      const operations = Object.values(paths).flatMap((item) =>
        [item.get, item.put, item.post, item.patch, item.delete].flatMap((one) => one ?? []),
      );
      const closed = operations.flatMap(({ operationId = '', tags, security = [] }) =>
        tags?.includes('Teams') && !security.some((one) => 'initData' in one) ? [operationId] : [],
      );

      expect(closed.toSorted()).toEqual([
        'acceptInvitation',
        'changeTeam',
        'createInvitation',
        'deleteTeam',
        'removeTeamMember',
        'revokeInvitation',
        'setTeamMemberRole',
        'transferTeam',
      ]);
    });
  });

  describe('at the check of the gateway', () => {
    const check = (credentials: Record<string, string>, query = '') =>
      app.gateway.get(`/v1/gateway/authorize${query}`).set(credentials);

    it('names the person, without a session', async () => {
      const person = aPerson();
      const credentials = credentialsOf(app.initDataOf(demo, person));
      const { userId } = (await app.http.get('/v1/me').set(credentials)).body as { userId: string };

      const [first, second] = [await check(credentials), await check(credentials)];

      expect(first.status).toBe(200);
      expect(first.headers).toMatchObject({
        'x-user-id': userId,
        'x-session-id': '',
        'x-application-id': demo.applicationId,
        'x-assurance': 'platform',
      });
      const claims = decodeJwt(first.headers['x-identity-token'] ?? '');
      expect(claims).toMatchObject({ sub: userId, client_id: demo.applicationId, acr: 'platform' });
      expect(claims).not.toHaveProperty('sid');
      expect(second.headers['x-identity-token']).toBe(first.headers['x-identity-token']);
    });

    it('mixes up neither proofs of one person nor people', async () => {
      const game = await app.createApplication({
        settings: { perRequestInitData: { accept: true } },
        bot: { signaturePolicy: 'optional' },
      });
      const person = aPerson();
      const acrOf = async (initData: string) => {
        const { headers } = await check(credentialsOf(initData, game.applicationId));
        return decodeJwt(headers['x-identity-token'] ?? '')['acr'];
      };
      // Made by who has the token of the bot alone.
      const forged = app.initDataOf(game, person, { omitSignature: true });
      const signed = app.initDataOf(game, person);

      expect([await acrOf(signed), await acrOf(forged), await acrOf(signed)]).toEqual([
        'platform',
        'bot-token',
        'platform',
      ]);
      expectProblem(
        await check(credentialsOf(forged, game.applicationId), '?assurance=platform'),
        403,
        'gateway.assurance_too_low',
      );
    });

    it('gives no token that outlives the init data', async () => {
      const credentials = credentialsOf(app.initDataOf(demo));
      const made = Math.floor(app.clock.now().getTime() / 1_000);
      app.clock.advance(590);

      const { headers } = await check(credentials);
      expect(decodeJwt(headers['x-identity-token'] ?? '').exp).toBeLessThanOrEqual(made + 600);
      app.clock.advance(11);
      expectProblem(await check(credentials), 401, 'init_data.auth_date_expired');
    });

    it('is refused after "end all sessions", and with the header twice', async () => {
      const person = aPerson();
      const credentials = credentialsOf(app.initDataOf(demo, person));
      const { accessToken } = await app.signIn(demo, person);
      expect((await check(credentials)).status).toBe(200);
      app.clock.advance(1);
      await app.http.delete('/v1/me/sessions?all=true').set('authorization', `Bearer ${accessToken}`);

      expectProblem(await check(credentials), 401, 'auth.proof_outdated');
      const twice = { ...credentials, 'sec-websocket-protocol': 'countersign.token.x' };
      expect((await check(twice)).status).toBeGreaterThanOrEqual(400);
    });
  });

  describe('whose signature was verified in this minute', () => {
    afterEach(() => jest.restoreAllMocks());

    it('is another one with one sign changed, and in another application', async () => {
      const initData = app.initDataOf(demo);
      const other = await app.createApplication({ settings: { perRequestInitData: { accept: true } } });
      await getMe(initData);

      expectProblem(await getMe(`${initData}0`), 401, 'init_data.hash_malformed');
      expectProblem(await getMe(initData, other.applicationId), 401, 'init_data.hash_mismatch');
    });

    it('is refused at once when its bot is disabled, or its age is over', async () => {
      const game = await app.createApplication({
        settings: { perRequestInitData: { accept: true }, initDataMaxAge: 60 },
      });
      const initData = app.initDataOf(game);
      app.clock.advance(30);
      expect((await getMe(initData, game.applicationId)).status).toBe(200);
      app.clock.advance(31);
      expectProblem(await getMe(initData, game.applicationId), 401, 'init_data.auth_date_expired');

      const fresh = app.initDataOf(game);
      expect((await getMe(fresh, game.applicationId)).status).toBe(200);
      const place = { provider: 'telegram', environment: 'production', botId: game.botId } as const;
      await app.bots.change(place, { status: 'disabled' });
      await app.catchUp();
      expectProblem(await getMe(fresh, game.applicationId), 403, 'bot.disabled');
    });
  });
});
