import { FakeTelegramServer } from '@countersign/fake-telegram';
import { aBotToken } from '../factories';
import { anOidcApplication, enableWebLogin } from '../support/oidc';
import { Countersign } from '../support/run-countersign';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

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

describe('the launch kit', () => {
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
