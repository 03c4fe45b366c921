import { decodeJwt } from 'jose';
import { Metrics } from '@countersign/observability';
import { countBy, times, type SignInBody } from '../factories';
import { PATIENT_SERVICE } from '../support/patient-service';
import { sendRaw } from '../support/raw-http';
import { statementsOf } from '../support/statement-count';
import type { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

const CROWD = 100;

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

  async function checkOften(count: number, { accessToken }: SignInBody): Promise<Record<string, number>> {
    const statuses: number[] = [];
    while (statuses.length < count) {
      const answers = await Promise.all(times(50, () => app.check(accessToken)));
      statuses.push(...answers.map(({ status }) => status));
    }
    return countBy(statuses, (status) => status);
  }

  it('two hundred checks of a warm session send no statement, and change no row', async () => {
    const session = await app.signIn(shop);
    await app.check(session.accessToken);
    const [before] = await versionOf(session);
    // Each use moves the deadline in memory.
    app.clock.advance(10);
    let answers = {};

    const statements = await statementsOf(app, async () => {
      answers = await checkOften(200, session);
    });

    expect(answers).toEqual({ 200: 200 });
    expect(statements).toEqual([]);
    expect(await versionOf(session)).toEqual([before]);
  });

  it('a hundred simultaneous checks of a cold live token send one statement', async () => {
    expect(await statementsOfCrowd(await app.signIn(shop), 200)).toHaveLength(1);
  });

  it('a hundred simultaneous checks of a cold token get one identity token for each audience', async () => {
    const { accessToken } = await app.signIn(shop);
    const answers = await Promise.all(
      times(CROWD, (index) => app.check(accessToken, index % 2 ? '?audience=orders' : '')),
    );
    const tokens = answers.map(({ headers }) => headers['x-identity-token'] ?? '');

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: CROWD });
    expect([...new Set(tokens)].map((token) => decodeJwt(token).aud).sort()).toEqual(
      [shop.applicationId, 'orders'].sort(),
    );
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

  /** Statements about sessions while all ask before the first of them is answered. */
  async function statementsOfCrowd({ accessToken }: SignInBody, status: number): Promise<readonly string[]> {
    const misses = 'countersign_cache_lookups_total{cache="sessions",result="miss"}';
    const before = await metricOf(app, misses);
    const holder = await app.database.hold('LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE');
    let texts: readonly string[] = [];
    const statements = await statementsOf(app, async () => {
      const conversation = times(CROWD / 25, (index) => {
        const connection = index === CROWD / 25 - 1 ? 'close' : 'keep-alive';
        return `GET /v1/gateway/authorize HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${accessToken}\r\nConnection: ${connection}\r\n\r\n`;
      }).join('');
      const asking = Promise.all(times(25, () => sendRaw(app.gatewayPort, conversation)));
      await until(async () => (await metricOf(app, misses)) - before === CROWD);
      await holder.commit();
      texts = (await asking).map(({ text }) => text);
    });
    const statuses = texts.flatMap((text) =>
      [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => code),
    );
    expect(countBy(statuses, (code) => code ?? '')).toEqual({ [status]: CROWD });
    return statements.filter((statement) => statement.includes('sessions'));
  }

  async function versionOf({ sessionId }: SignInBody): Promise<object[]> {
    return app.database.query('SELECT xmin::text, ctid::text FROM sessions WHERE id = $1', [sessionId]);
  }
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
