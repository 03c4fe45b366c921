import { generatePrivateKey } from 'viem/accounts';
import { aPerson, type Person } from '../factories';
import { aBoard, aScore, score } from '../support/boards';
import { linkedWallet } from '../support/metapro-people';
import { credentialsOf, expectRefused, MetaproClient, type MetaproLogin } from '../support/metapro-client';
import { aConfidentialApplication } from '../support/oauth';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, signInByWallet } from '../support/wallets';

const app = useTestApp();
const project = useApplication(app, {
  origins: [SITE],
  settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
});
const client = new MetaproClient(app);

const logIn = (person?: Person) => client.logIn(project, person);

let names = 0;
const aName = (): string => `ada_${process.pid}_${(names += 1)}`;

/** Somebody with a public username, whose e-mail address is public too. */
async function aPublicPerson() {
  const person = aPerson();
  const login = await logIn(person);
  const username = aName();
  const { accessToken } = await app.signIn(project, person);
  const changed = await app.http
    .patch('/v1/me/profile')
    .set('authorization', `Bearer ${accessToken}`)
    .send({
      ...{ username, biography: 'Computes.', email: 'ada@example.com' },
      visibility: { username: 'public', biography: 'public', email: 'public' },
    });
  expect(changed.status).toBe(200);
  return { ...login, username, person };
}

describe('PATCH /update', () => {
  it('replaces the details as a whole, and an empty value removes', async () => {
    const who = credentialsOf(await logIn());
    const username = aName();
    const personalDetails = { username, bio: 'Computes.', firstName: 'Ada', country: 'GB' };

    const first = await client.update(who, {
      personalDetails,
      socialMedia: [{ name: 'Blog', value: 'https://example.com/ada' }],
    });
    expect(first.body).toMatchObject({
      personalDetails,
      socialMedia: [{ name: 'Blog', value: 'https://example.com/ada' }],
    });

    const second = await client.update(who, { personalDetails: { username, bio: '', firstName: 'Augusta' } });
    expect((second.body as MetaproLogin['account']).personalDetails).toEqual({
      username,
      firstName: 'Augusta',
    });
    expect((await client.me(who)).body).toEqual(second.body);
    expect((await client.update(who, { personalDetails: {}, socialMedia: [] })).body).toMatchObject({
      personalDetails: {},
      socialMedia: [],
    });
  });

  it('refuses a name that another person has, and one that is none', async () => {
    const { username } = await aPublicPerson();
    const who = credentialsOf(await logIn());
    const isFree = async (name: string) =>
      (await client.get(`/users-service/availability/${encodeURIComponent(name)}`, who)).body as unknown;

    expect(await isFree(username)).toEqual({ isAvailable: false });
    expect(await isFree(aName())).toEqual({ isAvailable: true });
    for (const name of ['a  b', username.toUpperCase(), username.replaceAll('_', '. ')])
      expect(await isFree(name)).toEqual({ isAvailable: false });
    expectRefused(await client.update(who, { personalDetails: { username } }), 409, 'profile.username_taken');
    expectRefused(await client.update(who, { personalDetails: { username: 'a' } }), 400, 'request.invalid');
  });

  it('removes nothing that a weaker session is not shown', async () => {
    const lenient = await app.createApplication({
      bot: { signaturePolicy: 'optional' },
      settings: { metapro: { enabled: true } },
    });
    const person = aPerson();
    const launch = async (omitSignature: boolean) =>
      credentialsOf(await client.logIn(lenient, person, { omitSignature }));
    const strong = await launch(false);
    const personalDetails = { username: aName(), bio: 'Computes.', firstName: 'Ada' };
    const socialMedia = [{ name: 'Blog', value: 'https://example.com/ada' }];
    expect((await client.update(strong, { personalDetails, socialMedia })).status).toBe(200);
    const { accessToken } = await app.signIn(lenient, person);
    await app.http
      .patch('/v1/me/profile')
      .set('authorization', `Bearer ${accessToken}`)
      .send({ visibility: { biography: 'public' } })
      .expect(200);

    const weak = await launch(true);
    const shown = { bio: 'Computes.' };
    expect((await client.me(weak)).body).toMatchObject({ personalDetails: shown, socialMedia: [] });
    const banner = 'https://example.com/banner.png';
    for (const details of [shown, { ...shown, banner }, shown]) {
      const { body } = await client.update(weak, { personalDetails: details, socialMedia: [] });
      expect((body as MetaproLogin['account']).personalDetails).toEqual(details);
    }
    expectRefused(await client.update(weak, { personalDetails: {} }), 403, 'auth.assurance_too_low');
    expect((await client.me(strong)).body).toMatchObject({ personalDetails, socialMedia });

    await app.changeSettings(lenient.applicationId, { metapro: { enabled: false } });
    app.clock.advance(31);
  });

  it('asks for a fresh proof of the person before a contact changes', async () => {
    const who = credentialsOf(await logIn());
    const personalDetails = { email: 'ada@example.com' };
    expect((await client.update(who, { personalDetails })).status).toBe(200);
    app.clock.advance(301);

    expectRefused(await client.update(who, { personalDetails: {} }), 403, 'account.step_up_required');
    expect((await client.update(who, { personalDetails: { ...personalDetails, bio: 'Hi' } })).status).toBe(
      200,
    );
  });
});

