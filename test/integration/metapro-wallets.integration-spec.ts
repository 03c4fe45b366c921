import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/runtime';
import { aPerson, type Person } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp, linkWallet, sendConnection, walletSession, walletsOf } from '../support/linked-wallets';
import { linkedWallet } from '../support/metapro-people';
import {
  credentialsOf,
  expectRefused,
  MetaproClient,
  type Credentials,
  type MetaproLogin,
} from '../support/metapro-client';
import { signInPerson } from '../support/person-session';
import { launchedToJoin, withGrant } from '../support/relaunch';
import { eventsOf, subscribe } from '../support/told-events';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, signInByWallet, SITE } from '../support/wallets';

const app = useTestApp();
const project = useApplication(app, {
  origins: [SITE],
  settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
});
const client = new MetaproClient(app);

async function logIn(person: Person): Promise<Credentials & { readonly userId: string }> {
  const login = await client.logIn(project, person);
  return { ...credentialsOf(login), userId: login.account.userId };
}

const walletOf = (key: `0x${string}`): string => privateKeyToAccount(key).address.toLowerCase();

async function addressesOf(who: Credentials): Promise<readonly string[]> {
  const { status, body } = await client.me(who);
  expect(status).toBe(200);
  return (body as MetaproLogin['account']).addresses.map(({ wallet }) => wallet);
}

interface Refusal {
  readonly message: string;
  readonly messages: readonly string[];
  readonly joinLink?: string;
  readonly joinNumber?: string;
}

