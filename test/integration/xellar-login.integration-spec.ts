import { loginWidgetQuery } from '@countersign/fake-telegram';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
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
  flatDataOf,
  XellarClient,
} from '../support/xellar-client';

const PAGE = 'https://shop.example';
const DAY = 86_400;

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const widgets = { loginWidget: { accept: true }, accountAssurance: 'bot-token' };
const demo = useFixture(() =>
  aXellarApplication(app, widgets, { origins: [PAGE], bot: { signaturePolicy: 'optional' } }),
);
const strict = useFixture(() => aXellarApplication(app, { loginWidget: { accept: false } }));
const off = useFixture(() => aXellarApplication(app, { xellar: { enabled: false } }, { origins: [PAGE] }));

const client = (version: 'v1' | 'v2' = 'v2') => new XellarClient(app, demo, version);

/** The text of an answer, with tokens as the documents show them. */
function shown(text: string): string {
  return text.replaceAll(/"((?:eyJ|xr_)[\w.-]+)"/g, '"..."');
}

describe('the configuration of the kit', () => {
  const config = (headers: Record<string, string>) => app.http.get('/api/v1/apps/config').set(headers);

  it('names the bot of the Login Widget, for pages that are allowed', async () => {
    const { status, body } = await config({ ...client().byPage(PAGE), 'x-environment': 'production' });
    const { data, ...envelope } = body as { data: object };

    expect({ status, envelope }).toEqual({ status: 200, envelope: { status: 200, message: 'ok' } });
    expect(data).toEqual({
      isEmbeddedWalletEnabled: true,
      telegram: { enabled: true, botUsername: 'test_bot', botId: demo.botId },
      google: { enabled: false, clientId: '' },
      whatsapp: { enabled: false },
      apple: { enabled: false, clientId: '', redirectUri: '' },
      ...{ useEmailLogin: false, isRampableEnabled: false, isAAEnabled: false, rampableClientSecret: '' },
      ...{ useXellarBrand: false, logoUrl: '', showPoweredBy: false },
    });
    const test = await config({ ...client().byPage(PAGE), 'x-environment': 'development' });
    expect(test.body).toMatchObject({ data: { telegram: { enabled: false, botUsername: '', botId: '' } } });
  });

  it('is for no other page, application or version', async () => {
    expectXellarError(await config({}), 401, 'xellar.application_required');
    expectXellarError(
      await config(client().byPage('https://evil.example')),
      403,
      'request.origin_not_allowed',
    );
    const ofOff = { 'x-app-id': off.applicationId, origin: PAGE };
    expectXellarError(await config(ofOff), 401, 'xellar.application_unknown');
    expect((await app.http.get('/api/v2/apps/config').set(client().byServer)).status).toBe(404);
  });
});

