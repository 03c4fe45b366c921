import { randomUUID } from 'node:crypto';
import { aBoard } from '../support/boards';
import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication } from '../support/oauth';
import { anOperator } from '../support/operator';
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
  const listed = async <T>(path: string): Promise<Listed<T>> => {
    const { status, body } = await operator.get(path);
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
    expectProblem(await operator.patch(path, { name: null }), 400, 'request.invalid');
    const changed = await operator.patch(path, { name: 'Rally' });
    expect(changed.body).toMatchObject({ name: 'Rally' });
    expectProblem(await operator.get(`/v1/admin/boards/${randomUUID()}`), 404, 'board.not_found');
    expectProblem(
      await operator.post('/v1/admin/boards', { ...wanted(), applicationId: randomUUID() }),
      404,
      'application.not_found',
    );
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