describe('PATCH /update of a person who came by a wallet', () => {
  const logInBy = async (key: `0x${string}`) => {
    const answer = await client.walletLogin(key, { projectId: project.applicationId, rulesChecked: true });
    expect(answer.status).toBe(200);
    return answer.body as MetaproLogin;
  };

  it('sets a name, and no contact', async () => {
    const key = generatePrivateKey();
    const first = await logInBy(key);
    const personalDetails = { username: aName(), bio: 'Computes.', firstName: 'Ada' };

    const changed = await client.update(credentialsOf(first), { personalDetails });

    expect(changed.body).toMatchObject({ userId: first.account.userId, personalDetails });
    const again = await logInBy(key);
    expect(again.account).toMatchObject({ userId: first.account.userId, personalDetails });
    const who = credentialsOf(again);
    const removed = await client.update(who, { personalDetails: { username: personalDetails.username } });
    expect((removed.body as MetaproLogin['account']).personalDetails).toEqual({
      username: personalDetails.username,
    });
    const contact = { personalDetails: { ...personalDetails, email: 'ada@example.com' } };
    expectRefused(await client.update(who, contact), 403, 'auth.assurance_too_low');
    const { username } = personalDetails;
    const other = credentialsOf(await logIn());
    expectRefused(
      await client.update(other, { personalDetails: { username } }),
      409,
      'profile.username_taken',
    );
  });

  it('changes nothing once the wallet has signed for this site, or belongs to a Telegram account', async () => {
    const [alone, linked] = [generatePrivateKey(), generatePrivateKey()];
    const before = credentialsOf(await logInBy(alone));
    expect((await signInByWallet(app, project, anEvmWallet('siwe', 'eip155:1', alone))).status).toBe(200);
    const person = aPerson();
    const owner = (await logIn(person)).account.userId;
    await linkedWallet(app, project, person, linked);

    for (const key of [alone, linked]) {
      const who = credentialsOf(await logInBy(key));
      const renaming = await client.update(who, { personalDetails: { username: aName() } });
      expectRefused(renaming, 403, 'auth.assurance_too_low');
    }
    expect(credentialsOf(await logInBy(linked)).userId).toBe(owner);
    expectRefused(await client.me(before), 401, 'metapro.token_invalid');
  });
});

describe('names and avatars where the project shows them', () => {
  it('are seen in this API as soon as they are set here, and nothing else is', async () => {
    const showing = await aConfidentialApplication(app, {
      settings: {
        profileNeeds: ['username', 'avatarUrl', 'biography'],
        metapro: { enabled: true, showsNames: true },
      },
    });
    const boardId = await aBoard(app, showing, { rule: 'sum' });
    const { applicationId: projectId } = showing;
    const login = await client.logIn(showing);
    const { userId } = login.account;
    const who = credentialsOf(login);
    const profile = `/users-service/profile/${userId}?projectId=${projectId}`;
    expectRefused(await client.get(profile), 404, 'metapro.user_not_found');

    // As the form of the sample allows them.
    const names = { username: `Augusta ${process.pid}. K.`, avatar: 'ipfs://bafybeigdyrzt/ada%20k.png' };
    const own = { ...names, bio: 'Computes.', email: 'ada@example.com', firstName: 'Ada' };
    expect((await client.update(who, { personalDetails: own })).status).toBe(200);

    expect((await client.get(profile)).body).toMatchObject({ userId });
    expect((await client.get(profile)).body).toHaveProperty('personalDetails', names);
    expect((await client.me(who)).body).toMatchObject({ personalDetails: own });
    const list = `/users-service/profiles?projectId=${projectId}&userIds=${userId}`;
    expect((await client.get(list)).body).toMatchObject({ results: [{ userId, personalDetails: names }] });
    const search = `/users-service/users-search/${encodeURIComponent(names.username)}?projectId=${projectId}`;
    expect((await client.get(search)).body).toMatchObject([{ userId, personalDetails: names }]);
    await score(app, showing, boardId, aScore({ userId }, 7));
    const ranks = await client.board(`score-total/leaderboard/${boardId}`);
    expect(ranks.body).toMatchObject([{ userId, position: 1 }]);
    // Not in other projects, nor after the project stops showing them.
    expectRefused(
      await client.get(`/users-service/profile/${userId}?projectId=${project.applicationId}`),
      404,
      'metapro.user_not_found',
    );
    await app.changeSettings(projectId, { metapro: { showsNames: false } });
    app.clock.advance(31);
    expectRefused(await client.get(profile), 404, 'metapro.user_not_found');
    await app.changeSettings(projectId, { metapro: { enabled: false } });
    app.clock.advance(31);
  });
});