describe('a login of Xellar’s clients', () => {
  it('answers the wallet in the form of each version', async () => {
    const person = aPerson();
    const { address } = await embed(await signInPerson(app, demo, person));

    const first = await client('v1').login({ dataString: app.initDataOf(demo, person, { queryId: 'a' }) });
    expect(shown(first.text)).toBe(
      '{"status":200,"message":"ok","data":{"walletToken":"...","isWalletCreated":true}}',
    );
    const second = await client('v2').login({ dataString: app.initDataOf(demo, person, { queryId: 'b' }) });
    expect(shown(second.text)).toBe(
      '{"status":200,"message":"ok","data":{"walletToken":"...","refreshToken":"...","isWalletCreated":true,' +
        `"addresses":[{"network":"evm","address":"${address}"}]}}`,
    );
    const { walletToken } = dataOf(second);
    const claims = claimsOf(walletToken);
    expect(claims).toMatchObject({
      version: 2,
      username: '',
      provider: 'telegram',
      mode: 'production',
      address: [{ network: 'evm', address }],
      isPermissionGranted: true,
      acceptPermissionPage: '',
    });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(60);
    expect(JSON.stringify(claims)).not.toContain(person.first_name);
  });

  it('takes every form of a proof, and both together of one person', async () => {
    const person = aPerson();
    const data = loginOf(app, demo, person);
    const asTexts = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)]));
    const flat = flatDataOf(app, demo, person);
    const launch = () => app.initDataOf(demo, person, { queryId: 'of-its-own' });

    const users: unknown[] = [];
    for (const body of [
      { data },
      { data: asTexts },
      { dataString: flat },
      { dataString: launch() },
      { data: loginOf(app, demo, person), dataString: launch() },
      { data: null, dataString: launch() },
      { data: loginOf(app, demo, person), dataString: '' },
    ]) {
      const answer = await client().login({ rampable: {}, ...body });
      users.push(claimsOf(dataOf(answer).accessToken)['uid']);
    }
    expect(new Set(users).size).toBe(1);
  });

  it.each(['s_', 'j_', 'o_'])('uses up no launch with a native code, as %s', async (prefix) => {
    const startParam = prefix + 'A'.repeat(24);
    const dataString = app.initDataOf(demo, aPerson(), { startParam });

    expectXellarError(await client().login({ dataString }), 400, 'xellar.code_of_another_api');
    const native = { applicationId: demo.applicationId, initData: dataString };
    expect((await app.http.post('/v1/auth/telegram/init-data').send(native)).status).toBe(200);
  });

  it('refuses a proof of another key, person, bot, form or time', async () => {
    const [person, other] = [aPerson(), aPerson()];
    const data = loginOf(app, demo, person);
    const refused: readonly (readonly [object, number, string])[] = [
      [{}, 400, 'xellar.proof_required'],
      [{ data: { ...data, first_name: 'Eve' } }, 401, 'login_widget.hash_mismatch'],
      [{ data, dataString: app.initDataOf(demo, other) }, 400, 'xellar.person_differs'],
      [
        { data, dataString: flatDataOf(app, { ...demo, botToken: '1:X' }, person) },
        401,
        'init_data.hash_mismatch',
      ],
      [{ dataString: loginWidgetQuery(data) }, 401, 'init_data.hash_mismatch'],
      [{ data, botUsername: 'another_bot' }, 404, 'xellar.bot_not_found'],
      [
        {
          dataString: app.initDataOf(demo, person, {
            authDate: new Date(app.clock.now().getTime() - 2 * DAY * 1_000),
          }),
        },
        401,
        'init_data.auth_date_expired',
      ],
    ];
    for (const [body, status, code] of refused) expectXellarError(await client().login(body), status, code);
    // Nothing was used up.
    expect((await client().login({ data })).status).toBe(200);
  });

  it('is worth what its proof is worth elsewhere', async () => {
    const xellar = new XellarClient(app, strict);
    const person = aPerson();
    const data = loginOf(app, strict, person);
    const both = { data, dataString: app.initDataOf(strict, person) };
    for (const body of [{ data }, both])
      expectXellarError(await xellar.login(body), 403, 'auth.login_widget_refused');
    const native = await app.http
      .post('/v1/auth/telegram/login-widget')
      .send({ applicationId: strict.applicationId, data });
    expectProblem(native, 403, 'auth.login_widget_refused');
    expect((await xellar.login({ dataString: app.initDataOf(strict, person) })).status).toBe(200);
    const ofStrict = { 'x-client-secret': strict.clientSecret };
    const config = await app.http.get('/api/v1/apps/config').set(ofStrict);
    expect(config.body).toMatchObject({ data: { telegram: { enabled: false, botUsername: 'test_bot' } } });

    // Whoever has the token of the bot can make it, and the bot wants Telegram's signature.
    expectXellarError(
      await xellar.login({ dataString: flatDataOf(app, strict, person) }),
      401,
      'init_data.signature_missing',
    );
  });

  it('shares no proof with the native API', async () => {
    const initData = app.initDataOf(demo);
    await app.postSignIn({ applicationId: demo.applicationId, initData });
    expectXellarError(await client().login({ dataString: initData }), 401, 'auth.proof_used');

    const taken = app.initDataOf(demo);
    expect((await client().login({ dataString: taken })).status).toBe(200);
    const native = await app.postSignIn({ applicationId: demo.applicationId, initData: taken });
    expect(native.status).toBe(401);
  });

  it('is refused with a device key', async () => {
    const dataString = app.initDataOf(demo);
    const bound = await client().login({ dataString }, { ...client().byServer, dpop: 'e30.e30.e30' });
    expectXellarError(bound, 400, 'xellar.device_key_refused');
  });
});

