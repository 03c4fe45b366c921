import { randomUUID } from 'node:crypto';
import { aBoard, aScore, score, standingsOf } from '../support/boards';
import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication } from '../support/oauth';
import { anOperator, type Operator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

interface Listed<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

describe('leaderboards, for operators', () => {
  const app = useTestApp();
  const demo = useFixture(() => aConfidentialApplication(app));

  const operator = useFixture(() => anOperator(app));

  const wanted = () => ({
    applicationId: demo.applicationId,
    name: 'Race',
    rule: 'best',
    better: 'higher',
    calendar: 'by-hand',
  });
  const listed = async <T>(path: string, by: Operator = operator): Promise<Listed<T>> => {
    const { status, body } = await by.get(path);
    expect(status).toBe(200);
    return body as Listed<T>;
  };

  it('are created, listed, read and changed', async () => {
    const created = await operator.post('/v1/admin/boards', wanted()).expect(201);
    const { boardId } = created.body as { boardId: string };
    const path = `/v1/admin/boards/${boardId}`;

    expect(created.body).toMatchObject(wanted());
    const query = `applicationId=${demo.applicationId}`;
    expect((await listed<object>(`/v1/admin/boards?${query}&limit=1`)).items).toEqual([created.body]);
    const { body } = await operator.get(path);
    expect(body).toEqual(created.body);
    const changed = await operator.patch(path, { name: 'Rally' });
    expect(changed.body).toMatchObject({ name: 'Rally' });
    expectProblem(await operator.get(`/v1/admin/boards/${randomUUID()}`), 404, 'board.not_found');
    expectProblem(
      await operator.post('/v1/admin/boards', { ...wanted(), applicationId: randomUUID() }),
      404,
      'application.not_found',
    );
  });

  it('show scores without names, and correct a score with a reason', async () => {
    const boardId = await aBoard(app, demo);
    const one = await signInPerson(app, demo);
    const two = await signInPerson(app, demo);
    const sent = [aScore(one, 1), aScore(one, 500), aScore(two, 3)];
    await score(app, demo, boardId, ...sent);
    const path = `/v1/admin/boards/${boardId}/scores`;

    const first = await listed<{ id: string }>(`${path}?limit=2`);
    const second = await listed<{ id: string }>(`${path}?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(
      sent.map(({ id }) => id).toReversed(),
    );
    expect((await listed<object>(`${path}?userId=${two.userId}`)).items).toHaveLength(1);
    expect(JSON.stringify(first)).not.toContain(one.person.first_name);
    const correction = `${path}/${sent[1]?.id}/corrections`;
    expect((await operator.post(correction, { score: null })).status).toBe(400);
    expect((await operator.post(correction, { reason: 'ticket-9' })).status).toBe(400);
    const corrected = await operator.post(correction, { score: null, reason: 'ticket-9' });
    expect(corrected.body).toMatchObject({ sentScore: 500, score: null, correctionReason: 'ticket-9' });
    expect(await standingsOf(app, demo, boardId)).toEqual([
      [1, two.userId, 3],
      [2, one.userId, 1],
    ]);
  });

  it('have a season closed by hand, once', async () => {
    const boardId = await aBoard(app, demo);
    const [season] = (await listed<{ seasonId: string }>(`/v1/admin/boards/${boardId}/seasons`)).items;
    const path = `/v1/admin/boards/${boardId}/seasons/${season?.seasonId}/close`;

    const answers = await Promise.all([1, 2, 3].map(() => operator.post(path, { reason: 'ticket-9' })));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect((await listed<object>(`/v1/admin/boards/${boardId}/seasons`)).items).toMatchObject([
      { number: 2, closedAt: null },
      { number: 1, closedAt: expect.any(String) as unknown },
    ]);
    const daily = await aBoard(app, demo, { calendar: 'daily' });
    const [current] = (await listed<{ seasonId: string }>(`/v1/admin/boards/${daily}/seasons`)).items;
    expectProblem(
      await operator.post(`/v1/admin/boards/${daily}/seasons/${current?.seasonId}/close`, { reason: 'x' }),
      409,
      'board.no_season_by_hand',
    );
  });
});