describe('what others see of a person', () => {
  it('is what the person made public, by an allow-list', async () => {
    const { account, username } = await aPublicPerson();
    const expected = {
      id: account.userId,
      userId: account.userId,
      addresses: [],
      socialMedia: [],
      personalDetails: { username, bio: 'Computes.' },
    };

    expect((await client.get(`/users-service/profile/${account.userId}`)).body).toEqual(expected);
    expect((await client.get(`/users-service/users-search/${username}`)).body).toEqual([expected]);
    expect((await client.get(`/users-service/users-search/${username.slice(0, -1)}`)).body).toEqual([]);
    const listed = await client.get(
      `/users-service/profiles?userIds=${account.userId}&limit=99999&sort%5BcreatedAt%5D=desc`,
    );
    expect(listed.body).toEqual({ count: 1, results: [expected] });
  });

  it('is found by a wallet of theirs, which alone is shown', async () => {
    const { account, person } = await aPublicPerson();
    const wallet = await linkedWallet(app, project, person);
    const [, other] = [await linkedWallet(app, project, person), `0x${'12'.repeat(20)}`];

    const who = credentialsOf(await logIn());
    const path = `/users-service/profile/${wallet.toUpperCase().replace('0X', '0x')}`;

    const found = await client.get(path, who);
    expect(found.body).toMatchObject({ userId: account.userId, addresses: [{ wallet }] });
    const list = `/users-service/profiles?wallets=${wallet}&wallets=${other}`;
    const listed = await client.get(list, who);
    expect(listed.body).toMatchObject({ count: 1, results: [{ addresses: [{ wallet }] }] });
    const looked = await client.post(
      '/users-service/internal/users',
      { addresses: [{ wallet }, { wallet: other }] },
      who,
    );
    expect(looked.body).toMatchObject([{ userId: account.userId, addresses: [{ wallet }] }]);
    expectRefused(await client.get(`/users-service/profile/${other}`, who), 404, 'metapro.user_not_found');

    // Without a token nobody turns wallets into people.
    expectRefused(await client.get(path), 404, 'metapro.user_not_found');
    expect((await client.get(list)).body).toEqual({ count: 0, results: [] });
    expectRefused(await client.get(list, { ...who, accessToken: 'mp_x_y' }), 401, 'metapro.token_invalid');
  });

  it('is limited by the number of wallets that a person looks up', async () => {
    const who = credentialsOf(await logIn());
    const wallets = Array.from({ length: 20 }, (_, at) => `0x${String(at + 10).repeat(20)}`);
    const query = wallets.map((wallet) => `wallets=${wallet}`).join('&');
    for (let call = 0; call < 6; call += 1)
      expect((await client.get(`/users-service/profiles?${query}`, who)).status).toBe(200);

    const addresses = wallets.map((wallet) => ({ wallet }));
    const looked = await client.post('/users-service/internal/users', { addresses }, who);
    expectRefused(looked, 429, 'request.rate_limited');
    const more = await client.get(`/users-service/profiles?${query}&wallets=${wallets[0]}`, who);
    expectRefused(more, 400, 'request.invalid');
    app.clock.advance(61);
  });

  it('is nothing of a person who made nothing public, or does not use the project', async () => {
    const { account } = await logIn();
    expectRefused(
      await client.get(`/users-service/profile/${account.userId}`),
      404,
      'metapro.user_not_found',
    );

    const elsewhere = await app.createApplication();
    const { userId, accessToken } = await app.signIn(elsewhere);
    await app.http
      .patch('/v1/me/profile')
      .set('authorization', `Bearer ${accessToken}`)
      .send({ username: aName(), visibility: { username: 'public' } })
      .expect(200);
    expectRefused(await client.get(`/users-service/profile/${userId}`), 404, 'metapro.user_not_found');
  });
});

describe('the check of a wallet', () => {
  const none = { hasAccount: false, hasRulesChecked: false };
  const check = async (wallet: string, { applicationId }: Demo = project) =>
    (await client.get(`/users-service/v2/auth/web3/check/${wallet}?projectId=${applicationId}`))
      .body as unknown;

  it('says nothing of people who do not use the project, nor where wallets are not taken', async () => {
    const person = aPerson();
    const { account } = await logIn(person);
    const wallet = await linkedWallet(app, project, person);
    expect(await check(wallet)).toEqual({ hasAccount: true, hasRulesChecked: true });

    const wallets = { accept: true };
    const another = await app.createApplication({ settings: { metapro: { enabled: true }, wallets } });
    expect(await check(wallet, another)).toEqual(none);
    const closed = await app.createApplication({
      settings: { metapro: { enabled: true }, wallets: { accept: false } },
    });
    await app.signIn(closed, person);
    expect(await check(wallet, closed)).toEqual(none);
    for (const { applicationId } of [another, closed])
      await app.changeSettings(applicationId, { metapro: { enabled: false } });
    app.clock.advance(31);

    await app.accounts.setStatus(account.userId, 'deactivated');
    expect(await check(wallet)).toEqual(none);
  });
});
