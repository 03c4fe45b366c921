import { join } from 'node:path';
import { RunningClock } from '../support/fake-clock';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { ReplicaProcess } from '../system/support/replica-process';

describe('the service as a process of its own', () => {
  const app = useTestApp({ clock: new RunningClock() });
  const demo = useApplication(app);
  const replica = useFixture(
    () =>
      ReplicaProcess.of(app, {
        NODE_OPTIONS: `--require ${join(__dirname, 'defect-on-signal.cjs')}`,
        DEMO_TELEGRAM_KEY: `${demo.botId}:${app.telegram.publicKeyHex}`,
      }),
    { close: (made) => made.kill() },
  );

  async function isSignedIn(): Promise<boolean> {
    const answer = await fetch(`${replica.url}/v1/auth/telegram/init-data`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ applicationId: demo.applicationId, initData: app.initDataOf(demo) }),
    });
    await answer.arrayBuffer();
    return answer.status === 200;
  }

  it('ends with 1 after a rejection that nothing handles', async () => {
    await replica.start();
    expect(await isSignedIn()).toBe(true);
    replica.signal('SIGUSR2');

    expect(await replica.ended).toBe(1);
  });
});
