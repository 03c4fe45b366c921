import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { JournalSeal } from '@countersign/embedded-wallets';
import { generateKeyRing } from '@countersign/crypto';
import { Metrics } from '@countersign/runtime';
import { HealthService } from '../../apps/api/src/health/health.service';
import { TestCustody } from '../support/custody';
import { rewriteHashes } from '../support/custody-journal';
import { FakeClock } from '../support/fake-clock';
import { Countersign } from '../support/run-countersign';
import { TestApp } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useTestDatabase } from '../support/use-test-app';

const DAY_SECONDS = 86_400;
const DIFFERS = { code: 'custody.journal_differs' };

/** The attacker is a superuser of custody's database, and has neither key ring. */
describe('the journal of custody, beside the audit trail', () => {
  const keys = JSON.stringify(generateKeyRing());
  const database = useTestDatabase();
  const clock = useFixture(() => new FakeClock());
  const custody = useFixture(() => TestCustody.start(), { close: (one) => one.close() });
  const environment = () => ({ CUSTODY_SOCKET: custody.socket });
  const app = useFixture(() => TestApp.start({ database, keys, clock, environment: environment() }), {
    close: (made) => made.close(),
  });

  const seal = () => app.nest.get(JournalSeal).run();
  const differs = async () =>
    /^countersign_custody_journal_differs\{.*\} (\d)$/m.exec(await app.nest.get(Metrics).expose())?.[1];
  const act = () => custody.client.create({ callId: randomUUID(), walletId: randomUUID() }, 'production');
  const change = (...statements: string[]) =>
    custody.asSuperuser(async (client) => {
      await client.query('SET session_replication_role = replica');
      for (const statement of statements) await client.query(statement);
    });
  const changeAndRewrite = (statement: string) =>
    custody.asSuperuser(async (client: Client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(statement);
      await rewriteHashes(client);
    });

  /** A journal that is new, and an audit trail that knows nothing of it. Commands have the real time. */
  beforeEach(async () => {
    await change(
      'DELETE FROM custody.journal',
      `UPDATE custody.journal_head SET sequence = 0, hash = decode(repeat('00', 32), 'hex')`,
    );
    clock.catchUp();
    await database.query('TRUNCATE audit_records');
    for (let count = 0; count < 5; count += 1) await act();
  });

  it('is sealed when it has grown, and once a day', async () => {
    expect(await seal()).toBe(5);
    expect(await seal()).toBeNull();
    await act();
    expect(await seal()).toBe(6);
    clock.advance(DAY_SECONDS);
    expect(await seal()).toBe(6);
    expect(await differs()).toBe('0');
  });

  it.each<readonly [string, () => Promise<void>, number]>([
    ['an entry is deleted', () => change('DELETE FROM custody.journal WHERE sequence = 3'), 3],
    [
      'the last entry is deleted, and the head put back',
      () =>
        change(
          'DELETE FROM custody.journal WHERE sequence = 5',
          'UPDATE custody.journal_head SET (sequence, hash) = (SELECT sequence, hash FROM custody.journal WHERE sequence = 4)',
        ),
      5,
    ],
    [
      'all entries are deleted, and the head put back',
      () =>
        change(
          'DELETE FROM custody.journal',
          `UPDATE custody.journal_head SET sequence = 0, hash = decode(repeat('00', 32), 'hex')`,
        ),
      2,
    ],
    [
      'the wallet of an entry is another one',
      () => change('UPDATE custody.journal SET wallet_id = gen_random_uuid() WHERE sequence = 2'),
      2,
    ],
    [
      'an instant is endless',
      () => change(`UPDATE custody.journal SET at = 'infinity' WHERE sequence = 4`),
      4,
    ],
    [
      'an entry and all hashes are rewritten',
      () => changeAndRewrite('UPDATE custody.journal SET wallet_id = gen_random_uuid() WHERE sequence = 2'),
      5,
    ],
    [
      'the last entry is deleted, and two others stand there',
      async () => {
        await change('DELETE FROM custody.journal WHERE sequence = 5');
        await changeAndRewrite(
          `INSERT INTO custody.journal (sequence, call_id, call, wallet_id, at, hash)
           SELECT n, gen_random_uuid(), 'create', gen_random_uuid(), now(), '' FROM generate_series(5, 6) n`,
        );
      },
      5,
    ],
  ])('differs when %s', async (_, attack, entry) => {
    await seal();
    await attack();
    await act().catch(() => undefined);
    // Entries before the sealed head are followed once a day.
    clock.advance(DAY_SECONDS);
    await expect(seal()).rejects.toMatchObject(DIFFERS);
    const line = app.logLines.findLast((each) => each.includes('journal_differs'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ entry });
  });

  it('is not sealed over one that differs, until an operator accepts a restored backup', async () => {
    await seal();
    await change(
      'DELETE FROM custody.journal WHERE sequence > 3',
      'UPDATE custody.journal_head SET (sequence, hash) = (SELECT sequence, hash FROM custody.journal WHERE sequence = 3)',
    );
    await act();

    await expect(seal()).rejects.toMatchObject(DIFFERS);
    expect(app.logLines.some((line) => line.includes('journal_differs'))).toBe(true);
    expect(await differs()).toBe('1');
    await new Countersign(app, environment()).json('custody accept --reason restored');
    await act();
    expect(await seal()).toBe(5);
    expect(await differs()).toBe('0');
    clock.advance(DAY_SECONDS);
    expect(await seal()).toBe(5);
  });

  it('is not compared while custody is away, which readiness and a command say', async () => {
    const custodyOf = async () => {
      const checks = await app.nest.get(HealthService).readiness();
      return checks.find(({ name }) => name === 'custody');
    };
    const status = () => new Countersign(app, environment()).json('custody status');
    await seal();
    expect(await custodyOf()).toMatchObject({ ok: true, detail: 'ok' });
    // Nothing of a wallet.
    expect(await status()).toEqual({
      isReachable: true,
      toRewrap: 0,
      journalEntries: 5,
      stoppedAt: null,
      stoppedFor: null,
    });
    await custody.kill();

    await expect(seal()).rejects.toMatchObject({ code: 'wallet.custody_unavailable' });
    const detail = expect.stringContaining('does not answer') as string;
    expect(await custodyOf()).toMatchObject({ ok: true, detail });
    expect(await status()).toMatchObject({ isReachable: false, journalEntries: null });
    await custody.run();
  });
});
