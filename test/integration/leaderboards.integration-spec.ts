import { randomUUID } from 'node:crypto';
import { times } from '../factories';
import {
  aBoard,
  aScore,
  countRanks,
  peopleOf,
  rankOf,
  read,
  score,
  send,
  standingsOf,
  topOf,
} from '../support/boards';
import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const MAX = Number.MAX_SAFE_INTEGER;

interface ResultsBody {
  readonly results: readonly {
    readonly id: string;
    readonly outcome: string;
    readonly code: string | null;
  }[];
}

describe('leaderboards', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app));
  const other = useFixture(() => aConfidentialApplication(app));

  const resultsOf = async (boardId: string, sent: readonly object[]) => {
    const answer = await send(app, demo, boardId, sent);
    expect(answer.status).toBe(200);
    return (answer.body as ResultsBody).results.map(({ outcome, code }) => code ?? outcome);
  };
  const people = (count: number) => Promise.all(times(count, () => signInPerson(app, demo)));

  describe('POST /v1/boards/{boardId}/scores', () => {
    it('counts a score once, by its id', async () => {
      const boardId = await aBoard(app, demo, { rule: 'sum' });
      const [person, another] = await people(2);
      if (!person || !another) throw new Error('nobody');
      const sent = aScore(person, 5);

      expect(await resultsOf(boardId, [sent, sent])).toEqual(['accepted', 'repeated']);
      expect(await resultsOf(boardId, [sent, { ...sent, score: 6 }])).toEqual([
        'repeated',
        'board.score_id_reused',
      ]);
      expect(await resultsOf(boardId, [{ ...sent, userId: another.userId }])).toEqual([
        'board.score_id_reused',
      ]);
      expect(await resultsOf(await aBoard(app, demo), [sent])).toEqual(['accepted']);

      expect(await standingsOf(app, demo, boardId)).toEqual([[1, person.userId, 5]]);
    });

    it('counts it once, however parallel the calls', async () => {
      const boardId = await aBoard(app, demo, { rule: 'sum' });
      const all = await people(3);
      const sent = all.flatMap((person) => [aScore(person, 5), aScore(person, 1)]);

      const answers = await Promise.all(
        times(12, (index) => send(app, demo, boardId, index % 2 === 0 ? sent : sent.toReversed())),
      );

      expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
      const standings = await standingsOf(app, demo, boardId);
      expect(standings.map(([rank, , counts]) => [rank, counts])).toEqual([
        [1, 6],
        [2, 6],
        [3, 6],
      ]);
    });

    it('refuses people of others without refusing the rest', async () => {
      const boardId = await aBoard(app, demo);
      const person = await signInPerson(app, demo);
      const stranger = await signInPerson(app, other);

      expect(
        await resultsOf(boardId, [
          aScore(stranger, 9),
          aScore({ userId: randomUUID() }, 9),
          aScore({ userId: person.userId.toUpperCase() }, 1),
        ]),
      ).toEqual(['board.person_not_found', 'board.person_not_found', 'accepted']);
      expect(await standingsOf(app, demo, boardId)).toEqual([[1, person.userId, 1]]);
    });

    it('takes the largest score, and refuses a sum beyond it', async () => {
      const boardId = await aBoard(app, demo, { rule: 'sum' });
      const person = await signInPerson(app, demo);

      expect(await resultsOf(boardId, [aScore(person, MAX), aScore(person, 1), aScore(person, -1)])).toEqual([
        'accepted',
        'board.sum_out_of_range',
        'accepted',
      ]);
      expect((await rankOf(app, demo, boardId, person)).score).toBe(MAX - 1);
    });

    it.each<[string, object[], string]>([
      ['none', [], 'scores'],
      ['1,001 scores', times(1_001, () => aScore({ userId: randomUUID() }, 1)), 'scores'],
    ])('refuses %s', async (_, sent, path) => {
      const answer = await send(app, demo, await aBoard(app, demo), sent);

      expect(answer.status).toBe(400);
      expect((answer.body as { errors: { path: string }[] }).errors[0]?.path).toBe(path);
    });

    it('takes 1,000 scores with the longest ids, and records one act', async () => {
      const boardId = await aBoard(app, demo);
      const person = await signInPerson(app, demo);
      const sent = times(1_000, (index) => ({
        ...aScore(person, -MAX + index),
        id: `${'x'.repeat(60)}${1_000 + index}`,
      }));

      const results = await resultsOf(boardId, sent);

      expect(new Set(results)).toEqual(new Set(['accepted']));
      const records = await app.database.query(
        `SELECT details FROM audit_records WHERE action = 'board.scores_sent' AND subject = $1`,
        [boardId],
      );
      expect(records).toEqual([
        { details: expect.objectContaining({ accepted: '1000', repeated: '0', refused: '0' }) as unknown },
      ]);
    });

    it('is for servers of the application alone', async () => {
      const boardId = await aBoard(app, demo);
      const person = await signInPerson(app, demo);
      const path = `/v1/boards/${boardId}/scores`;
      const body = { scores: [aScore(person, 1)] };

      expectProblem(await person.post(path, body), 401, 'client.unauthenticated');
      expectProblem(await app.http.post(path).send(body), 401, 'client.unauthenticated');
      expectProblem(
        await app.http
          .post(path)
          .set({ authorization: basicOf(demo), origin: 'https://game.example' })
          .send(body),
        403,
        'client.server_only',
      );
      expectProblem(
        await app.http
          .post(path)
          .set('authorization', basicOf({ ...demo, clientSecret: other.clientSecret }))
          .send(body),
        401,
        'client.unauthenticated',
      );
      expectProblem(await send(app, other, boardId, body.scores), 404, 'board.not_found');
      expect((await topOf(app, demo, boardId)).items).toEqual([]);
    });
  });

  describe('ranks', () => {
    it('put of equal scores the first in front', async () => {
      const boardId = await aBoard(app, demo);
      const [first, second, third] = (await people(3)).map(({ userId }) => userId);

      await score(
        app,
        demo,
        boardId,
        aScore({ userId: second ?? '' }, 5),
        aScore({ userId: first ?? '' }, 9),
      );
      await score(
        app,
        demo,
        boardId,
        aScore({ userId: third ?? '' }, 5),
        aScore({ userId: second ?? '' }, 5),
      );

      expect(await standingsOf(app, demo, boardId)).toEqual([
        [1, first, 9],
        [2, second, 5],
        [3, third, 5],
      ]);
    });

    it('are those of a count, with ties, in each page; far back as of the last minute', async () => {
      const boardId = await aBoard(app, demo, { rule: 'last' });
      const ids = await peopleOf(app, demo, 12_000);
      const sendAll = async (round: number): Promise<void> => {
        for (let from = 0; from < ids.length; from += 1_000)
          await score(
            app,
            demo,
            boardId,
            ...ids
              .slice(from, from + 1_000)
              .map((userId, index) => aScore({ userId }, ((from + index) * 7_919 * (round + 3)) % 5_000)),
          );
      };
      const order = async (): Promise<readonly string[]> => {
        const entries = await app.database.query<{ id: string }>(
          `SELECT user_id AS id FROM board_entries JOIN board_seasons ON board_seasons.id = season_id WHERE board_id = $1
           ORDER BY sort_key, reached`,
          [boardId],
        );
        return entries.map(({ id }) => id);
      };
      const rankAt = async (people: readonly string[], index: number) =>
        rankOf(app, demo, boardId, { userId: people[index] ?? '' });

      await sendAll(0);
      const first = await order();
      for (const index of [0, 4_999, 9_999, 11_999])
        expect(await rankAt(first, index)).toMatchObject({ rank: index + 1, people: 12_000 });
      expect(await countRanks(app)).toBe(1);
      expect(await countRanks(app)).toBe(0);
      for (const index of [0, 9_999, 10_000, 10_777, 11_999])
        expect(await rankAt(first, index)).toMatchObject({ rank: index + 1, people: 12_000 });

      await sendAll(1);
      const second = await order();
      for (const index of [0, 4_999, 9_999]) expect((await rankAt(second, index)).rank).toBe(index + 1);
      expect((await rankAt(second, 11_999)).rank).toBeGreaterThan(10_000);
      expect(await countRanks(app)).toBe(1);
      for (const index of [10_000, 11_500, 11_999])
        expect((await rankAt(second, index)).rank).toBe(index + 1);
      const around = await read(app, demo, `${boardId}/around/${second[11_000]}?each=2`);
      expect((around.body as { items: { rank: number; userId: string }[] }).items).toMatchObject(
        second.slice(10_998, 11_003).map((userId, index) => ({ rank: 10_999 + index, userId })),
      );
    });

    it('name a person only where they made their name public', async () => {
      const boardId = await aBoard(app, demo);
      const [shown, hidden] = await people(2);
      if (!shown || !hidden) throw new Error('nobody');
      expect((await shown.stepUp()).status).toBe(200);
      const patch = { displayName: 'Ada', visibility: { displayName: 'public' } };
      expect((await shown.patch('/v1/me/profile', patch)).status).toBe(200);
      await score(app, demo, boardId, aScore(shown, 2), aScore(hidden, 1));

      const answer = await hidden.get(`/v1/boards/${boardId}/top`);

      expect(answer.status).toBe(200);
      expect((answer.body as { items: object[] }).items).toEqual([
        expect.objectContaining({
          userId: shown.userId,
          person: {
            userId: shown.userId,
            profile: expect.objectContaining({ displayName: 'Ada' }) as unknown,
          },
        }),
        expect.objectContaining({ userId: hidden.userId, person: null }),
      ]);
    });

    it('are read in the application of the board alone', async () => {
      const boardId = await aBoard(app, demo);
      const person = await signInPerson(app, demo);
      const stranger = await signInPerson(app, other);
      await score(app, demo, boardId, aScore(person, 1));

      for (const path of ['', '/seasons', '/top', `/around/${person.userId}`, `/ranks/${person.userId}`]) {
        expect((await person.get(`/v1/boards/${boardId}${path}`)).status).toBe(200);
        expectProblem(await stranger.get(`/v1/boards/${boardId}${path}`), 404, 'board.not_found');
        expectProblem(await read(app, other, `${boardId}${path}`), 404, 'board.not_found');
      }
      const otherBoard = await aBoard(app, other);
      const { body } = await read(app, other, otherBoard);
      const { seasonId } = (body as { season: { seasonId: string } }).season;
      expectProblem(await read(app, demo, `${boardId}/top?seasonId=${seasonId}`), 404, 'board.not_found');
      expectProblem(await read(app, demo, `${boardId}/ranks/${stranger.userId}`), 404, 'board.not_ranked');
      expectProblem(await read(app, demo, `${boardId}/around/${randomUUID()}`), 404, 'board.not_ranked');
    });
  });
});
