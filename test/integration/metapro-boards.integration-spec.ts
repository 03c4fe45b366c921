import { randomUUID } from 'node:crypto';
import type request from 'supertest';
import { ErasureService } from '@countersign/account';
import { BoardSeasons } from '@countersign/leaderboards';
import { aBoard, aScore, rankOf, score, topOf } from '../support/boards';
import { credentialsOf, expectRefused, MetaproClient, type MetaproScore } from '../support/metapro-client';
import { aConfidentialApplication, basicOf, type Confidential } from '../support/oauth';
import { signInPerson, type PersonSession } from '../support/person-session';
import { eventsOf, subscribe } from '../support/told-events';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const app = useTestApp();
const PAGE = 'https://game.example';
const project = useFixture(() =>
  aConfidentialApplication(app, { origins: [PAGE], settings: { metapro: { enabled: true } } }),
);
const off = useFixture(() => aConfidentialApplication(app));
const client = new MetaproClient(app);

const people = (count: number): Promise<PersonSession[]> =>
  Promise.all(Array.from({ length: count }, () => signInPerson(app, project)));
const secretOf = (of: Confidential = project) => ({ authorization: basicOf(of) });

const tokenOf = async () => credentialsOf(await client.logIn(project));

/** A board with three people, by their scores. */
async function aRankedBoard(better: 'higher' | 'lower' = 'higher') {
  const boardId = await aBoard(app, project, { rule: 'sum', better });
  const [first, second, third] = await people(3);
  if (!first || !second || !third) throw new Error('a person is missing');
  await score(app, project, boardId, aScore(first, 30), aScore(second, 20), aScore(third, 10));
  return { boardId, first, second, third };
}

const total = (userId: string | null, position: number | null, counts: number | null): MetaproScore => ({
  ...{ userId, position, isUnverified: false },
  roundData: { score: counts },
  currentRoundData: { score: counts },
  totalRoundData: { score: counts },
});