describe('the end that a login asks for', () => {
  it.each(['expireDate', 'expiredDate'])(
    'is earlier or later than without, within the longest session, as %s',
    async (name) => {
      const now = app.clock.now().getTime();
      const inSeconds = (seconds: number) => new Date(now + seconds * 1_000).toISOString();
      const endOf = async (date: string) => {
        const { accessToken } = await client().loggedIn(aPerson(), { [name]: date });
        const { iat, exp } = claimsOf(accessToken);
        return Number(exp) - Number(iat);
      };
      const { accessToken } = await client().loggedIn();
      const { iat, exp } = claimsOf(accessToken);

      expect(Number(exp) - Number(iat)).toBe(900);
      expect(await endOf('2099-01-02')).toBe(90 * 86_400);
      expect(await endOf(inSeconds(86_400))).toBeGreaterThan(86_390);
      expect(await endOf(inSeconds(30))).toBeLessThanOrEqual(31);
      for (const date of [
        '2024-01-02',
        inSeconds(-1),
        '2099-02-31',
        'tomorrow',
        '4070908800',
        '2099-01-02T00:00',
      ])
        expectXellarError(
          await client().login({ dataString: app.initDataOf(demo), [name]: date }),
          400,
          'xellar.expire_date_invalid',
        );
    },
  );
});

describe('the application of a call', () => {
  it('is proven by its secret, or named by a page of an allowed origin', async () => {
    const login = (headers: Record<string, string>) =>
      client().login({ dataString: app.initDataOf(demo, aPerson()) }, headers);
    const secret = { 'x-client-secret': demo.clientSecret };
    const appId = { 'x-app-id': demo.applicationId };

    for (const headers of [secret, { ...secret, ...appId }, { ...appId, origin: PAGE }])
      expect((await login(headers)).status).toBe(200);

    const ofOff = { 'x-app-id': off.applicationId };
    for (const [headers, status, code] of [
      [{}, 401, 'xellar.application_required'],
      [{ 'x-client-secret': `${demo.clientSecret}x` }, 401, 'xellar.application_unknown'],
      [{ ...secret, ...ofOff }, 401, 'xellar.application_unknown'],
      [{ ...secret, origin: PAGE }, 403, 'xellar.secret_in_page'],
      [appId, 403, 'xellar.origin_required'],
      [{ ...appId, origin: 'https://evil.example' }, 403, 'request.origin_not_allowed'],
      [{ 'x-app-id': "'--", origin: PAGE }, 401, 'xellar.application_unknown'],
      [{ ...ofOff, origin: PAGE }, 401, 'xellar.application_unknown'],
      [{ 'x-client-secret': off.clientSecret }, 401, 'xellar.application_unknown'],
      // A proof that names the bot of one application opens nothing in another one.
      [{ 'x-client-secret': strict.clientSecret }, 401, 'init_data.hash_mismatch'],
    ] as const)
      expectXellarError(await login(headers), status, code);
  });

  it('lets pages read answers and errors', async () => {
    const preflight = await app.http.options('/api/v2/auth/telegram').set({
      origin: PAGE,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-app-id,content-type',
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-headers']).toContain('x-app-id');

    const answer = await client().login({}, client().byPage(PAGE));
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE);
  });
});
