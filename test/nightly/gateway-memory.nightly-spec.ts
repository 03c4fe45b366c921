import { Metrics } from '@countersign/runtime';
import { countBy, times } from '../factories';
import { PATIENT_SERVICE } from '../support/patient-service';
import { statementsOf } from '../support/statement-count';
import type { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

async function metricOf(app: TestApp, name: string): Promise<number> {
  const lines = (await app.nest.get(Metrics).expose()).split('\n');
  return Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? 0);
}

const entriesOf = (app: TestApp, cache: string) =>
  metricOf(app, `countersign_cache_entries{cache="${cache}"}`);

describe('the check and the database', () => {
  const app = useTestApp({ environment: PATIENT_SERVICE });
  const shop = useApplication(app, { settings: { scopes: ['orders:read'], audiences: ['orders'] } });

  beforeAll(async () => {
    // What is of the application and of the service is in memory.
    await app.check((await app.signIn(shop)).accessToken);
  });

  it('a flood of junk sends no statement and stays in no memory', async () => {
    const { accessToken } = await app.signIn(shop);
    const [before, sessions] = [await entriesOf(app, 'refusals'), await entriesOf(app, 'sessions')];

    const statements = await statementsOf(app, async () => {
      const answers = await Promise.all(
        times(100, (index) => app.check(`${accessToken.slice(0, -6)}${String(index).padStart(6, 'A')}`)),
      );
      expect(countBy(answers, ({ status }) => status)).toEqual({ 401: 100 });
    });

    expect(statements).toEqual([]);
    expect(await entriesOf(app, 'refusals')).toBe(before);
    expect(await entriesOf(app, 'sessions')).toBe(sessions);
  });
});

describe('the memory of the check, in characters,', () => {
  const app = useTestApp({ environment: PATIENT_SERVICE });

  it('is bounded: of long identity tokens some are made anew', async () => {
    const scopes = times(64, (index) => `${'s'.repeat(61)}${String(index).padStart(3, '0')}`);
    const demo = await app.createApplication({ settings: { scopes } });
    for (let round = 0; round < 350; round += 1) {
      const sessions = await Promise.all(times(10, () => app.signIn(demo)));
      const answers = await Promise.all(sessions.map(({ accessToken }) => app.check(accessToken)));
      expect(answers.map(({ status }) => status)).toEqual(times(10, () => 200));
    }

    // Their scopes alone take almost 6 KiB each.
    const entries = await entriesOf(app, 'identity_tokens');
    expect(entries).toBeGreaterThan(2_000);
    expect(entries).toBeLessThan(3_000);
  });
});