describe('score-total', () => {
  it('lists people with their positions, within bounds', async () => {
    const { boardId, first, second, third } = await aRankedBoard();
    const who = await tokenOf();
    const list = async (query: string) =>
      (await client.board(`score-total/leaderboard/${boardId}?${query}`, who)).body as unknown;

    const all = [total(first.userId, 1, 30), total(second.userId, 2, 20), total(third.userId, 3, 10)];
    expect(await list('limit=20')).toEqual(all);
    expect(await list('limit=2')).toEqual(all.slice(0, 2));
    expect(await list('minBalance=20')).toEqual(all.slice(0, 2));
    expect(await list('maxBalance=20')).toEqual(all.slice(1));
    expect(await list('maxBalance=25&minBalance=15')).toEqual([all[1]]);
    expect(await list('maxBalance=20&limit=1')).toEqual([all[1]]);
    expect(await list('minBalance=31')).toEqual([]);
    const count = await client.board(`score-total/count/leaderboard/${boardId}`);
    expect(count.text).toBe('3');
    expectRefused(await client.board(`score-total/leaderboard/${boardId}?limit=0`), 400, 'request.invalid');
  });

  it('gives a person with the people around, and one without a score', async () => {
    const { boardId, first, second, third } = await aRankedBoard();
    const who = await tokenOf();
    const personal = async (userId: string) =>
      (await client.board(`score-total/personal/${boardId}/${userId}`, who)).body as unknown;

    const own = total(second.userId, 2, 20);
    expect(await personal(second.userId.toUpperCase())).toEqual({
      scores: [total(first.userId, 1, 30), own, total(third.userId, 3, 10)],
      mainScore: own,
    });
    const one = `score-total/get?userId=${second.userId}&leaderboardId=${boardId}`;
    expect((await client.board(one)).body).toEqual(own);
    const unknownId = randomUUID();
    expect(await personal(unknownId)).toEqual({ scores: [], mainScore: total(unknownId, null, null) });
    expectRefused(
      await client.board(`score-total/personal/${boardId}/__proto__`),
      404,
      'metapro.user_not_found',
    );
  });

  it('shows ids without a token only of people who made something public', async () => {
    const { boardId, first, second, third } = await aRankedBoard();
    const username = `ada_${process.pid}_boards`;
    const visibility = { username: 'public' };
    expect((await second.patch('/v1/me/profile', { username, visibility })).status).toBe(200);

    const path = `score-total/leaderboard/${boardId}`;
    const ids = (answer: request.Response) =>
      (answer.body as readonly MetaproScore[]).map(({ userId }) => userId);
    expect(ids(await client.board(path))).toEqual([null, second.userId, null]);
    const around = await client.board(`score-total/personal/${boardId}/${first.userId}`);
    const { scores } = around.body as { readonly scores: readonly MetaproScore[] };
    expect(scores.map(({ userId }) => userId)).toEqual([first.userId, second.userId, null]);

    // A token of another project is none of this one.
    const elsewhere = await app.createApplication({ settings: { metapro: { enabled: true } } });
    const stranger = credentialsOf(await client.logIn(elsewhere));
    expect(ids(await client.board(path, stranger))).toEqual([null, second.userId, null]);

    await app.nest.get(ErasureService).eraseFor(third.userId, 'ticket-1', true);
    const left = ids(await client.board(path, await tokenOf()));
    expect(left).toEqual([first.userId, second.userId]);
  });

  it('takes scores with the secret of the client, and with nothing that a page has', async () => {
    const boardId = await aBoard(app, project, { rule: 'sum' });
    const [person] = await people(1);
    if (!person) throw new Error('a person is missing');
    const { userId } = person;
    const { applicationId: projectId } = project;
    const body = {
      leaderboardId: boardId,
      projectId,
      referralSettingsId: 'x',
      roundData: { score: 5, jumps: 3 },
    };
    const key = { leaderboardApiKey: project.clientSecret };

    expectRefused(await client.sendTotal(userId, body, key), 403, 'metapro.score_needs_server');
    const { accessToken = '' } = await tokenOf();
    expectRefused(
      await client.sendTotal(userId, body, { ...key, authorization: accessToken }),
      403,
      'metapro.score_needs_server',
    );
    const ofPage = client.sendTotal(userId, body, key).set('origin', PAGE);
    expectRefused(await ofPage, 403, 'metapro.score_needs_server');
    expect((await ofPage).headers['access-control-allow-origin']).toBe(PAGE);
    expectRefused(await client.sendTotal(userId, body, {}), 401, 'client.unauthenticated');
    expectRefused(await client.sendTotal(userId, body, secretOf(off)), 404, 'metapro.project_not_found');
    const { projectId: _, ...withoutProject } = body;
    expectRefused(await client.sendTotal(userId, withoutProject, secretOf(off)), 404, 'board.not_found');
    const page = client.sendTotal(userId, body, secretOf()).set('origin', PAGE);
    expectRefused(await page, 403, 'client.server_only');
    expect((await topOf(app, project, boardId)).people).toBe(0);

    const sent = await client.sendTotal(userId, body, { ...key, ...secretOf() });
    expect({ status: sent.status, body: sent.body as unknown }).toEqual({
      status: 200,
      body: { scoreTotal: total(userId, 1, 5) },
    });
    expect((await client.sendTotal(userId, body, secretOf())).body).toEqual({
      scoreTotal: total(userId, 1, 10),
    });
    expect(await rankOf(app, project, boardId, person)).toMatchObject({ score: 10 });
    // Nothing is spent here.
    const negative = { ...body, roundData: { score: -1 } };
    expectRefused(await client.sendTotal(userId, negative, secretOf()), 400, 'request.invalid');
    expectRefused(await client.sendTotal(randomUUID(), body, secretOf()), 404, 'board.person_not_found');
    expectRefused(await client.sendTotal('x', body, secretOf()), 404, 'metapro.user_not_found');
  });
});

