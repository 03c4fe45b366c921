import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { BatchedDeletions, Database } from '@countersign/database';
import { ScoreUpkeep } from '@countersign/leaderboards';
import { aBoard } from '../support/boards';
import { CountingReads } from '../support/rows-read';
import { useApplication, useTestApp } from '../support/use-test-app';

const OPEN_SEASON = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

/** A side task reads and writes what is new, and not what an installation has stored over the years. */
interface UpkeepOfScores {
  readonly scores: { deleteOld: (tx: EntityManager, before: Date, limit: number) => Promise<number> };
}

describe('a side task', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('deletes what had expired when it began, and leaves to the next run what expires meanwhile', async () => {
    const instants: number[] = [];
    const deleted = await app.nest.get(BatchedDeletions).run(2, (_tx, now) => {
      instants.push(now.getTime());
      app.clock.advance(1);
      return Promise.resolve(instants.length < 4 ? 2 : 1);
    });

    expect(deleted).toBe(7);
    expect(new Set(instants).size).toBe(1);
  });

  it('looks at no closed season whose scores are gone', async () => {
    const boardId = await aBoard(app, demo);
    await app.database.query(
      `INSERT INTO board_seasons (id, board_id, number, starts_at, ends_at, closed_at, ranked_to)
       SELECT gen_random_uuid(), '${boardId}', 1 + day, now() - (day + 1) * interval '1 day', now() - day * interval '1 day', now() - day * interval '1 day', 0
       FROM generate_series(1, 2000) AS day`,
    );
    const { userId } = await app.signIn(demo);
    await app.database.query(
      `INSERT INTO board_seasons (id, board_id, number, starts_at, ends_at, ranked_to)
       VALUES ($1, $2, 3000, now(), now() + interval '1 day', 0)`,
      [OPEN_SEASON, boardId],
    );
    await app.database.query(
      `INSERT INTO board_scores (board_id, season_id, id, user_id, score, sequence, accepted_at)
       SELECT $1::uuid, $2::uuid, gen_random_uuid(), $3::uuid, 1, number, now() FROM generate_series(1, 5000) AS number`,
      [boardId, OPEN_SEASON, userId],
    );
    await app.database.query('ANALYZE board_seasons, board_scores');
    const upkeep = app.nest.get<unknown, UpkeepOfScores>(ScoreUpkeep);
    const reads = new CountingReads();
    const removed = await app.nest
      .get(Database)
      .transaction((tx) => upkeep.scores.deleteOld(reads.of(tx), app.clock.now(), 100));

    expect(removed).toBe(0);
    expect(reads.rows).toBeLessThan(50);
  });

  it('finds the newest seal of custody’s journal behind the sign-ins of a day', async () => {
    const at = app.clock.now().toISOString();
    const insert = (action: string, count: number) =>
      app.database.query(
        `INSERT INTO audit_records (occurred_at, id, action, actor, details)
         SELECT '${at}', gen_random_uuid(), '${action}', 'system', '{"entry": "7"}' FROM generate_series(1, ${count})`,
      );
    await insert('custody.journal_sealed', 1);
    await insert('session.opened', 5_000);
    const reads = new CountingReads();
    const found = await app.nest
      .get(Database)
      .read((manager) => app.nest.get(AuditService).newestSeal(reads.of(manager), new Date(0)));

    expect(found?.details).toEqual({ entry: '7' });
    expect(reads.rows).toBeLessThan(5);
  });
});
