import type request from 'supertest';
import { aPerson, times, type Person } from '../factories';
import { environmentOf, useCustody } from '../support/embedded-wallets';
import { signInPerson } from '../support/person-session';
import { relaunch } from '../support/relaunch';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { makeRecoverySecret } from '../support/wallet-recoveries';
import {
  aXellarApplication,
  claimsOf,
  dataOf,
  expectXellarError,
  XellarClient,
  type XellarData,
} from '../support/xellar-client';

const HOURS_72 = 72 * 3_600;
const SECRET = /^(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}$/;
const CREATE = 'account/create';
const RECOVER = 'account/recover';

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const demo = useFixture(() => aXellarApplication(app));
const client = () => new XellarClient(app, demo);

interface Data extends XellarData {
  readonly secret0?: string;
  readonly secret0Link?: string;
  readonly recoveryLink?: string;
}

/** The start parameter of a link. */
const parameterOf = (link = ''): string => new URL(link).searchParams.get('startapp') ?? '';

/** The login of the launch that a link opens. */
async function launched(person: Person, link: string | undefined): Promise<Data> {
  const dataString = app.initDataOf(demo, person, { startParam: parameterOf(link) });
  return dataOf(await client().login({ dataString }));
}

const create = async (accessToken = ''): Promise<Data> =>
  dataOf(await client().post(CREATE, {}, accessToken));

/** An owner with a recovery secret. */
async function anOwner() {
  const person = aPerson();
  const made = await create((await client().loggedIn(person)).accessToken);
  const { accessToken } = await launched(person, made.recoveryLink);
  const { secret0 = '', secret0Link = '' } = await create(accessToken);
  return { person, address: made.address, secret0, secret0Link };
}

function recover(
  accessToken: string | undefined,
  secret: string | Buffer,
  { name = 'recovery.xellar', ...fields }: Readonly<Record<string, string>> = {},
): request.Test {
  const call = app.http
    .post(`/api/v2/${RECOVER}`)
    .set({ ...client().byServer, authorization: `Bearer ${accessToken ?? ''}` })
    .attach('file', Buffer.from(secret), name);
  return Object.entries(fields).reduce((form, [field, value]) => form.field(field, value), call);
}

const linkOf = ({ body }: request.Response): string =>
  (body as { readonly data?: { readonly message?: string } }).data?.message ?? '';
const pathOf = (link: string): string => new URL(link).pathname;

