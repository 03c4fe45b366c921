import { aPerson, times, type Person } from '../factories';
import { embed, environmentOf, useCustody } from '../support/embedded-wallets';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import {
  aXellarApplication,
  claimsOf,
  dataOf,
  expectXellarError,
  XellarClient,
  type XellarData,
} from '../support/xellar-client';

const HELLO = { message: 'Hello', network: 'ethereum' };
const ORIGIN = 'https://game.example';

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const demo = useFixture(() => aXellarApplication(app, {}, { origins: [ORIGIN] }));
const maker = useFixture(() => aXellarApplication(app));
const client = () => new XellarClient(app, demo);

const linkIn = (walletToken: string | undefined): string =>
  String(claimsOf(walletToken)['acceptPermissionPage']);

/** A person with a wallet that another application made, who has logged in. */
async function anAskedPerson(person = aPerson()) {
  const native = await signInPerson(app, maker, person);
  const wallet = await embed(native);
  const login = await client().loggedIn(person);
  return { person, wallet, native, login, link: linkIn(login.walletToken) };
}

/** The login of the launch that a link opens. */
async function launched(person: Person, link: string): Promise<XellarData> {
  const startParam = new URL(link).searchParams.get('startapp') ?? '';
  return dataOf(await client().login({ dataString: app.initDataOf(demo, person, { startParam }) }));
}

async function isGranted(refreshToken: string | undefined) {
  const next = await client().refreshed(refreshToken ?? '');
  return { ...next, isGranted: claimsOf(next.walletToken)['isPermissionGranted'] };
}

describe('the permission to use a wallet', () => {
  it('is asked for by the token, and given by the launch that its link opens', async () => {
    const { person, login, link } = await anAskedPerson();
    expect(login).toMatchObject({ isWalletCreated: true, refreshToken: expect.any(String) as string });
    expect(login.addresses?.[0]?.address).toMatch(/^0x/);
    expect(claimsOf(login.walletToken)).toMatchObject({ isPermissionGranted: false, address: [] });
    expect(link).toMatch(/^https:\/\/t\.me\/test_bot\?startapp=s_[A-Za-z0-9]{24}$/);
    const before = await isGranted(login.refreshToken);
    expect(before.isGranted).toBe(false);

    const granted = await launched(person, link);

    expect(claimsOf(granted.walletToken)).toMatchObject({ isPermissionGranted: true });
    const after = await isGranted(before.refreshToken);
    expect(claimsOf(after.walletToken)).toMatchObject({
      ...{ isPermissionGranted: true, acceptPermissionPage: '', address: login.addresses },
    });
    expect((await client().post('wallet/sign-message', HELLO, after.walletToken)).status).toBe(200);
  });

  it('is answered with the link: 407 to servers, 403 to pages and to fetch, with one body', async () => {
    const { login, link } = await anAskedPerson();
    const ask = (headers?: Record<string, string>) =>
      client().post('wallet/sign-message', HELLO, login.walletToken, headers);
    const byServer = await ask();
    expectXellarError(byServer, 407, 'xellar.wallet_not_granted');
    const bodies = [
      byServer,
      await ask(client().byPage(ORIGIN)),
      await ask({ ...client().byServer, 'sec-fetch-mode': 'cors' }),
    ].map((answer) => {
      const { body, status } = answer as { status: number; body: Record<string, unknown> };
      expect(body['data']).toEqual({ message: link });
      return { status, body: { ...body, requestId: null, status: null } };
    });
    expect(bodies.map(({ status }) => status)).toEqual([407, 403, 403]);
    expect(bodies[1]?.body).toEqual(bodies[0]?.body);
    expect(bodies[2]?.body).toEqual(bodies[0]?.body);
  });

  it('is not given by another launch, by that of another person, or after ten minutes', async () => {
    const { person, login, link } = await anAskedPerson();
    await client().loggedIn(person);
    await launched(aPerson(), link);
    const victim = await anAskedPerson();
    await launched(victim.person, link);
    await launched(person, victim.link);
    const { refreshToken, ...answer } = await isGranted(login.refreshToken);
    expect(answer.isGranted).toBe(false);
    expect((await isGranted(victim.login.refreshToken)).isGranted).toBe(false);

    app.clock.advance(601);
    await launched(person, link);
    expect((await isGranted(refreshToken)).isGranted).toBe(false);
  });

  it('is given once by a link, however parallel', async () => {
    const { person, wallet, link } = await anAskedPerson();
    const startParam = new URL(link).searchParams.get('startapp') ?? '';
    await Promise.all(
      times(5, () => client().login({ dataString: app.initDataOf(demo, person, { startParam }) })),
    );
    const granted = await app.database.query(
      "SELECT id FROM audit_records WHERE action = 'wallet.granted' AND subject = $1 AND application_id = $2",
      [wallet.walletId, demo.applicationId],
    );
    expect(granted).toHaveLength(1);
  });

  it('has one link for the refreshes of five minutes', async () => {
    const { login, link } = await anAskedPerson();
    let { refreshToken } = login;
    for (const seconds of [60, 60, 60]) {
      app.clock.advance(seconds);
      const next = await isGranted(refreshToken);
      expect(linkIn(next.walletToken)).toBe(link);
      ({ refreshToken } = next);
    }
    app.clock.advance(121);
    expect(linkIn((await isGranted(refreshToken)).walletToken)).not.toBe(link);
  });

  it('is taken back: acts are refused at once, and the claim at the next refresh', async () => {
    const { person, wallet, native, link, login } = await anAskedPerson();
    await launched(person, link);
    const granted = await isGranted(login.refreshToken);
    await native.delete(`/v1/wallets/${wallet.walletId}/grants/${demo.applicationId}`);

    expectXellarError(
      await client().post('wallet/sign-message', HELLO, granted.walletToken),
      407,
      'xellar.wallet_not_granted',
    );
    const after = await isGranted(granted.refreshToken);
    expect(after.isGranted).toBe(false);
    // The used link brings no second grant; a new one does.
    await launched(person, link);
    const still = await isGranted(after.refreshToken);
    expect(still.isGranted).toBe(false);
    await launched(person, linkIn(still.walletToken));
    expect((await isGranted(still.refreshToken)).isGranted).toBe(true);
  });

  it('is not given by a code that a native session asked for', async () => {
    const { person } = await anAskedPerson();
    const session = await signInPerson(app, demo, person);
    const { body } = await session.post('/v1/me/step-up/requests', { act: 'wallet.grant' });
    const dataString = app.initDataOf(demo, person, { startParam: `s_${(body as { code: string }).code}` });
    expectXellarError(await client().login({ dataString }), 400, 'xellar.code_of_another_api');
  });
});
