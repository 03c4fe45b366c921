import { isAddress } from 'viem';
import { aPerson, times, type Person } from '../factories';
import { embed, environmentOf, useCustody } from '../support/embedded-wallets';
import { signInPerson } from '../support/person-session';
import { loginOf } from '../support/proofs';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import {
  aXellarApplication,
  claimsOf,
  dataOf,
  expectXellarError,
  XellarClient,
} from '../support/xellar-client';

const DAY = 86_400;
const HELLO = { message: 'Hello', network: 'ethereum' };

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const demo = useFixture(() => aXellarApplication(app));
const other = useFixture(() => aXellarApplication(app));
const alone = useFixture(() => aXellarApplication(app, { embeddedWallets: { enabled: false, acts: [] } }));

const client = (version: 'v1' | 'v2' = 'v2') => new XellarClient(app, demo, version);

describe('account/create', () => {
  it('makes the wallet once, and answers it in the form of each version', async () => {
    const { accessToken } = await client().loggedIn();
    const create = (version: 'v1' | 'v2', body: object) =>
      client(version).post('account/create', body, accessToken);

    const answers = await Promise.all(times(5, () => create('v2', { isCustodian: true })));
    const [first] = answers.map((answer) => dataOf(answer));
    expect(new Set(answers.map((answer) => JSON.stringify(dataOf(answer).address))).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ status: 200, message: 'Create wallet successfully' });
    expect(Object.keys(first ?? {})).toEqual(['walletToken', 'refreshToken', 'address']);
    const [shown] = first?.address as readonly { network: string; address: string }[];
    expect(shown?.network).toBe('evm');
    expect(isAddress(shown?.address ?? '')).toBe(true);
    expect(dataOf(await create('v1', {}))).toEqual({
      walletToken: expect.any(String) as string,
      address: shown?.address,
    });
  });

  it('is refused without an access token', async () => {
    const { walletToken } = await client().withWallet();
    const { accessToken } = await client().loggedIn();
    for (const token of [undefined, walletToken, `${accessToken ?? ''}x`, 'junk', app.keys.slice(0, 20)])
      expectXellarError(await client().post('account/create', {}, token), 401, 'xellar.token_invalid');
    expectXellarError(
      await client().post('account/create', { expireDate: '2020-01-01' }, accessToken),
      400,
      'xellar.expire_date_invalid',
    );
    for (const body of [[], { expireDate: 1 }, { expireDate: { a: 1 } }])
      expectXellarError(await client().post('account/create', body, accessToken), 400, 'request.invalid');
    app.clock.advance(901);
    expectXellarError(await client().post('account/create', {}, accessToken), 401, 'xellar.token_invalid');
  });

  it('answers the wallet of the person that another application made', async () => {
    const person = aPerson();
    const { accessToken } = await client().loggedIn(person);
    const { address } = await embed(await signInPerson(app, other, person));

    const made = dataOf(await client().post('account/create', {}, accessToken));

    expect(made.address).toEqual([{ network: 'evm', address }]);
  });
});

describe('a login that each holder of the token of the bot can make', () => {
  const xellar = () => new XellarClient(app, alone);
  const byWidget = async (person: Person) =>
    dataOf(await xellar().login({ data: loginOf(app, alone, person) }));
  const sign = (token?: string) => xellar().post('wallet/sign-message', HELLO, token);

  it('makes and opens a wallet of its own, which needs no other setting', async () => {
    const person = aPerson();
    const { accessToken } = await byWidget(person);
    const made = dataOf(await xellar().post('account/create', {}, accessToken));
    expect((await sign(made.walletToken)).status).toBe(200);

    app.clock.advance(1);
    const again = await byWidget(person);
    expect(again).toMatchObject({ isWalletCreated: true, addresses: made.address });
    expect((await sign(again.walletToken)).status).toBe(200);
    const rows = await app.database.query(
      `SELECT assurance, e.application_id AS "applicationId", is_primary AS "isPrimary"
       FROM embedded_wallets AS e JOIN wallets ON id = wallet_id WHERE created_for = $1`,
      [claimsOf(again.walletToken)['uid']],
    );
    expect(rows).toEqual([{ assurance: 'bot-token', applicationId: alone.applicationId, isPrimary: false }]);
  });

  it('opens no wallet that init data with the signature of Telegram made', async () => {
    const person = aPerson();
    const strong = await xellar().withWallet(person);
    const thief = await byWidget(person);
    expect(thief).toEqual({ accessToken: expect.any(String) as string, isWalletCreated: false });
    const own = dataOf(await xellar().post('account/create', {}, thief.accessToken));

    expect(own.address).not.toEqual(strong.address);
    expect(await xellar().loggedIn(person)).toMatchObject({ addresses: strong.address });
    const native = await signInPerson(app, alone, person);
    const [first] = (
      (await native.get('/v1/wallets')).body as { items: { address: string; isPrimary: boolean }[] }
    ).items;
    expect(first).toMatchObject({ address: strong.address[0]?.address ?? '', isPrimary: true });
  });

  it('opens no wallet of its kind in another application', async () => {
    const person = aPerson();
    const { accessToken } = await byWidget(person);
    const { address } = dataOf(await xellar().post('account/create', {}, accessToken));
    const elsewhere = new XellarClient(app, demo);
    const login = dataOf(await elsewhere.login({ data: loginOf(app, demo, person) }));
    expect(login.isWalletCreated).toBe(false);
    const other = dataOf(await elsewhere.post('account/create', {}, login.accessToken));
    expect(other.address).not.toEqual(address);
  });
});

