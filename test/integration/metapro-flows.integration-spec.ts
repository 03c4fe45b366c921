import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type request from 'supertest';
import { aPerson } from '../factories';
import { credentialsOf, expectRefused, MetaproClient, type MetaproLogin } from '../support/metapro-client';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp();
const project = useApplication(app, {
  settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
});
const prefixes = ['/users-service', '/ms/users-service'];

function loginOf({ status, body }: request.Response): MetaproLogin {
  expect({ status, body: body as unknown }).toMatchObject({ status: 200 });
  return body as MetaproLogin;
}

const walletOf = (key: `0x${string}`): string => privateKeyToAccount(key).address.toLowerCase();

describe.each(prefixes)('the clients of Metapro under %s', (prefix) => {
  const client = new MetaproClient(app, prefix);

  it('log in with a wallet first: check, hash, signature, rules, login', async () => {
    const key = generatePrivateKey();
    const wallet = walletOf(key);
    const check = () =>
      client.get(`${prefix}/v2/auth/web3/check/${wallet}?projectId=${project.applicationId}`);
    expect((await check()).body).toEqual({ hasAccount: false, hasRulesChecked: false });
    expect((await client.get(`${prefix}/auth/check/wallet/${wallet}`)).body).toEqual({
      hasAccount: false,
      hasExternalAccount: false,
      rulesCheckbox: false,
    });

    const { applicationId: projectId } = project;
    expectRefused(await client.walletLogin(key, { projectId }), 403, 'metapro.rules_not_accepted');
    const login = loginOf(await client.walletLogin(key, { projectId, platformId: 'x', rulesChecked: true }));
    expect(login.account.addresses).toEqual([{ wallet }]);
    expect((await client.me(credentialsOf(login))).body).toEqual(login.account);

    expect((await check()).body).toEqual({ hasAccount: true, hasRulesChecked: true });
    const again = loginOf(await client.walletLogin(key, { projectId }));
    expect(again.account.userId).toBe(login.account.userId);
  });

  it('log in by the first version, which names no project', async () => {
    const key = generatePrivateKey();
    const hash = await client.hashFor(walletOf(key), '/auth/signature/hash');
    expect(hash).toMatch(/^[\w-]{50}$/);

    const login = loginOf(await client.walletLogin(key, {}, '/auth/login'));

    expect(login.account.addresses).toEqual([{ wallet: walletOf(key) }]);
  });
});

