import { RapidpaceSecrets } from '@countersign/partner-apis';
import { aBotToken, aPerson } from '../factories';
import { inventoryOf } from '../support/inventory';
import { useFakeOidc } from '../support/oidc';
import { loginOf, openWeb3InitDataOf, postTo, widgetForms } from '../support/proofs';
import { aRecord, FRONT_URL, queryOf, sign, without } from '../support/rapidpace';
import { Countersign } from '../support/run-countersign';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const RAPIDPACE_SECRET = 'a-secret-of-rapidpace-for-tests';
const OIDC_SECRET = 'S3cret+from/BotFather=';

const app = useTestApp();
const oidc = useFakeOidc(() => app.clock.now());
const demo = useApplication(app, {
  settings: { dataNeeds: ['name', 'phone'], rapidpace: { frontUrl: FRONT_URL } },
});
const messenger = useApplication(app, { bot: { provider: 'openweb3' } });
const strangersToken = aBotToken();
const stranger = useFixture(() => ({
  ...demo,
  botId: strangersToken.split(':', 1)[0] ?? '',
  botToken: strangersToken,
}));
const countersign = useFixture(
  () => {
    const bots = [demo, stranger].map(({ botId }) => `${botId}:${app.telegram.publicKeyHex}`);
    const environment = { TELEGRAM_OIDC_ISSUER: oidc.issuer, DEMO_TELEGRAM_KEY: bots.join(',') };
    return Countersign.keptOpen(app, environment);
  },
  { close: (made) => made.close() },
);

beforeAll(async () => {
  await app.nest.get(RapidpaceSecrets).add(demo.applicationId, RAPIDPACE_SECRET);
  await countersign.json(`bot set ${demo.botId} --oidc-client-secret-stdin`, OIDC_SECRET);
  await countersign.json(`bot allow ${demo.applicationId} --bot-id ${stranger.botId}`);
});

interface Explained {
  readonly exitCode: number;
  readonly output: string;
}

function explain(options: string, proof: string, applicationId = demo.applicationId): Promise<Explained> {
  return countersign.run(`explain --application ${applicationId} ${options}`, proof);
}

async function codeOf(options: string, proof: string, applicationId?: string): Promise<string> {
  const { output } = await explain(`${options} --json`, proof, applicationId);
  return (JSON.parse(output) as { code?: string }).code ?? 'none';
}

function idTokenOf(claims: object = {}): string {
  return oidc.issueIdToken({ ...oidc.claimsFor(demo.botId, aPerson()), ...claims });
}

function rapidpaceBody(secret: string): { readonly body: string; readonly hmac: string } {
  const record = aRecord(app);
  return { body: JSON.stringify(record), hmac: sign(record, secret) };
}

