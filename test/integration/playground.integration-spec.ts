import { randomUUID } from 'node:crypto';
import type { DynamicModule } from '@nestjs/common';
import { ApplicationRecords } from '@countersign/applications';
import type { Configuration } from '@countersign/config';
import { FakeTelegram } from '@countersign/fake-telegram';
import { createLogger } from '@countersign/observability';
import { AppModule } from '../../apps/api/src/app.module';
import { PlaygroundModule } from '../../tools/playground/src';
import { aBotToken } from '../factories';
import { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

const SOMEBODY = { id: 4_000_000_000_000_001 };

describe('the service without a launcher', () => {
  const app = useTestApp();

  it.each(['', '/files/main.js', '/people', '/orders', '/launch', '/boards'])(
    'has no page at /playground%s',
    async (path) => {
      await app.http.get(`/playground${path}`).expect(404);
    },
  );

  it.each([
    '/init-data',
    '/openweb3-init-data',
    '/login-widget',
    '/telegram-browser',
    '/wallet',
    '/ton-wallet',
    '/dice',
    '/close-season',
    '/test-coins',
  ])('signs for no one at /playground%s', async (path) => {
    await app.http.post(`/playground${path}`).send(SOMEBODY).expect(404);
  });
});

const playgroundOf = (applicationId: string): DynamicModule =>
  PlaygroundModule.of({
    applicationId,
    botToken: aBotToken(),
    telegram: new FakeTelegram(),
    telegramLogin: null,
    testCoins: null,
    address: 'http://127.0.0.1:3000',
    gatewayAddress: 'http://127.0.0.1:3001',
  });

describe('the playground', () => {
  it('cannot be added in production', () => {
    const added = [playgroundOf(randomUUID())];
    const start = (nodeEnv: string) => () =>
      AppModule.of({ nodeEnv } as Configuration, createLogger('silent'), undefined, added);

    expect(start('production')).toThrow('Nothing is added to the product in production.');
    expect(start('development')).not.toThrow();
  });
});

describe('the demo application of the playground', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  async function actsAfterStart(): Promise<readonly string[]> {
    const { database, keys, clock, telegram } = app;
    const modules = [playgroundOf(demo.applicationId)];
    const started = await TestApp.start({ database, keys, clock, telegram, modules });
    try {
      const records = started.nest.get(ApplicationRecords, { strict: false });
      return (await records.get(demo.applicationId)).effectiveSettings.embeddedWallets.acts;
    } finally {
      await started.close();
    }
  }

  it('may send at first, and a start gives back no act that was taken out', async () => {
    expect(await actsAfterStart()).toEqual(expect.arrayContaining(['sign-transaction', 'send']));

    const acts = ['sign-message', 'send'] as const;
    await app.nest
      .get(ApplicationRecords, { strict: false })
      .change(demo.applicationId, { settings: { embeddedWallets: { acts } } });
    expect(await actsAfterStart()).toEqual(acts);
  });
});