describe('wallet/address', () => {
  it('uses the token up, by GET, by POST, and as the SDK sends it', async () => {
    const made = await client().withWallet();
    const { address } = made;
    const bare = address[0]?.address;
    const first = await client().get('wallet/address', made.walletToken);
    expect(first.body).toEqual({
      status: 200,
      message: 'Get Address executed successfully',
      data: { address },
    });
    expectXellarError(await client().get('wallet/address', made.walletToken), 401, 'xellar.token_used');

    const next = await client().refreshed(made.refreshToken);
    expect(dataOf(await client('v1').post('wallet/address', {}, next.walletToken))).toEqual({
      address: bare,
    });
    const quirk = await client().refreshed(next.refreshToken);
    const inBody = { headers: { Authorization: `Bearer ${quirk.walletToken}` } };
    expect(dataOf(await client().post('wallet/address', inBody))).toEqual({ address });
    expectXellarError(await client().post('wallet/address', inBody), 401, 'xellar.token_used');
    for (const body of [{}, { headers: null }, { headers: { Authorization: [] } }, { headers: 'Bearer x' }])
      expectXellarError(await client().post('wallet/address', body), 401, 'xellar.token_invalid');
  });
});

describe('wallet/refresh', () => {
  it('rotates for seven days without use, and gives parallel calls one pair', async () => {
    const { refreshToken } = await client().withWallet();
    const pairs = await Promise.all(times(10, () => client().refreshed(refreshToken)));
    expect(new Set(pairs.map(({ walletToken }) => walletToken)).size).toBe(10);
    for (const { walletToken } of pairs)
      expect((await client().get('wallet/address', walletToken)).status).toBe(200);

    app.clock.advance(7 * DAY - 60);
    const later = await client().refreshed(pairs[0]?.refreshToken ?? '');
    app.clock.advance(7 * DAY - 60);
    const last = await client().refreshed(later.refreshToken);
    app.clock.advance(7 * DAY + 60);
    expectXellarError(
      await client().post('wallet/refresh', { refreshToken: last.refreshToken }),
      401,
      'session.expired',
    );
  });

  it('gives the same pair again later where its answer was lost', async () => {
    const { refreshToken, walletToken } = await client().withWallet();
    await client().refreshed(refreshToken);
    // A token of the pair before: it says nothing of the lost one.
    expect((await client().get('wallet/address', walletToken)).status).toBe(200);
    app.clock.advance(11);

    const again = await client().refreshed(refreshToken);

    expect((await client().get('wallet/address', again.walletToken)).status).toBe(200);
    expect((await client().post('wallet/refresh', { refreshToken: again.refreshToken })).status).toBe(200);
  });

  it('ends the session when a used token comes back after a call by the next pair', async () => {
    const { refreshToken } = await client().withWallet();
    const next = await client().refreshed(refreshToken);
    expect((await client().get('wallet/address', next.walletToken)).status).toBe(200);
    app.clock.advance(11);
    expectXellarError(await client().post('wallet/refresh', { refreshToken }), 401, 'session.refresh_reused');
    expectXellarError(
      await client().post('wallet/refresh', { refreshToken: next.refreshToken }),
      401,
      'session.ended',
    );
    expectXellarError(await client().get('wallet/address', next.walletToken), 401, 'xellar.token_invalid');
  });

  it('is refused to other applications, for junk, and after the end that the login asked for', async () => {
    const end = new Date(app.clock.now().getTime() + 30_000).toISOString();
    const { accessToken } = await client().loggedIn(aPerson(), { expireDate: end });
    const made = dataOf(await client().post('account/create', {}, accessToken));
    expect(Number(claimsOf(made.walletToken)['exp']) * 1_000).toBeLessThanOrEqual(Date.parse(end));
    const refreshToken = made.refreshToken ?? '';
    const elsewhere = new XellarClient(app, other);
    expectXellarError(await elsewhere.post('wallet/refresh', { refreshToken }), 401, 'xellar.token_invalid');
    const changed = `${refreshToken.slice(0, -1)}${refreshToken.endsWith('A') ? 'B' : 'A'}`;
    for (const junk of ['xr_a_b', changed, `cs_rt_${'A'.repeat(43)}`, made.walletToken ?? ''])
      expectXellarError(
        await client().post('wallet/refresh', { refreshToken: junk }),
        401,
        'xellar.token_invalid',
      );
    for (const body of [{}, { refreshToken: 1 }, { refreshToken: 'x'.repeat(2_000) }, []])
      expectXellarError(await client().post('wallet/refresh', body), 400, 'request.invalid');

    const next = await client().refreshed(refreshToken);
    app.clock.advance(31);
    expectXellarError(
      await client().post('wallet/refresh', { refreshToken: next.refreshToken }),
      401,
      'xellar.token_invalid',
    );
    expect((await client('v1').post('wallet/refresh', { refreshToken })).status).toBe(404);
  });
});

describe('a wallet token', () => {
  it('ends after a minute, with its session, and with the setting of the application', async () => {
    const { walletToken } = await client().withWallet();
    app.clock.advance(61);
    expectXellarError(await client().get('wallet/address', walletToken), 401, 'xellar.token_invalid');

    const person = aPerson();
    const made = await client().withWallet(person);
    const native = await signInPerson(app, demo, person);
    await native.delete('/v1/me/sessions');
    expectXellarError(await client().get('wallet/address', made.walletToken), 401, 'xellar.token_invalid');
  });
});