describe('countersign explain', () => {
  it('finds every rule of every door kept, writes nothing and uses nothing up', async () => {
    const { body, hmac } = rapidpaceBody(RAPIDPACE_SECRET);
    const login = loginOf(app, demo, aPerson());
    const withSymbols = loginOf(app, demo, aPerson({ first_name: '???>>>' }));
    const initData = app.initDataOf(demo);
    const proofs: [options: string, proof: string, assurance: string, applicationId?: string][] = [
      ['--init-data-stdin', initData, 'platform'],
      [`--init-data-stdin --bot ${demo.botId}`, initData, 'platform'],
      [`--init-data-stdin --third-party --bot ${stranger.botId}`, app.initDataOf(stranger), 'platform'],
      [
        '--init-data-stdin --provider openweb3',
        openWeb3InitDataOf(app, messenger, aPerson()),
        'bot-token',
        messenger.applicationId,
      ],
      ['--login-widget-stdin', JSON.stringify(widgetForms.data(login).data), 'bot-token'],
      ['--login-widget-stdin', widgetForms.query(login).query, 'bot-token'],
      ['--login-widget-stdin', `https://a.example/in?${widgetForms.query(login).query}#x`, 'bot-token'],
      ['--login-widget-stdin', widgetForms.tgAuthResult(login).tgAuthResult, 'bot-token'],
      ['--login-widget-stdin', Buffer.from(JSON.stringify(withSymbols)).toString('base64'), 'bot-token'],
      [`--rapidpace-body-stdin --hmac ${hmac}`, body, 'vendor'],
      ['--rapidpace-link-stdin', queryOf(aRecord(app), RAPIDPACE_SECRET), 'vendor'],
      ['--rapidpace-link-stdin', `https://id.example/x?${queryOf(aRecord(app), RAPIDPACE_SECRET)}`, 'vendor'],
      ['--id-token-stdin', idTokenOf(), 'platform'],
      ['--id-token-stdin --nonce n-1', idTokenOf({ nonce: 'n-1' }), 'platform'],
    ];
    const before = await inventoryOf(app);

    for (const [options, proof, assurance, applicationId] of proofs) {
      const { exitCode, output } = await explain(options, proof, applicationId);
      expect([options, exitCode, output]).toEqual([
        options,
        0,
        `Every rule holds: assurance ${assurance}, made at ${app.clock.now().toISOString()}\n`,
      ]);
    }
    expect(await inventoryOf(app)).toEqual(before);
    const signIn = await postTo(app, 'telegram/init-data', { applicationId: demo.applicationId, initData });
    expect(signIn.body).toMatchObject({ isNewUser: true });
  });

  it('names the first rule that a proof fails', async () => {
    const { body, hmac } = rapidpaceBody('another-secret-of-rapidpace');
    const login = loginOf(app, demo, aPerson());
    const undated = without(aRecord(app), 'auth_date');
    const cases: [options: string, proof: string, code: string, applicationId?: string][] = [
      ['--init-data-stdin', app.initDataOf(demo).replace('user=', 'user=%20'), 'init_data.hash_mismatch'],
      ['--init-data-stdin --bot 1', app.initDataOf(demo), 'bot.not_found'],
      [`--init-data-stdin --third-party --bot ${demo.botId}`, app.initDataOf(demo), 'bot.not_accepted'],
      [
        `--init-data-stdin --third-party --bot ${stranger.botId}`,
        app.initDataOf(demo),
        'init_data.signature_mismatch',
      ],
      ['--login-widget-stdin', JSON.stringify({ ...login, id: 1 }), 'login_widget.hash_mismatch'],
      ['--login-widget-stdin', '{"id":1,"id":1}', 'request.invalid'],
      ['--login-widget-stdin', '{', 'request.malformed_json'],
      [`--rapidpace-body-stdin --hmac ${hmac}`, body, 'rapidpace.hmac_mismatch'],
      ['--rapidpace-body-stdin', body, 'rapidpace.hmac_missing'],
      ['--rapidpace-link-stdin', queryOf(undated, RAPIDPACE_SECRET), 'rapidpace.undated_link'],
      ['--id-token-stdin', idTokenOf({ aud: '1' }), 'oidc.audience_mismatch'],
      ['--id-token-stdin --nonce n-2', idTokenOf({ nonce: 'n-1' }), 'oidc.nonce_mismatch'],
      ['--id-token-stdin', idTokenOf(), 'bot.oidc_not_configured', messenger.applicationId],
    ];
    const before = await inventoryOf(app);

    for (const [options, proof, code, applicationId] of cases)
      expect([options, await codeOf(options, proof, applicationId)]).toEqual([options, code]);
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('says in words and as one object what the rule is and what helps', async () => {
    const forged = app.initDataOf(demo).replace(/auth_date=./, 'auth_date=9');

    expect(await explain('--init-data-stdin', forged)).toEqual({
      exitCode: 3,
      output:
        'init_data.hash_mismatch: The hash does not match the fields. ' +
        'Check that the token is that of the bot which opens the Mini App.\n',
    });
    expect(
      await countersign.json(`explain --application ${demo.applicationId} --init-data-stdin`, forged),
    ).toEqual({
      ok: false,
      code: 'init_data.hash_mismatch',
      title: 'The hash does not match the fields',
      remedy: expect.stringContaining('Check that the token') as string,
    });
    expect((await explain('--init-data-stdin --bot x', forged)).output).toMatch(
      /^request\.invalid: .*\n {2}- botId: must be/s,
    );
  });

  it('never prints a secret, nor what would have been right', async () => {
    const { body, hmac } = rapidpaceBody('another-secret-of-rapidpace');
    const login = loginOf(app, demo, aPerson());
    const initData = app.initDataOf(demo);
    const right = [
      new URLSearchParams(initData).get('hash') ?? '',
      String(login['hash']),
      sign(JSON.parse(body) as Record<string, string>, RAPIDPACE_SECRET),
    ];
    const outputs = [
      await explain('--init-data-stdin', initData.replace(/hash=.{64}/, `hash=${'0'.repeat(64)}`)),
      await explain('--login-widget-stdin', JSON.stringify({ ...login, hash: '0'.repeat(64) })),
      await explain(`--rapidpace-body-stdin --hmac ${hmac}`, body),
      await explain('--id-token-stdin', idTokenOf({ aud: '1' })),
    ];

    for (const { exitCode, output } of outputs) {
      expect(exitCode).toBe(3);
      for (const hidden of [...right, demo.botToken.split(':')[1] ?? '', RAPIDPACE_SECRET, OIDC_SECRET])
        expect(output).not.toContain(hidden);
    }
  });
});

describe('countersign explain, where the application refuses', () => {
  it('names the rule of the application', async () => {
    const thirdParty = await app.createApplication({
      trust: 'third-party',
    });
    const { applicationId } = thirdParty;
    const undemanding = await app.createApplication();
    await app.nest.get(RapidpaceSecrets).add(undemanding.applicationId, RAPIDPACE_SECRET);
    const link = queryOf(aRecord(app), RAPIDPACE_SECRET);

    expect(await codeOf('--login-widget-stdin', loginQuery(thirdParty), applicationId)).toBe(
      'auth.assurance_too_low',
    );
    expect(await codeOf('--rapidpace-link-stdin', link, undemanding.applicationId)).toBe(
      'rapidpace.not_configured',
    );
  });
});

function loginQuery(bot: Demo): string {
  return widgetForms.query(loginOf(app, bot, aPerson())).query;
}
