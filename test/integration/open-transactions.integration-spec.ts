import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { AuditSigner } from '@countersign/audit';
import { afterCommit, Database, OLDEST_OPEN } from '@countersign/database';
import { until } from '../support/until';
import { useApplication, useTestApp, useTestDatabase } from '../support/use-test-app';

const BEGIN = 'SELECT pg_current_xact_id()';

describe('a transaction that stays open', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  /** Of a neighbour on the same server. */
  const neighbour = useTestDatabase({ isEmpty: true });

  /** Signs what is there, and tells whether anything is left. */
  async function isAllSealed(): Promise<boolean> {
    app.clock.advance(121);
    await app.nest.get(AuditSigner).run();
    const [last] = await app.database.query<{ isAll: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM audit_records, (SELECT before, horizon FROM audit_blocks ORDER BY number DESC LIMIT 1) AS last
         WHERE occurred_at >= before OR xid >= horizon) AS "isAll"`,
    );
    return last?.isAll === true;
  }

  /** A transaction of another test may delay it by a moment. */
  async function expectUndelayed(): Promise<void> {
    await app.signIn(demo);
    await until(isAllSealed);
  }

  async function expectHeldBack(end: () => Promise<unknown>): Promise<void> {
    await app.signIn(demo);
    try {
      for (let round = 0; round < 5; round += 1) expect(await isAllSealed()).toBe(false);
    } finally {
      await end();
    }
    await until(isAllSealed);
  }

  it('in another database holds no seal back', async () => {
    const holder = await neighbour.hold(BEGIN);
    try {
      await expectUndelayed();
    } finally {
      await holder.commit();
    }
  });

  it('in another database does not either when it is prepared', async () => {
    const name = `neighbour-${randomUUID()}`;
    await neighbour.query(`BEGIN; ${BEGIN}; PREPARE TRANSACTION '${name}'`);
    try {
      await expectUndelayed();
    } finally {
      await neighbour.query(`ROLLBACK PREPARED '${name}'`);
    }
  });

  it('in this database holds seals back until it ends', async () => {
    const other = await neighbour.hold(BEGIN);
    const holder = await app.database.hold(BEGIN);
    await expectHeldBack(() => holder.commit());
    await other.commit();
  });

  it('in this database holds seals back when it is prepared, until it ends', async () => {
    const name = `own-${randomUUID()}`;
    await app.database.query(`BEGIN; ${BEGIN}; PREPARE TRANSACTION '${name}'`);
    await expectHeldBack(() => app.database.query(`COMMIT PREPARED '${name}'`));
  });

  it('is recognised as one of another database by a role without privileges too', async () => {
    const role = `plain_${randomUUID().replaceAll('-', '')}`;
    await app.database.query(`CREATE ROLE ${role}`);
    const holder = await neighbour.hold(BEGIN);
    const client = new Client({ connectionString: app.database.directUrl });
    await client.connect();
    try {
      const [open] = await app.database.query<{ xid: string }>(
        'SELECT backend_xid::text AS xid FROM pg_stat_activity WHERE datname = $1 AND backend_xid IS NOT NULL',
        [neighbour.name],
      );
      await client.query(`SET ROLE ${role}`);
      await until(async () => {
        const { rows } = await client.query<{ oldest: string }>(`SELECT ${OLDEST_OPEN}::text AS oldest`);
        return Number(rows[0]?.oldest) > Number(open?.xid);
      });
    } finally {
      await client.end();
      await holder.commit();
      await app.database.query(`DROP ROLE ${role}`);
    }
  });
});

describe('what is done after a commit', () => {
  const app = useTestApp();

  it('is not done for what is rolled back, and once for what is repeated', async () => {
    const database = app.nest.get(Database);
    let [committed, rolledBack, attempts] = [0, 0, 0];
    const failed = database.transaction((tx) => {
      afterCommit(tx, () => (rolledBack += 1));
      return Promise.reject(new Error('no'));
    });
    await expect(failed).rejects.toThrow('no');
    await database.transaction(async (tx) => {
      afterCommit(tx, () => (committed += 1));
      attempts += 1;
      if (attempts === 1) await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$`);
      await tx.query('SELECT 1');
    });

    expect({ committed, rolledBack, attempts }).toEqual({ committed: 1, rolledBack: 0, attempts: 2 });
  });
});
