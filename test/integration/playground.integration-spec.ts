import { randomUUID } from 'node:crypto';
import { type Configuration, createLogger } from '@countersign/runtime';
import { FakeTelegram } from '@countersign/fake-telegram';
import { AppModule } from '../../apps/api/src/app.module';
import { PlaygroundModule } from '../../tools/playground/src';
import { aBotToken } from '../factories';
import { useTestApp } from '../support/use-test-app';

describe('the service without a launcher', () => {
  const app = useTestApp();

  it.each(['', '/files/main.js', '/people', '/launch'])('has no page at /playground%s', async (path) => {
    await app.http.get(`/playground${path}`).expect(404);
  });

  it('signs for no one at /playground/init-data', async () => {
    await app.http.post('/playground/init-data').send({ id: 4_000_000_000_000_001 }).expect(404);
  });
});

describe('the playground', () => {
  it('cannot be added in production', async () => {
    const added = [
      PlaygroundModule.of({
        applicationId: randomUUID(),
        botToken: aBotToken(),
        telegram: new FakeTelegram(),
        address: 'http://127.0.0.1:3000',
        consoleUrl: 'http://127.0.0.1:3002',
      }),
    ];
    const start = (nodeEnv: string) =>
      AppModule.of({ nodeEnv, use: ['none'] } as unknown as Configuration, createLogger('silent'), added);

    await expect(start('production')).rejects.toThrow('Nothing is added to the product in production.');
    await expect(start('development')).resolves.toBeDefined();
  });
});
