import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { patience } from '../runner/patience.cjs';
import { DatabaseLine } from '../support/database-line';
import { DueJobs } from '../support/due-jobs';
import { RunningClock } from '../support/fake-clock';
import { databaseEnvironment } from '../support/test-database';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { ReplicaProcess } from '../system/support/replica-process';

const LONG_MS = 120_000;
const MAX_PAUSE_MS = 10_000;
/** With the build of the service. */
const TIMEOUT_MS = 5 * LONG_MS * patience;

describe('the service as a process of its own', () => {
  const app = useTestApp({ clock: new RunningClock() });
  const demo = useApplication(app);
  const line = useFixture(() => DatabaseLine.start(app.database), { close: (made) => made.cut() });
  const replica = useFixture(
    () =>
      ReplicaProcess.of(app, {
        ...databaseEnvironment(line.database),
        ...{ PATIENCE: '1', NODE_OPTIONS: `--require ${join(__dirname, 'defect-on-signal.cjs')}` },
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

  it(
    'outlives a database that is slow and silent at random moments: sign-ins succeed, and each job runs',
    async () => {
      const jobs = new DueJobs(app.database);
      line.slowDown();
      await replica.start();
      const end = performance.now() + LONG_MS;
      for (let silences = 0; performance.now() < end; silences += 1) {
        await jobs.makeAllDue();
        await sleep(randomInt(MAX_PAUSE_MS));
        await line.fallSilent(silences % 2 === 1);
        await until(isSignedIn);
        await jobs.untilAllRan();
      }

      expect(await jobs.registered()).not.toEqual([]);
      replica.signal('SIGTERM');
      expect(await replica.ended).toBe(0);
    },
    TIMEOUT_MS,
  );

  it('ends with 1 after a rejection that nothing handles', async () => {
    await replica.start();
    expect(await isSignedIn()).toBe(true);
    replica.signal('SIGUSR2');

    expect(await replica.ended).toBe(1);
  });
});