describe('the recovery secret of Xellar’s clients', () => {
  it('comes after a launch that confirms it, as text and as a file', async () => {
    const person = aPerson();
    const first = await create((await client().loggedIn(person)).accessToken);
    expect(first).not.toHaveProperty('secret0');
    expect(first.recoveryLink).toMatch(/^https:\/\/t\.me\/test_bot\?startapp=s_[A-Za-z0-9]{24}$/);

    const login = await launched(person, first.recoveryLink);
    expect(login).toEqual({ accessToken: expect.any(String) as string, isWalletCreated: false });
    expect(JSON.stringify(claimsOf(login.accessToken))).not.toContain('cs_sg');
    const { secret0, secret0Link = '', address } = await create(login.accessToken);

    expect(secret0).toMatch(SECRET);
    expect(address).toEqual(first.address);
    expect(secret0Link).not.toContain(secret0);
    expect((await app.http.head(pathOf(secret0Link))).status).toBe(405);
    const { status, headers, body } = await app.http.get(pathOf(secret0Link)).buffer(true);
    expect({ status, text: (body as Buffer).toString(), headers }).toMatchObject({
      ...{ status: 200, text: secret0 },
      headers: {
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'content-type': expect.stringContaining('application/octet-stream') as string,
        'content-disposition': 'attachment; filename="recovery.xellar"',
      },
    });
    expectXellarError(await app.http.get(pathOf(secret0Link)), 410, 'xellar.recovery_file_gone');
    const logged = app.logLines.join('\n');
    for (const text of [secret0 ?? '', pathOf(secret0Link).split('/').at(-1) ?? ''])
      expect(logged).not.toContain(text);
  });

  it('replaces none: a link that its person opens would make another file useless', async () => {
    const person = aPerson();
    const { recoveryLink } = await create((await client().loggedIn(person)).accessToken);
    await makeRecoverySecret(app, demo, await signInPerson(app, demo, person));
    const stored = async () => app.database.query('SELECT * FROM wallet_recovery_secrets');
    const before = await stored();

    const { accessToken } = await launched(person, recoveryLink);
    const answer = await create(accessToken);

    expect(Object.keys(answer).filter((name) => /secret0|recovery/.test(name))).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  it('is made once by a confirmation, and not by the launch of another person', async () => {
    const person = aPerson();
    const { recoveryLink } = await create((await client().loggedIn(person)).accessToken);
    const stranger = await launched(aPerson(), recoveryLink);
    expect(await create(stranger.accessToken)).not.toHaveProperty('secret0');

    const { accessToken } = await launched(person, recoveryLink);
    const answers = await Promise.all(times(5, () => create(accessToken)));
    expect(answers.filter(({ secret0 }) => secret0 !== undefined)).toHaveLength(1);
    // The code is good for one login.
    expect(await launched(person, recoveryLink)).toMatchObject({ isWalletCreated: true });
  });

  it('ends its link after five minutes, and gives the file once to parallel calls', async () => {
    const [{ secret0Link }, other] = [await anOwner(), await anOwner()];
    const answers = await Promise.all(times(5, () => app.http.get(pathOf(other.secret0Link))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410, 410, 410, 410]);
    app.clock.advance(300);
    const made = await client().withWallet();
    for (const path of [
      pathOf(secret0Link),
      `${pathOf(secret0Link)}A`,
      `/api/v2/account/secret0/${made.refreshToken}`,
      `/api/v2/account/secret0/${made.refreshToken.replace(/^xr/, 'xf')}`,
      '/api/v2/account/secret0/__proto__',
    ])
      expectXellarError(await app.http.get(path), 410, 'xellar.recovery_file_gone');
    expectXellarError(
      await client().post('wallet/refresh', { refreshToken: secret0Link.split('/').at(-1) ?? '' }),
      401,
      'xellar.token_invalid',
    );
  });

  it('is not made by a code that a native session asked for: that launch stays for its own API', async () => {
    const person = aPerson();
    await client().withWallet(person);
    const native = await signInPerson(app, demo, person);
    for (const act of ['wallet.make_recovery_secret', 'wallet.export']) {
      const { body } = await native.post('/v1/me/step-up/requests', { act });
      const dataString = app.initDataOf(demo, person, { startParam: `s_${(body as { code: string }).code}` });
      expectXellarError(await client().login({ dataString }), 400, 'xellar.code_of_another_api');
    }
  });

  it('can be confirmed in the native API too, for that session alone', async () => {
    const person = aPerson();
    const { recoveryLink } = await create((await client().loggedIn(person)).accessToken);
    const stepped = await relaunch(app, demo, person, parameterOf(recoveryLink));
    expect(stepped.stepUpAnswer).toMatchObject({ act: 'wallet.make_recovery_secret' });
    expect(await launched(person, recoveryLink)).toMatchObject({ isWalletCreated: true });
  });
});

describe('a recovery by Xellar’s clients', () => {
  it('is confirmed by a launch, waits for 72 hours, and is confirmed again', async () => {
    const owner = await anOwner();
    const asker = aPerson();
    const { accessToken } = await client().loggedIn(asker);
    const refused = await recover(accessToken, owner.secret0);
    expectXellarError(refused, 403, 'account.step_up_required');
    expect((refused.body as { message: string }).message).toContain(linkOf(refused));

    const confirmed = await launched(asker, linkOf(refused));
    const readyAt = new Date(app.clock.now().getTime() + HOURS_72 * 1_000).toISOString();
    for (const token of [confirmed.accessToken, confirmed.accessToken, accessToken]) {
      const pending = await recover(token, owner.secret0, { pin: '123456', isCustodian: 'true' });
      expectXellarError(pending, 409, 'wallet.recovery_pending');
      expect((pending.body as { message: string }).message).toContain(readyAt);
      expect(pending.headers['retry-after']).toBe(String(HOURS_72));
    }

    app.clock.advance(HOURS_72);
    const again = await recover((await client().loggedIn(asker)).accessToken, owner.secret0);
    expectXellarError(again, 403, 'account.step_up_required');
    const login = await launched(asker, linkOf(again));
    const done = await recover(login.accessToken, `${owner.secret0}\n`, { expireDate: '2099-01-02' });

    const { walletToken, refreshToken, address, recoveryLink } = dataOf(done) as Data;
    expect(address).toEqual(owner.address);
    expect(recoveryLink).toMatch(/startapp=s_/);
    const message = { network: 'ethereum', message: 'Hello' };
    expect((await client().post('wallet/sign-message', message, walletToken)).status).toBe(200);
    expect((await client().refreshed(refreshToken ?? '')).walletToken).toEqual(expect.any(String));
    expect(await client().loggedIn(owner.person)).toMatchObject({ isWalletCreated: false });
  });

  it('says nothing of a secret without a confirmation, and takes none for another act', async () => {
    const owner = await anOwner();
    const asker = aPerson();
    const { accessToken } = await client().loggedIn(asker);
    const wrong = `${owner.secret0.slice(0, -4)}0000`;
    expectXellarError(await recover(accessToken, wrong), 400, 'wallet.recovery_secret_mistyped');
    const gone = await anOwner();
    await makeRecoverySecret(app, demo, await signInPerson(app, demo, gone.person));
    const refusals = [await recover(accessToken, owner.secret0), await recover(accessToken, gone.secret0)];
    for (const refusal of refusals) expectXellarError(refusal, 403, 'account.step_up_required');
    const texts = refusals.map((refusal) =>
      (refusal.body as { message: string }).message.replace(linkOf(refusal), ''),
    );
    expect(texts[0]).toBe(texts[1]);

    const { recoveryLink } = await create(accessToken);
    const forSecret = await launched(asker, recoveryLink);
    expectXellarError(await recover(forSecret.accessToken, owner.secret0), 403, 'account.step_up_required');
    const forRecovery = await launched(asker, linkOf(refusals[0] as request.Response));
    expect(await create(forRecovery.accessToken)).not.toHaveProperty('secret0');
    expectXellarError(
      await recover(forRecovery.accessToken, gone.secret0),
      403,
      'wallet.recovery_secret_wrong',
    );
    // Its person has the secret, and no other account.
    expectXellarError(await recover(forRecovery.accessToken, owner.secret0), 409, 'wallet.recovery_pending');
  });

  it.each([
    ['another name', { name: 'recovery.txt' }, 'xellar.recovery_file_required'],
    ['a PIN of letters', { pin: 'abcdef' }, 'xellar.recovery_pin_malformed'],
    ['a long PIN', { pin: '1234567' }, 'xellar.recovery_pin_malformed'],
    ['a date that is over', { expireDate: '2001-01-01' }, 'xellar.expire_date_invalid'],
    ['a long date', { expiredDate: '2'.repeat(500) }, 'xellar.expire_date_invalid'],
  ])('is refused with %s', async (_, fields, code) => {
    const { accessToken } = await client().loggedIn();
    expectXellarError(await recover(accessToken, 'ABC', fields), 400, code);
  });

  it('is refused with a file that is none, none at all, or too much', async () => {
    const { accessToken = '' } = await client().loggedIn();
    const post = (type: string, body: string) =>
      app.http
        .post(`/api/v2/${RECOVER}`)
        .set({ ...client().byServer, authorization: `Bearer ${accessToken}`, 'content-type': type })
        .send(body);
    // As axios of the clients sends it.
    for (const body of ['{"file":{},"expireDate":"2099-01-01"}', '{}', '[]', 'null', '"x"'])
      expectXellarError(await post('application/json', body), 400, 'xellar.recovery_file_required');
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=X'])
      expectXellarError(await post(type, 'junk'), 400, 'request.malformed_form');
    expectXellarError(await post('text/plain', 'junk'), 415, 'request.unsupported_media_type');
    expectXellarError(await recover(accessToken, Buffer.from([0xff])), 400, 'request.malformed_form');
    expectXellarError(await recover(accessToken, ''), 400, 'wallet.recovery_secret_mistyped');
    expectXellarError(await recover(accessToken, 'A'.repeat(1_001)), 400, 'xellar.recovery_file_required');
    expectXellarError(await recover(accessToken, 'A'.repeat(20_000)), 413, 'request.too_large');
    const text = app.http.post(`/api/v2/${RECOVER}`).set({
      ...{ ...client().byServer, authorization: `Bearer ${accessToken}` },
    });
    expectXellarError(await text.field('file', 'ABC'), 400, 'xellar.recovery_file_required');
    expectXellarError(
      await recover(accessToken, 'ABC').set('content-encoding', 'gzip'),
      415,
      'request.unsupported_media_type',
    );
    // Only this route takes files.
    const { walletToken } = await client().withWallet();
    const elsewhere = app.http.post('/api/v2/wallet/sign-message').set(client().byServer);
    expectXellarError(
      await elsewhere.set('authorization', `Bearer ${walletToken}`).attach('file', Buffer.from('a'), 'a'),
      415,
      'request.unsupported_media_type',
    );
  });
});