describe('a login by a signed hash', () => {
  const client = new MetaproClient(app);
  const path = '/users-service/auth/login';

  it('opens one session for a hash, however often and at once it is sent', async () => {
    const { headers, body } = await client.signed(generatePrivateKey());

    const answers = await Promise.all([1, 2, 3, 4].map(() => client.post(path, body, headers)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
    expectRefused(await client.post(path, body, headers), 401, 'auth.proof_used');
  });

  it('takes a hash for its wallet only, for five minutes', async () => {
    const [one, other] = [
      await client.signed(generatePrivateKey()),
      await client.signed(generatePrivateKey()),
    ];
    const crossed = { wallet: one.headers.wallet, hash: other.headers.hash };
    expectRefused(await client.post(path, one.body, crossed), 401, 'metapro.hash_invalid');
    expectRefused(await client.post(path, other.body, one.headers), 400, 'metapro.wallet_differs');
    const forged = { ...one.body, signature: other.body.signature };
    expectRefused(await client.post(path, forged, one.headers), 401, 'wallet.signature_invalid');

    app.clock.advance(301);
    expectRefused(await client.post(path, one.body, one.headers), 401, 'metapro.hash_expired');
  });

  it('is refused where the project does not take it, or no account has the wallet', async () => {
    const closed = await app.createApplication({
      settings: { metapro: { enabled: true }, wallets: { accept: false } },
    });
    const known = await app.createApplication({
      settings: { metapro: { enabled: true }, wallets: { accept: true } },
    });
    const key = generatePrivateKey();
    const at = (projectId: string) => client.walletLogin(key, { projectId, rulesChecked: true });

    expectRefused(await at(closed.applicationId), 403, 'wallet.not_accepted');
    expectRefused(await at(known.applicationId), 403, 'wallet.not_linked');
    app.clock.advance(31);
    expectRefused(await client.walletLogin(key, {}, '/auth/login'), 400, 'metapro.project_required');
    for (const { applicationId } of [closed, known])
      await app.changeSettings(applicationId, { metapro: { enabled: false } });
    app.clock.advance(31);
  });
});

describe('the Mini App of Metapro', () => {
  it('connects no wallet to a session of a wallet, which proves too little', async () => {
    const client = new MetaproClient(app);
    const login = loginOf(await client.walletLogin(generatePrivateKey(), { rulesChecked: true }));
    const who = credentialsOf(login);
    const { headers, body } = await client.signed(generatePrivateKey());
    const path = '/users-service/v2/auth/web3/new-address';
    expectRefused(await client.post(path, body, { ...headers, ...who }), 403, 'auth.assurance_too_low');
  });

  it('logs in, polls beyond the idle time, and reads its person', async () => {
    const client = new MetaproClient(app, '/ms/users-service');
    const person = aPerson();
    const login = loginOf(
      await client.telegramLogin({
        projectId: project.applicationId,
        platformId: 'platform',
        telegramBotName: 'test_bot',
        telegramSimpleString: app.initDataOf(project, person),
        telegramSimpleData: { id: person.id, first_name: 'x', last_name: '', username: '' },
      }),
    );

    for (let poll = 0; poll < 6; poll += 1) {
      app.clock.advance(240);
      expect((await client.me(credentialsOf(login))).status).toBe(200);
    }

    const { headers, body } = await client.signed(generatePrivateKey());
    const path = '/ms/users-service/v2/auth/web3/new-address';
    const added = await client.post(path, { ...body, merge: true }, { ...headers, ...credentialsOf(login) });
    expect({ status: added.status, body: added.body as unknown }).toMatchObject({
      status: 200,
      body: { userId: login.account.userId, addresses: [{ wallet: body.wallet }] },
    });
    expect((await client.me(credentialsOf(login))).body).toEqual(added.body);
    // No chain is configured: that nothing is known is not said to be nothing.
    const unread = (chainId: string) => ({ count: 0, results: [], incompleteChains: [chainId] });
    const session = credentialsOf(login);
    expect((await client.nfts(body.wallet, session)).body).toEqual(unread('eip155:1'));
    const ofPolygon = await client.nftEvents(body.wallet, session, 'network=polygon');
    expect(ofPolygon.body).toEqual(unread('eip155:137'));
    // Used up, and no way in.
    const who = { ...headers, ...credentialsOf(login) };
    expectRefused(await client.post(path, body, who), 401, 'auth.proof_used');
    expectRefused(await client.post('/users-service/auth/login', body, headers), 401, 'auth.proof_used');
    expectRefused(await client.get(`/users-service/profile/${body.wallet}`), 404, 'metapro.user_not_found');
  });

  it('shows no wallet that a person wrote into their preferences', async () => {
    const client = new MetaproClient(app);
    const person = aPerson();
    const login = await client.logIn(project, person);
    const { accessToken } = await app.signIn(project, person);
    const claimed = { wallet: walletOf(generatePrivateKey()), mac: 'x'.repeat(43) };
    await app.http
      .patch('/v1/me/profile')
      .set('authorization', `Bearer ${accessToken}`)
      .send({ preferences: { metapro: { wallets: [claimed, 'x', null, {}] } } })
      .expect(200);
    expect((await client.me(credentialsOf(login))).body).toMatchObject({ addresses: [] });
  });
});

describe('referrals', () => {
  const client = new MetaproClient(app);

  it('have one code for a person, made once, which binds who comes by it', async () => {
    const levels = [0.1, 0.05];
    const wallets = { createsAccounts: true };
    const settings = { metapro: { enabled: true }, wallets, referrals: { mode: 'optional', levels } };
    const game = await app.createApplication({ settings });
    const projectId = game.applicationId;
    expect((await client.get(`/ms/referrals/referral-settings/${projectId}`)).body).toEqual({
      referralSettingsId: projectId,
      projectId,
      referralCodeStatus: 'optional',
      referralLevelsConfiguration: { 1: 0.1, 2: 0.05 },
    });
    const person = aPerson();
    const inviter = await launch(projectId, app.initDataOf(game, person));
    const who = credentialsOf(inviter);
    const path = `/ms/referrals/users/projects/${projectId}/referral-code`;
    expect((await client.get(path, who)).body).toEqual({ referralCode: '' });
    const made = await client.post('/ms/referrals/users/projects/referral-code', { projectId }, who);
    const { referralCode } = made.body as { readonly referralCode: string };
    expect(referralCode).toMatch(/^r_[a-z0-9]{12}$/);
    expect((await client.get(path, who)).body).toEqual({ referralCode });
    const again = await client.post('/ms/referrals/users/projects/referral-code', { projectId }, who);
    expectRefused(again, 409, 'metapro.referral_code_exists');
    expectRefused(
      await client.get(path.replace(projectId, project.applicationId), who),
      404,
      'metapro.project_not_found',
    );

    await launch(projectId, app.initDataOf(game, aPerson(), { startParam: referralCode }));
    // What a page says of itself counts for nothing where the platform signs.
    await launch(projectId, app.initDataOf(game, aPerson()), { referralCode });
    loginOf(await client.walletLogin(generatePrivateKey(), { projectId, rulesChecked: true, referralCode }));
    const native = await app.signIn(game, person);
    const counted = await app.http
      .get('/v1/me/referrals')
      .set('authorization', `Bearer ${native.accessToken}`);
    expect(counted.body).toMatchObject({ total: 2 });
  });

  async function launch(
    projectId: string,
    telegramSimpleString: string,
    more: object = {},
  ): Promise<MetaproLogin> {
    const body = { projectId, telegramBotName: 'test_bot', telegramSimpleString, ...more };
    return loginOf(await client.telegramLogin(body));
  }
});