describe('a wallet account that comes first', () => {
  /** Founded by its wallet, with a person who signs in by Telegram later and asks for the wallet. */
  async function asked() {
    const key = generatePrivateKey();
    const projectId = project.applicationId;
    const login = (await client.walletLogin(key, { projectId, rulesChecked: true })).body as MetaproLogin;
    const person = aPerson();
    const who = await logIn(person);
    const answer = await client.newAddress(who, key, { merge: true });
    expectRefused(answer, 409, 'metapro.wallet_of_another');
    const { joinLink = '', joinNumber = '', message } = answer.body as Refusal;
    expect(message).toContain(`${joinLink} in the browser of the wallet, and type ${joinNumber}`);
    const code = new URL(joinLink).pathname.split('/').pop() ?? '';
    return { key, person, who, first: login.account.userId, code, number: Number(joinNumber), joinLink };
  }

  /** As the page of the link does. */
  async function accept(code: string, number: number, key: `0x${string}`) {
    const { address, signMessage } = privateKeyToAccount(key);
    const asks = await app.http.post(`/v1/wallet-joins/${code}/challenges`).send({ address });
    const { challengeId, message } = asks.body as { readonly challengeId: string; readonly message?: string };
    const signature = await signMessage({ message: message ?? '' });
    const answer = await app.http
      .post(`/v1/wallet-joins/${code}/accept`)
      .send({ challengeId, signature, number });
    return { answer, message };
  }

  it('joins the one that asks by a message of its wallet that names the act, on a page of the link', async () => {
    const { key, person, who, first, code, number, joinLink } = await asked();
    const page = await app.http.get(new URL(joinLink).pathname);
    expect(page.headers['content-security-policy']).toMatch(/script-src 'sha256-/);
    expect(page.text).toContain('personal_sign');
    expect((await app.http.get(`/v1/wallet-joins/${code}`)).body).toMatchObject({ displayName: null });

    const { answer, message } = await accept(code, number, key);

    expect(message).toContain('Merge the account of this wallet into the account that is signed in.');
    expect(message?.split(' ')[0]).toBe(new URL(joinLink).host);
    expect({ status: answer.status, body: answer.body as unknown }).toEqual({
      status: 200,
      body: { userId: who.userId, mergedUserId: first },
    });
    expect(await addressesOf(await logIn(person))).toEqual([walletOf(key)]);
    const login = await client.walletLogin(key, { projectId: project.applicationId, rulesChecked: true });
    expect((login.body as MetaproLogin).account.userId).toBe(who.userId);
    const renaming = { personalDetails: { username: 'thief_of_names' } };
    expectRefused(
      await client.update(credentialsOf(login.body as MetaproLogin), renaming),
      403,
      'auth.assurance_too_low',
    );
    expectProblem((await accept(code, number, key)).answer, 400, 'request.invalid');
  });

  it('gives a thief of the token no more than reading and playing by a wallet of the thief', async () => {
    const { key, who, code, number } = await asked();
    expect((await accept(code, number, key)).answer.status).toBe(200);

    const signedIn = await signInByWallet(app, project, anEvmWallet('siwe', 'eip155:1', key));

    expect(signedIn.body).toMatchObject({ userId: who.userId, assurance: 'vendor' });
    const { accessToken } = signedIn.body as { readonly accessToken: string };
    const plan = await app.http.get('/v1/me/export').set('authorization', `Bearer ${accessToken}`);
    expectProblem(plan, 403, 'auth.assurance_too_low');
  });

  it('is joined by its own wallet and the number alone, and never by the fixed message', async () => {
    const { key, first, code, number } = await asked();
    const wrong = number === 10 ? 11 : 10;

    expectProblem((await accept(code, number, generatePrivateKey())).answer, 404, 'account.nothing_to_merge');
    for (let attempt = 0; attempt < 3; attempt += 1)
      expectProblem((await accept(code, wrong, key)).answer, 403, 'account.join_number_wrong');
    const challenges = await app.http
      .post(`/v1/wallet-joins/${code}/challenges`)
      .send({ address: walletOf(key) });
    expectProblem(challenges, 404, 'account.join_not_found');
    const login = await client.walletLogin(key, { projectId: project.applicationId, rulesChecked: true });
    expect((login.body as MetaproLogin).account.userId).toBe(first);
  });

  it('has no link where its person has another way to sign in, and ten in an hour', async () => {
    const { key, who } = await asked();
    for (let call = 1; call < 10; call += 1)
      expectRefused(await client.newAddress(who, key, { merge: true }), 409, 'metapro.wallet_of_another');
    expectRefused(await client.newAddress(who, key, { merge: true }), 429, 'request.rate_limited');
    const linked = generatePrivateKey();
    await linkedWallet(app, project, aPerson(), linked);

    const answer = await client.newAddress(await logIn(aPerson()), linked, { merge: true });

    expectRefused(answer, 409, 'metapro.wallet_of_another');
    expect(answer.body).not.toHaveProperty('joinLink');
  });

  it('is joined by no session that accepts the code natively, and has no link for a weak one', async () => {
    const { code, number } = await asked();
    const answering = await launchedToJoin(app, project, aPerson(), code);
    const answer = await withGrant(answering.post(`/v1/joins/${code}/accept`, { number }), answering.grant);
    expectProblem(answer, 403, 'auth.assurance_too_low');
    const [weak, key, own] = [generatePrivateKey(), generatePrivateKey(), generatePrivateKey()];
    const projectId = project.applicationId;
    const logins = [weak, key].map((one) => client.walletLogin(one, { projectId, rulesChecked: true }));
    const [login] = await Promise.all(logins);
    const session = credentialsOf(login?.body as MetaproLogin);
    expectRefused(await client.newAddress(session, key, { merge: true }), 403, 'auth.assurance_too_low');

    // A thief of the token, later, with a wallet of the thief.
    const who = await logIn(aPerson());
    await client.walletLogin(own, { projectId, rulesChecked: true });
    app.clock.advance(301);
    expectRefused(await client.newAddress(who, own, { merge: true }), 401, 'auth.proof_not_fresh');
  });
});

describe('a wallet that was connected', () => {
  const logInBy = (key: `0x${string}`, projectId = project.applicationId) =>
    client.walletLogin(key, { projectId, rulesChecked: true });
  const checkOf = async (key: `0x${string}`) => {
    const path = `/users-service/v2/auth/web3/check/${walletOf(key)}?projectId=${project.applicationId}`;
    return (await client.get(path)).body as unknown;
  };

  async function connectedBy(person = aPerson()) {
    const who = await logIn(person);
    const key = generatePrivateKey();
    expect((await client.newAddress(who, key)).status).toBe(200);
    return { person, who, key };
  }

  it('signs in to the account that has connected it, which reads and plays and reaches nothing else', async () => {
    const { person, who, key } = await connectedBy();
    expect(await checkOf(key)).toMatchObject({ hasAccount: true, hasRulesChecked: true });

    const answer = await logInBy(key);

    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
    const login = answer.body as MetaproLogin;
    expect(login.account.userId).toBe(who.userId);
    expect(login.account.addresses).toEqual([{ wallet: walletOf(key) }]);
    const session = credentialsOf(login);
    expect((await client.me(session)).body).toMatchObject({ userId: who.userId });
    // Weak: a page may have had the message signed.
    expect((await client.newAddress(session, generatePrivateKey())).status).toBe(403);
    expect((await client.update(session, { personalDetails: { bio: 'Mine.' } })).status).toBe(403);
    for (const path of ['/v1/me', '/v1/wallets'])
      expect((await app.http.get(path).set({ authorization: session.accessToken ?? '' })).status).toBe(401);
    // No chain of the test has a node: the wallet is known, though.
    for (const read of [client.nfts(walletOf(key), session), client.nfts(walletOf(key), who)])
      expect((await read).body).not.toMatchObject({ code: 'wallet.not_found' });
    expect(await addressesOf(await logIn(person))).toEqual([walletOf(key)]);
  });

  beforeAll(() => subscribe(app.database));

  it('signs in to no account where several have connected it, until one links it natively', async () => {
    const { person, who, key } = await connectedBy();
    const other = await logIn(aPerson());
    expect((await client.newAddress(other, key)).status).toBe(200);

    expectRefused(await logInBy(key), 409, 'metapro.wallet_of_several');
    expect(await checkOf(key)).toMatchObject({ hasAccount: false });
    // Who has connected it hears of the other, who may have its signature from a page.
    const heard = (await eventsOf(app.database)).filter(({ subject }) => subject === who.userId);
    expect(heard.slice(-1)).toMatchObject([{ type: 'wallet.changed', data: { canSignIn: false } }]);

    await linkedWallet(app, project, person, key);
    expect(((await logInBy(key)).body as MetaproLogin).account.userId).toBe(who.userId);
    expect(await addressesOf(other)).toEqual([]);
    expectRefused(await client.newAddress(other, key), 409, 'metapro.wallet_of_another');
  });

  it('founds one account at most, while it is connected at the same time', async () => {
    for (let round = 0; round < 4; round += 1) {
      const who = await logIn(aPerson());
      const key = generatePrivateKey();
      const [connected, ...logins] = await Promise.all([
        client.newAddress(who, key),
        logInBy(key),
        logInBy(key),
        logInBy(key),
      ]);
      const last = await logInBy(key);
      expect(last.status).toBe(200);
      const { userId } = (last.body as MetaproLogin).account;
      for (const { status, body } of logins) {
        expect(status).toBeLessThan(500);
        if (status === 200) expect((body as MetaproLogin).account.userId).toBe(userId);
      }
      // Connected first: it signs in to that account. Founded first: the wallet is of another account.
      expect(connected.status === 200 ? userId === who.userId : connected.status === 409).toBe(true);
    }
  });

  it('signs in to one account at most where several connect it at once, and founds none then', async () => {
    const people = await Promise.all([aPerson(), aPerson(), aPerson()].map(logIn));
    const key = generatePrivateKey();

    const answers = await Promise.all([
      ...people.map((who) => client.newAddress(who, key)),
      client.newAddress(people[0] ?? {}, key),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expectRefused(await logInBy(key), 409, 'metapro.wallet_of_several');
    for (const who of people) expect(await addressesOf(who)).toEqual([walletOf(key)]);
  });

  it('gives a thief who has its signature the account of the thief, until its person links it', async () => {
    const { who: thief, key } = await connectedBy();
    const owner = await aSteppedUp(app, project);
    // The person is led into the account of the thief, as by a login that a page forges.
    expect(((await logInBy(key)).body as MetaproLogin).account.userId).toBe(thief.userId);

    await linkWallet(owner, anEvmWallet('siwe', 'eip155:1', key));

    expect(((await logInBy(key)).body as MetaproLogin).account.userId).toBe(owner.userId);
    expect(await addressesOf(thief)).toEqual([]);
    expectRefused(await client.newAddress(thief, key), 409, 'metapro.wallet_of_another');
  });

  it('signs in to the account that links it while logins and connections are on their way', async () => {
    const { who, key } = await connectedBy();
    const [owner, other] = [await aSteppedUp(app, project), await logIn(aPerson())];

    const answers = await Promise.all([
      logInBy(key),
      linkWallet(owner, anEvmWallet('siwe', 'eip155:1', key)),
      client.newAddress(other, key),
      logInBy(key),
    ]);

    for (const answer of answers) if ('status' in answer) expect([200, 403, 409]).toContain(answer.status);
    expect(((await logInBy(key)).body as MetaproLogin).account.userId).toBe(owner.userId);
    expect((await client.me(who)).status).toBe(200);
  });

  it('signs in in each project that has connected it, and in no other one', async () => {
    const { person, who, key } = await connectedBy();
    const settings = { metapro: { enabled: true }, wallets: { createsAccounts: true } };
    const another = await app.createApplication({ settings });
    const { applicationId: projectId } = another;
    expectRefused(await logInBy(key, projectId), 409, 'metapro.wallet_of_other_project');
    const there = credentialsOf(await client.logIn(another, person));
    expectRefused(await logInBy(key, projectId), 409, 'metapro.wallet_of_other_project');
    expect(await addressesOf(there)).toEqual([]);

    expect((await client.newAddress(there, key)).status).toBe(200);
    // Natively, to show: takes nothing away.
    await sendConnection(await signInPerson(app, project, person), anEvmWallet('siwe', 'eip155:1', key));

    for (const id of [projectId, project.applicationId])
      expect(((await logInBy(key, id)).body as MetaproLogin).account.userId).toBe(who.userId);
  });

  it('signs in in the projects of both accounts after these are merged', async () => {
    const { person, who, key } = await connectedBy();
    const another = await app.createApplication({ settings: { metapro: { enabled: true } } });
    const added = aPerson();
    const there = credentialsOf(await client.logIn(another, added));
    expect((await client.newAddress(there, key)).status).toBe(200);

    await mergeAccounts(
      app,
      project,
      await signInPerson(app, project, person),
      await signInPerson(app, project, added),
    );

    for (const id of [another.applicationId, project.applicationId])
      expect(((await logInBy(key, id)).body as MetaproLogin).account.userId).toBe(who.userId);
  });

  it('signs in to the account that connected it natively in the project, and shows there', async () => {
    const person = aPerson();
    const session = await signInPerson(app, project, person);
    const key = generatePrivateKey();
    await sendConnection(session, anEvmWallet('siwe', 'eip155:1', key));

    const answer = await logInBy(key);

    expect((answer.body as MetaproLogin).account).toMatchObject({
      userId: session.userId,
      addresses: [{ wallet: walletOf(key) }],
    });
    expect(await checkOf(key)).toMatchObject({ hasAccount: true, hasRulesChecked: true });
    const weak = credentialsOf(answer.body as MetaproLogin);
    const who = await logIn(person);
    expect(await addressesOf(who)).toEqual([walletOf(key)]);
    for (const read of [client.nfts(walletOf(key), weak), client.nftEvents(walletOf(key), who)])
      expect((await read).body).toMatchObject({ count: 0, incompleteChains: ['eip155:1'] });
    // A page may have passed the signature on.
    expectRefused(await client.newAddress(weak, generatePrivateKey()), 403, 'auth.assurance_too_low');
    const renaming = client.update(weak, { personalDetails: { username: 'thief_of_names' } });
    expectRefused(await renaming, 403, 'auth.assurance_too_low');
    for (const path of ['/v1/me', '/v1/wallets', '/v1/me/export'])
      expect((await app.http.get(path).set({ authorization: weak.accessToken ?? '' })).status).toBe(401);
  });

  it('signs in to no account that connected it natively in another project, or beside another one', async () => {
    const settings = { metapro: { enabled: true }, wallets: { createsAccounts: true } };
    const another = await app.createApplication({ origins: [SITE], settings });
    const [key, person] = [generatePrivateKey(), aPerson()];
    await sendConnection(await signInPerson(app, another, person), anEvmWallet('siwe', 'eip155:1', key));

    expectRefused(await logInBy(key), 409, 'metapro.wallet_of_other_project');
    expect(await checkOf(key)).toMatchObject({ hasAccount: false });
    expect(await addressesOf(await logIn(person))).toEqual([]);

    await sendConnection(await signInPerson(app, project), anEvmWallet('siwe', 'eip155:1', key));
    for (const id of [another.applicationId, project.applicationId])
      expectRefused(await logInBy(key, id), 409, 'metapro.wallet_of_several');
    await app.changeSettings(another.applicationId, { metapro: { enabled: false } });
    expectRefused(await logInBy(key, another.applicationId), 404, 'metapro.project_not_found');
  });

  it('signs in to an account without Telegram, by the wallet that founded it', async () => {
    const first = anEvmWallet('siwe', 'eip155:1', generatePrivateKey());
    const session = await walletSession(app, project, first);
    const key = generatePrivateKey();
    expect((await sendConnection(session, anEvmWallet('siwe', 'eip155:1', key))).status).toBe(201);

    for (let time = 0; time < 2; time += 1) {
      const { account } = (await logInBy(key)).body as MetaproLogin;
      expect(account).toMatchObject({ userId: session.userId });
    }
    expect((await signInByWallet(app, project, first)).body).toMatchObject({ userId: session.userId });
  });

  it('signs in to no account that is to be erased, and founds one when it is gone', async () => {
    const { person, who, key } = await connectedBy();
    const session = await aSteppedUp(app, project, person);
    expect(await walletsOf(session)).toMatchObject([{ kind: 'connected', canSignIn: false }]);
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    expectRefused(await logInBy(key), 403, 'user.erasure_pending');

    app.clock.advance((8 * DAY) / 1_000);
    await app.nest.get(ErasureCompletion).run();

    expect(((await logInBy(key)).body as MetaproLogin).account.userId).not.toBe(who.userId);
  });
});