describe('score-total of an unverified leaderboard', () => {
  const key = { leaderboardApiKey: 'shown-to-everybody' };
  const aMarkedBoard = () => aBoard(app, project, { rule: 'sum', isUnverified: true });

  it('takes scores of pages, and is marked in every answer', async () => {
    const boardId = await aMarkedBoard();
    const [person] = await people(1);
    const userId = person?.userId ?? '';
    const body = { leaderboardId: boardId, projectId: project.applicationId, roundData: { score: 5 } };
    const marked = (score: number) => ({ ...total(userId, 1, score), isUnverified: true });

    expect((await client.sendTotal(userId, body, key)).body).toEqual({ scoreTotal: marked(5) });
    expect((await client.sendTotal(userId, body, secretOf())).body).toEqual({ scoreTotal: marked(10) });

    const who = await tokenOf();
    for (const path of [
      `score-total/leaderboard/${boardId}`,
      `score-map/get/personal/${userId}?map=${boardId}`,
    ])
      expect((await client.board(path, who)).body).toMatchObject([{ isUnverified: true }]);
    const read = (path: string) =>
      app.http.get(`/v1/boards/${boardId}${path}`).set('authorization', basicOf(project));
    for (const path of ['', '/top', `/around/${userId}`, `/ranks/${userId}`])
      expect((await read(path)).body).toMatchObject({ isUnverified: true });
  });

  it('takes with a token the scores of its person alone, from pages of the project', async () => {
    const boardId = await aMarkedBoard();
    const { accessToken: authorization = '', userId = '' } = await tokenOf();
    const [stranger] = await people(1);
    const body = { leaderboardId: boardId, roundData: { score: 5 } };
    const send = (of: string) =>
      client.sendTotal(of, body, { ...key, authorization }).set('x-account-userid', userId);

    expect((await send(userId)).status).toBe(200);
    expectRefused(await send(stranger?.userId ?? ''), 401, 'metapro.account_differs');
    const foreign = client.sendTotal(userId, body, key).set('origin', 'https://thief.example');
    expectRefused(await foreign, 403, 'request.origin_not_allowed');
    expectRefused(
      await client.sendTotal(userId, body, { ...key, authorization: 'mp_x' }),
      401,
      'metapro.token_invalid',
    );
    expectRefused(await client.sendTotal(userId, body, {}), 401, 'client.unauthenticated');
    expectRefused(await client.sendTotal('x', body, key), 404, 'metapro.user_not_found');
  });

  it('takes the score of a match of a page, of the person of the token alone', async () => {
    const boardId = await aMarkedBoard();
    const { accessToken: authorization = '', userId = '' } = await tokenOf();
    const [stranger] = await people(1);
    const run = async (of: string, headers: object) => {
      const matchId = (await client.match(boardId)).text;
      const body = { leaderboardId: boardId, userId: of, matchId, roundData: { score: 7 } };
      return client.sendOfMap(body, { ...key, ...headers }).set('origin', PAGE);
    };

    expect((await run(userId, {})).body).toMatchObject({ userId, isUnverified: true });
    const withToken = { authorization, 'x-account-userid': userId };
    expect((await run(userId, withToken)).body).toMatchObject({ roundData: { score: 14 } });
    expectRefused(await run(stranger?.userId ?? '', withToken), 401, 'metapro.account_differs');
  });

  it('is no way to send a score to another leaderboard', async () => {
    const [marked, verified] = [await aMarkedBoard(), await aBoard(app, project, { rule: 'sum' })];
    const ofOff = await aBoard(app, off, { rule: 'sum', isUnverified: true });
    const [person] = await people(1);
    const userId = person?.userId ?? '';
    const score = { userId, matchId: 'match-1', roundData: { score: 7 } };
    const send = (boards: object) => client.sendOfMap({ ...score, ...boards }, key);

    const mapped = await send({ leaderboardId: marked, map: verified });
    expectRefused(mapped, 403, 'metapro.score_needs_server');
    const total = { leaderboardId: verified, map: marked, roundData: { score: 7 } };
    expectRefused(await client.sendTotal(userId, total, key), 403, 'metapro.score_needs_server');
    expectRefused(await send({ leaderboardId: ofOff }), 404, 'board.not_found');
    expectRefused(await send({ leaderboardId: 'x' }), 404, 'board.not_found');
    expect((await topOf(app, project, verified)).people).toBe(0);
  });

  it('feeds no rewards', async () => {
    await subscribe(app.database, ['board.season_closed']);
    const boardId = await aMarkedBoard();
    const [person] = await people(1);
    const userId = person?.userId ?? '';
    const body = { leaderboardId: boardId, roundData: { score: 5 } };
    expect((await client.sendTotal(userId, body, key)).status).toBe(200);

    const { seasonId } = await topOf(app, project, boardId);
    await app.nest.get(BoardSeasons).closeByHand(boardId, seasonId, 'over');
    expect(await eventsOf(app.database)).toEqual([]);
  });
});

