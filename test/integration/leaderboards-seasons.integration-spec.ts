import { DAY } from '@countersign/runtime';
import { BoardSeasons, BoardsService, ScoreUpkeep } from '@countersign/leaderboards';
import { times } from '../factories';
import { aBoard, aScore, rankOf, read, score } from '../support/boards';
import { aConfidentialApplication } from '../support/oauth';
import { signInPerson } from '../support/person-session';
import { withReferrals } from '../support/referrals';
import { eventsOf, subscribe, unsubscribe } from '../support/told-events';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

interface SeasonBody {
  readonly seasonId: string;
  readonly number: number;
  readonly startsAt: string;
  readonly endsAt: string | null;
  readonly closedAt: string | null;
}

describe('leaderboards over time', () => {
  const app = useTestApp();
  const second = useReplica(app);
  const third = useReplica(app);
  const demo = useFixture(() => aConfidentialApplication(app, withReferrals()));

  const person = () => signInPerson(app, demo);
  const seasonsOf = async (boardId: string): Promise<readonly SeasonBody[]> => {
    const { status, body } = await read(app, demo, `${boardId}/seasons`);
    expect(status).toBe(200);
    return (body as { items: readonly SeasonBody[] }).items;
  };

  describe('a season of the calendar', () => {
    it('is closed once by three replicas at once, with one event', async () => {
      const boards = await Promise.all(times(4, () => aBoard(app, demo, { calendar: 'daily' })));
      const [one, two] = [await person(), await person()];
      for (const boardId of boards) await score(app, demo, boardId, aScore(one, 3), aScore(two, 9));
      app.clock.advance(DAY / 1_000);
      await subscribe(app.database, ['board.season_closed']);

      try {
        const closed = await Promise.all(
          [app, second, third, app, second, third].map((replica) => replica.nest.get(BoardSeasons).run()),
        );

        expect(closed.reduce((sum, count) => sum + count, 0)).toBe(4);
        const events = (await eventsOf(app.database)).filter(({ subject }) => boards.includes(subject));
        expect(events.map(({ subject }) => subject).toSorted()).toEqual(boards.toSorted());
        const records = await app.database.query(
          `SELECT 1 FROM audit_records WHERE action = 'board.season_closed' AND subject = ANY($1)`,
          [boards],
        );
        expect(records).toHaveLength(4);
      } finally {
        await unsubscribe(app.database);
      }
    });

    it('begins once by three replicas at once', async () => {
      const boardId = await aBoard(app, demo, { calendar: 'daily' });
      const one = await person();
      await score(app, demo, boardId, aScore(one, 3));
      app.clock.advance(DAY / 1_000);

      await Promise.all(
        times(4, () => [app, second, third])
          .flat()
          .map((replica) => score(replica, demo, boardId, aScore(one, 1))),
      );

      expect((await seasonsOf(boardId)).map(({ number }) => number)).toEqual([2, 1]);
      const again = app.database.query(
        `INSERT INTO board_seasons (id, board_id, number, starts_at, ends_at)
         SELECT gen_random_uuid(), board_id, 3, starts_at, ends_at FROM board_seasons WHERE board_id = $1 AND number = 2`,
        [boardId],
      );
      await expect(again).rejects.toThrow('uq_board_seasons_end');
    });

    it('takes scores of its time alone, and its ranks stay', async () => {
      const boardId = await aBoard(app, demo, { calendar: 'daily' });
      const one = await person();
      await score(app, demo, boardId, aScore(one, 3));
      const [before] = await seasonsOf(boardId);
      app.clock.advance(DAY / 1_000);

      // Before any replica has closed it.
      await score(app, demo, boardId, aScore(one, 8));
      await app.nest.get(BoardSeasons).run();

      const [current, earlier] = await seasonsOf(boardId);
      expect(earlier).toEqual({ ...before, closedAt: expect.any(String) as unknown });
      expect(current).toMatchObject({ number: 2, startsAt: before?.endsAt, closedAt: null });
      expect(await rankOf(app, demo, boardId, one)).toMatchObject({ rank: 1, score: 8, people: 1 });
      const inEarlier = `?seasonId=${earlier?.seasonId}`;
      expect(await rankOf(app, demo, boardId, one, inEarlier)).toMatchObject({ score: 3 });
    });

    it('loses its scores 90 days after its end, and no rank', async () => {
      const boardId = await aBoard(app, demo, { calendar: 'daily' });
      const one = await person();
      await score(app, demo, boardId, aScore(one, 3));
      const seasonId = (await seasonsOf(boardId))[0]?.seasonId ?? '';
      app.clock.advance(DAY / 1_000);
      await app.nest.get(BoardSeasons).run();
      const stored = () => app.database.query('SELECT 1 FROM board_scores WHERE season_id = $1', [seasonId]);

      app.clock.advance((89 * DAY) / 1_000);
      await app.nest.get(ScoreUpkeep).run();
      expect(await stored()).toHaveLength(1);
      app.clock.advance((2 * DAY) / 1_000);
      await app.nest.get(ScoreUpkeep).run();

      expect(await stored()).toEqual([]);
      expect(await rankOf(app, demo, boardId, one, `?seasonId=${seasonId}`)).toMatchObject({ score: 3 });
    });
  });

  it('changes the name of a board, and nothing by the same change again', async () => {
    const boardId = await aBoard(app, demo);
    const operations = app.nest.get(BoardsService);

    await operations.change(boardId, { name: 'Rally' });
    await operations.change(boardId, { name: 'Rally' });

    expect((await read(app, demo, boardId)).body).toMatchObject({ boardId, name: 'Rally', rule: 'best' });
    expect(
      await app.database.query(
        `SELECT 1 FROM audit_records WHERE action = 'board.changed' AND subject = $1`,
        [boardId],
      ),
    ).toHaveLength(1);
  });
});
