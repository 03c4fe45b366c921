import { FakeTelegramServer } from '@countersign/fake-telegram';
import { aBotToken, type SignInBody } from '../factories';
import { anOidcApplication, enableWebLogin, signInByOidc } from '../support/oidc';
import { postTo } from '../support/proofs';
import { Countersign } from '../support/run-countersign';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const GRACE = { id: 7_000_000_042, first_name: 'Grace', username: 'grace' };

const botToken = aBotToken();
const telegram = useFixture(
  async () => {
    const server = new FakeTelegramServer();
    await server.start();
    return server;
  },
  { close: (server) => server.stop() },
);
const app = useTestApp(() => ({
  telegram: telegram.telegram,
  environment: telegram.environmentFor([botToken.split(':', 1)[0] ?? '']),
}));
const game = useFixture(() =>
  anOidcApplication(app, telegram.oidc, {
    settings: { dataNeeds: ['name', 'username', 'phone'] },
    bot: { token: botToken },
  }),
);

/** As with curl. */
async function ask<T>(path: string, body: object | null): Promise<T> {
  const answer = await fetch(`${telegram.issuer}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return (answer.status === 204 ? null : await answer.json()) as T;
}

function signed<T>(path: string, body: object = {}): Promise<T> {
  return ask<T>(path, { botToken: game.botToken, user: GRACE, ...body });
}

async function signIn(path: string, proof: object): Promise<SignInBody> {
  const answer = await postTo(app, path, { applicationId: game.applicationId, ...proof });
  expect(answer.status).toBe(200);
  return answer.body as SignInBody;
}

describe('the launch kit', () => {
  it('signs one person in by every proof of Telegram’s, into one account', async () => {
    const { initData } = await signed<{ initData: string }>('/init-data', { startParam: 'campaign' });
    const login = await signed<{ data: object; query: string; tgAuthResult: string }>('/login-widget');
    await ask('/oidc/person', { ...GRACE, phone_number: '79001234567' });

    const first = await signIn('telegram/init-data', { initData });
    const rest = [await signIn('telegram/login-widget', { data: login.data }), await signInByOidc(app, game)];

    expect(first).toMatchObject({ isNewUser: true, assurance: 'platform', startParam: 'campaign' });
    expect(rest).toEqual([
      expect.objectContaining({ userId: first.userId, isNewUser: false, assurance: 'bot-token' }),
      expect.objectContaining({ userId: first.userId, isNewUser: false, assurance: 'platform' }),
    ]);
    expect((await app.getMe(first.accessToken)).body).toMatchObject({
      profile: { firstName: 'Grace', username: 'grace' },
    });
  });

  it('is believed by Countersign for the bots that it is started with, and for no other', async () => {
    const other = await app.createApplication();
    await enableWebLogin(app, telegram.oidc, other.botId);
    const countersign = new Countersign(app, telegram.environmentFor([game.botId]));
    const explain = async ({ applicationId, botToken }: Demo): Promise<string> => {
      const { initData } = await ask<{ initData: string }>('/init-data', { botToken });
      const { output } = await countersign.run(
        `explain --application ${applicationId} --init-data-stdin`,
        initData,
      );
      return output;
    };

    expect(await explain(game)).toMatch(/^Every rule holds: assurance platform/);
    expect(await explain(other)).toMatch(/^init_data\.signature_mismatch: /);
  });
});
