import { randomUUID } from 'node:crypto';
import { DAY } from '@countersign/clock';
import { BoardsService, ScoreUpkeep, SeasonUpkeep } from '@countersign/leaderboards';
import { times } from '../factories';
import { aBoard, aScore, correct, peopleOf, rankOf, read, score, standingsOf } from '../support/boards';
import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication } from '../support/oauth';
import { signInPerson } from '../support/person-session';
import { aReferrer, joinBy, withReferrals } from '../support/referrals';
import { addMember, aTeam } from '../support/teams';
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
    it('is closed once by three replicas at once, with its final page', async () => {
      const boards = await Promise.all(times(4, () => aBoard(app, demo, { calendar: 'daily' })));
      const [one, two] = [await person(), await person()];
      for (const boardId of boards) await score(app, demo, boardId, aScore(one, 3), aScore(two, 9));
      app.clock.advance(DAY / 1_000);
      await subscribe(app.database, ['board.season_closed']);

      try {
        const closed = await Promise.all(
          [app, second, third, app, second, third].map((replica) => replica.nest.get(SeasonUpkeep).run()),
        );

        expect(closed.reduce((sum, count) => sum + count, 0)).toBe(4);
        const events = (await eventsOf(app.database)).filter(({ subject }) => boards.includes(subject));
        expect(events.map(({ subject }) => subject).toSorted()).toEqual(boards.toSorted());
        for (const { data } of events)
          expect(JSON.parse(String(data['finalPage']))).toEqual([
            { rank: 1, userId: two.userId, score: 9 },
            { rank: 2, userId: one.userId, score: 3 },
          ]);
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
      const sent = aScore(one, 3);
      await score(app, demo, boardId, sent);
      const [before] = await seasonsOf(boardId);
      app.clock.advance(DAY / 1_000);

      // Before any replica has closed it.
      await score(app, demo, boardId, aScore(one, 8));
      await app.nest.get(SeasonUpkeep).run();

      const [current, earlier] = await seasonsOf(boardId);
      expect(earlier).toEqual({ ...before, closedAt: expect.any(String) as unknown });
      expect(current).toMatchObject({ number: 2, startsAt: before?.endsAt, closedAt: null });
      expect(await rankOf(app, demo, boardId, one)).toMatchObject({ rank: 1, score: 8, people: 1 });
      const inEarlier = `?seasonId=${earlier?.seasonId}`;
      expect(await rankOf(app, demo, boardId, one, inEarlier)).toMatchObject({ score: 3 });
      expectProblem(await correct(app, boardId, sent.id, 100), 409, 'board.season_closed');
      expect(await rankOf(app, demo, boardId, one, inEarlier)).toMatchObject({ score: 3 });
    });

    it('loses its scores 90 days after its end, and no rank', async () => {
      const boardId = await aBoard(app, demo, { calendar: 'daily' });
      const one = await person();
      await score(app, demo, boardId, aScore(one, 3));
      const seasonId = (await seasonsOf(boardId))[0]?.seasonId ?? '';
      app.clock.advance(DAY / 1_000);
      await app.nest.get(SeasonUpkeep).run();
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

  it('corrects and withdraws a score, with a reason', async () => {
    const boardId = await aBoard(app, demo);
    const [one, two] = [await person(), await person()];
    const [first, best] = [aScore(one, 3), aScore(one, 9)];
    await score(app, demo, boardId, first, aScore(two, 5), best);

    const answer = await correct(app, boardId, best.id, null);

    expect(answer.body).toMatchObject({ id: best.id, userId: one.userId, sentScore: 9, score: null });
    expect(await standingsOf(app, demo, boardId)).toEqual([
      [1, two.userId, 5],
      [2, one.userId, 3],
    ]);
    expect((await correct(app, boardId, first.id, 7)).status).toBe(200);
    expect(await rankOf(app, demo, boardId, one)).toMatchObject({ rank: 1, score: 7 });
    expect((await correct(app, boardId, first.id, null)).status).toBe(200);
    expect(await standingsOf(app, demo, boardId)).toEqual([[1, two.userId, 5]]);
    expectProblem(await read(app, demo, `${boardId}/ranks/${one.userId}`), 404, 'board.not_ranked');
    expectProblem(await correct(app, boardId, 'no-such-score', 1), 404, 'board.score_not_found');
    expectProblem(await correct(app, randomUUID(), first.id, 1), 404, 'board.not_found');
    // Sent once more, a withdrawn score stays withdrawn.
    const again = await app.http
      .post(`/v1/boards/${boardId}/scores`)
      .auth(demo.applicationId, demo.clientSecret)
      .send({ scores: [first] });
    expect(again.body).toMatchObject({ results: [{ outcome: 'repeated' }] });
    expect(await standingsOf(app, demo, boardId)).toEqual([[1, two.userId, 5]]);
  });

  it('counts a sum anew from more scores than a page has', async () => {
    const boardId = await aBoard(app, demo, { rule: 'sum' });
    const one = await person();
    const wrong = aScore(one, 500);
    await score(app, demo, boardId, wrong, ...times(999, () => aScore(one, 1)));
    await score(app, demo, boardId, ...times(7, () => aScore(one, 1)));

    expect((await correct(app, boardId, wrong.id, null)).status).toBe(200);

    expect(await rankOf(app, demo, boardId, one)).toMatchObject({ score: 1_006 });
  });

  describe('a group', () => {
    it('has ranks of its own among the members of a team', async () => {
      const boardId = await aBoard(app, demo);
      const owner = await person();
      const [member, stranger] = [await person(), await person()];
      const { teamId } = await aTeam(owner);
      await addMember(app, teamId, member, 'viewer');
      await addMember(app, teamId, await person(), 'viewer');
      await score(app, demo, boardId, aScore(stranger, 9), aScore(owner, 7), aScore(member, 5));

      const query = `?teamId=${teamId}`;
      expect(await standingsOf(app, demo, boardId, query)).toEqual([
        [1, owner.userId, 7],
        [2, member.userId, 5],
      ]);
      expect(await rankOf(app, demo, boardId, member, query)).toMatchObject({ rank: 2, people: 2 });
      const last = (await member.get(`/v1/boards/${boardId}/top${query}&limit=1`)).body as {
        nextCursor: string;
      };
      await app.database.query('DELETE FROM board_entries WHERE user_id = $1', [member.userId]);
      const empty = await member.get(`/v1/boards/${boardId}/top${query}&cursor=${last.nextCursor}`);
      expect(empty.body).toMatchObject({ items: [], people: 1 });
      await score(app, demo, boardId, aScore(member, 5));
      const around = await member.get(`/v1/boards/${boardId}/around/${member.userId}${query}&each=1`);
      expect((around.body as { items: object[] }).items).toMatchObject([{ rank: 1 }, { rank: 2 }]);
      const page = await member.get(`/v1/boards/${boardId}/top${query}&limit=1`);
      const { nextCursor } = page.body as { nextCursor: string };
      expect(await standingsOf(app, demo, boardId, `${query}&cursor=${nextCursor}`)).toEqual([
        [2, member.userId, 5],
      ]);
      expectProblem(await stranger.get(`/v1/boards/${boardId}/top${query}`), 403, 'team.not_a_member');
      expectProblem(
        await read(app, demo, `${boardId}/ranks/${stranger.userId}${query}`),
        404,
        'board.not_ranked',
      );
      const other = await aConfidentialApplication(app);
      expectProblem(await read(app, other, `${await aBoard(app, other)}/top${query}`), 404, 'team.not_found');
    });

    it('is too large with more than 10,000 people, also where none of them has a score', async () => {
      const boardId = await aBoard(app, demo);
      const owner = await person();
      const { teamId } = await aTeam(owner);
      await app.database.query(
        `INSERT INTO team_members SELECT (jsonb_populate_record(known, jsonb_build_object('user_id', people.id, 'role', 'viewer'))).*
         FROM team_members known, unnest($2::uuid[]) AS people (id) WHERE known.team_id = $1`,
        [teamId, await peopleOf(app, demo, 10_000)],
      );

      for (const path of ['top', `around/${owner.userId}`, `ranks/${owner.userId}`]) {
        const answer = await read(app, demo, `${boardId}/${path}?teamId=${teamId}`);
        expectProblem(answer, 409, 'board.group_too_large');
      }
    });

    it('has ranks of its own among the people whom a person referred', async () => {
      const boardId = await aBoard(app, demo);
      const { session, code } = await aReferrer(app, demo);
      const child = await joinBy(app, demo, code);
      const stranger = await person();
      await score(app, demo, boardId, aScore(stranger, 9), aScore(session, 5), aScore(child, 7));

      const query = `?referredBy=${session.userId}`;
      const own = await session.get(`/v1/boards/${boardId}/top${query}`);
      expect((own.body as { items: object[] }).items).toMatchObject([
        { rank: 1, userId: null, person: null },
        { rank: 2, userId: session.userId },
      ]);
      expect(await standingsOf(app, demo, boardId, query)).toEqual([
        [1, child.userId, 7],
        [2, session.userId, 5],
      ]);
      for (const path of ['around', 'ranks'])
        expectProblem(
          await session.get(`/v1/boards/${boardId}/${path}/${child.userId}${query}`),
          403,
          'board.group_hidden',
        );
      const off = await aConfidentialApplication(app);
      expectProblem(await read(app, off, `${await aBoard(app, off)}/top${query}`), 404, 'referral.off');
      expect(await rankOf(app, demo, boardId, session, query)).toMatchObject({ rank: 2, people: 2 });
      expectProblem(await child.get(`/v1/boards/${boardId}/top${query}`), 403, 'board.group_hidden');
      expectProblem(
        await session.get(`/v1/boards/${boardId}/top${query}&teamId=${session.userId}`),
        400,
        'request.invalid',
        [{ path: 'referredBy', code: 'not_together' }],
      );
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