describe('score-map', () => {
  it('is a leaderboard of its own, on which a match counts once', async () => {
    const [boardId, map] = [await aBoard(app, project), await aBoard(app, project)];
    const [person] = await people(1);
    if (!person) throw new Error('a person is missing');
    const { userId } = person;
    const matchId = (await client.match(boardId)).text;
    expect(matchId).toMatch(/^[0-9a-f-]{36}$/);
    const sent = {
      ...{ leaderboardId: boardId, userId, matchId, map, projectId: project.applicationId },
      ...{ startedAt: '2026-11-20T08:00:00.000Z', endedAt: '2026-11-20T08:00:00.000Z', addons: [1] },
      roundData: { score: 7 },
    };
    expectRefused(
      await client.sendOfMap(sent, { leaderboardApiKey: 'k' }),
      403,
      'metapro.score_needs_server',
    );
    const expected = total(userId, 1, 7);
    for (let time = 0; time < 2; time += 1)
      expect((await client.sendOfMap(sent, secretOf())).body).toEqual(expected);
    const other = await client.sendOfMap({ ...sent, roundData: { score: 9 } }, secretOf());
    expectRefused(other, 409, 'board.score_id_reused');

    const query = `leaderboardId=${boardId}&map=${map}`;
    const who = await tokenOf();
    expect((await client.board(`score-map/get?${query}&limit=20`, who)).body).toEqual({
      count: 1,
      results: [expected],
    });
    expect((await client.board(`score-map/get?${query}&skip=1`, who)).body).toEqual({
      count: 1,
      results: [],
    });
    expect((await client.board(`score-map/get/personal/${userId}?${query}`)).body).toEqual([expected]);
    expect((await client.board(`score-map/get/personal/${randomUUID()}?${query}`)).body).toEqual([]);
    expect((await client.board(`score-map/get/count/${userId}?${query}`)).text).toBe('1');
    expect((await topOf(app, project, boardId)).people).toBe(0);
    const withoutMap = `leaderboardId=${boardId}`;
    expect((await client.board(`score-map/get/count/${userId}?${withoutMap}`)).text).toBe('0');
    expectRefused(await client.board(`score-map/get?${withoutMap}&map=3`), 400, 'request.invalid');
  });
});

describe('a leaderboard', () => {
  it('of a project that is off is not found, as one that is not there', async () => {
    const hidden = await aBoard(app, off);
    const nowhere = randomUUID();
    for (const id of [hidden, nowhere, 'x', '__proto__']) {
      for (const path of [
        `score-total/leaderboard/${id}`,
        `score-total/count/leaderboard/${id}`,
        `score-total/personal/${id}/${nowhere}`,
      ])
        expectRefused(await client.board(path), 404, 'board.not_found');
    }
    for (const id of [hidden, nowhere]) {
      expectRefused(await client.match(id), 404, 'board.not_found');
      const body = { leaderboardId: id, roundData: { score: 1 } };
      expectRefused(await client.sendTotal(nowhere, body, secretOf()), 404, 'board.not_found');
    }
  });
});
