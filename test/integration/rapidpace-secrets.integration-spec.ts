import { randomBytes } from 'node:crypto';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import { generateKeyRing, type KeyRingDocument } from '@countersign/crypto';
import { times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import {
  aRapidpaceApplication,
  aRecord,
  codeOf,
  enter,
  openLink,
  postPlayer,
  queryOf,
  SEED,
  sign,
  without,
} from '../support/rapidpace';
import { useCountersign } from '../support/run-countersign';
import type { TestApp } from '../support/test-app';
import { TestWorker } from '../support/test-worker';
import { until } from '../support/until';
import { useReplica, useTestApp } from '../support/use-test-app';

describe('the secrets of Rapidpace', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const countersign = useCountersign(app);

  async function run(words: string, input?: string): Promise<string> {
    return (await countersign.run(words, input)).output;
  }

  async function add(applicationId: string, secret: string): Promise<string> {
    const output = await run(
      `application add-rapidpace-secret ${applicationId} --secret-stdin --json`,
      secret,
    );
    expect(output.trim().split('\n')).toHaveLength(1);
    const added = JSON.parse(output) as { secretId: string };
    expect(added).toEqual({ secretId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    return added.secretId;
  }

  async function remove(applicationId: string, secretId: string): Promise<unknown> {
    return JSON.parse(
      await run(`application remove-rapidpace-secret ${applicationId} ${secretId} --json`),
    ) as unknown;
  }

  function list(applicationId: string): Promise<unknown> {
    return countersign.lines(`application list-rapidpace-secrets ${applicationId}`);
  }

  function secondsAgo(seconds: number): string {
    return new Date(app.clock.now().getTime() - seconds * 1_000).toISOString();
  }

  it('may be several at once; one that is removed stops at once, on every replica', async () => {
    const { applicationId, secret: first, secretId } = await aRapidpaceApplication(app);
    const second = SEED.secret;
    const statusWith = async (target: TestApp, secret: string): Promise<number> => {
      const record = aRecord(app);
      return (await postPlayer(target, applicationId, record, sign(record, secret))).status;
    };

    expect([await statusWith(replica, first), await statusWith(app, second)]).toEqual([201, 401]);
    await add(applicationId, second);
    for (const target of [app, replica])
      expect([await statusWith(target, first), await statusWith(target, second)]).toEqual([201, 201]);

    const link = queryOf(aRecord(app), first);
    codeOf(await openLink(app, applicationId, link));
    await remove(applicationId, secretId);
    for (const target of [app, replica]) {
      expect([await statusWith(target, first), await statusWith(target, second)]).toEqual([401, 201]);
      expectProblem(await openLink(target, applicationId, link), 401, 'rapidpace.hmac_mismatch');
    }
  });

  it.each(['dated', 'undated'])(
    'let a %s record that is signed anew with the next secret in again',
    async (kind) => {
      const { applicationId, secret, secretId } = await aRapidpaceApplication(app, {
        rapidpace: { undatedLinks: 'accept' },
      });
      const record = kind === 'dated' ? aRecord(app) : without(aRecord(app), 'auth_date', 'trace_id');
      const before = await enter(app, applicationId, queryOf(record, secret));
      await add(applicationId, SEED.secret);
      await remove(applicationId, secretId);

      const after = await enter(app, applicationId, queryOf(record, SEED.secret));

      expect(after).toMatchObject({ userId: before.userId, isNewUser: false });
      expect(await enter(app, applicationId, queryOf(record, SEED.secret))).toEqual(after);
    },
  );

  it('stay what they are when added again, however simultaneously, and are listed once', async () => {
    const { applicationId, secretId: first } = await aRapidpaceApplication(app);
    const secret = randomBytes(24).toString('base64url');
    app.clock.advance(1);

    const ids = await Promise.all(
      times(8, async (index) => {
        const secrets = (index % 2 === 0 ? app : replica).nest.get(RapidpaceSecrets);
        return (await secrets.add(applicationId, secret)).secretId;
      }),
    );
    app.clock.advance(1);
    const again = await add(applicationId, secret);

    expect(new Set([...ids, again]).size).toBe(1);
    expect(await list(applicationId)).toEqual([
      { secretId: first, createdAt: secondsAgo(2) },
      { secretId: again, createdAt: secondsAgo(1) },
    ]);
    const added = await app.database.query(
      `SELECT 1 FROM audit_records WHERE action = 'rapidpace_secret.added' AND subject = $1`,
      [again],
    );
    expect(added).toHaveLength(1);
  });

  it('come back when they are added while a removal runs, and leave no digest of the former row', async () => {
    const { applicationId, secretId, secret } = await aRapidpaceApplication(app);
    const removal = await app.database.hold(`DELETE FROM rapidpace_secrets WHERE id = '${secretId}'`);
    const adding = app.nest.get(RapidpaceSecrets).add(applicationId, secret);
    await until(async () => {
      const [waiting] = await app.database.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting !== undefined;
    });
    await removal.commit();

    const added = await adding;
    expect(await app.nest.get(RapidpaceSecrets).list(applicationId)).toEqual([
      { ...added, createdAt: expect.any(Date) as Date },
    ]);
    expect(await app.database.query('SELECT 1 FROM digests WHERE owner_id = $1', [secretId])).toEqual([]);
    expect(
      await app.database.query('SELECT 1 AS found FROM digests WHERE owner_id = $1', [added.secretId]),
    ).toEqual([{ found: 1 }]);
  });

  it('may be the same in two applications, and are removed in one at a time', async () => {
    const one = await aRapidpaceApplication(app);
    const other = await aRapidpaceApplication(app, { secret: one.secret });
    expect(other.secretId).not.toBe(one.secretId);
    const link = queryOf(aRecord(app), one.secret);

    const [here, there] = [
      await enter(app, one.applicationId, link),
      await enter(app, other.applicationId, link),
    ];
    await remove(one.applicationId, one.secretId);

    expect(there.userId).toBe(here.userId);
    expect(there.sessionId).not.toBe(here.sessionId);
    expectProblem(await openLink(app, one.applicationId, link), 409, 'rapidpace.not_configured');
    expect((await enter(app, other.applicationId, link)).sessionId).toBe(there.sessionId);
  });

  it('are readable nowhere', async () => {
    const { applicationId } = await aRapidpaceApplication(app);
    const secretId = await add(applicationId, SEED.secret);
    const listed = await run(`application list-rapidpace-secrets ${applicationId}`);
    const stored = await app.database.query(
      `SELECT t::text FROM audit_records t UNION ALL SELECT t::text FROM rapidpace_secrets t
       UNION ALL SELECT t::text FROM digests t`,
    );
    expect(listed).toContain(secretId);
    expect(`${listed}${JSON.stringify(stored)}`).not.toContain(SEED.secret);
  });

  it('are recognised under an index key that was added since', async () => {
    const { applicationId, secret, secretId } = await aRapidpaceApplication(app);
    const ring = JSON.parse(app.keys) as KeyRingDocument;
    const [added] = generateKeyRing().index;
    if (!added) throw new Error('a ring has keys');
    const widened: KeyRingDocument = {
      ...ring,
      index: [...ring.index, added],
    };
    const { database } = app;
    const after = await TestWorker.start({ database, keys: JSON.stringify(widened) });
    const secrets = after.nest.get(RapidpaceSecrets);

    expect(await secrets.add(applicationId, secret)).toEqual({ secretId });
    expect(await secrets.list(applicationId)).toEqual([expect.objectContaining({ secretId })]);

    await after.close();
  });
});
