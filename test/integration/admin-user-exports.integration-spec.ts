import { randomUUID } from 'node:crypto';
import { DAY, SECOND } from '@countersign/clock';
import { times } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { Countersign } from '../support/run-countersign';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

const pathOf = (userId: string): string => `/v1/admin/users/${userId}/export`;
const wanted = { reason: 'ticket-8' };

describe('exporting accounts as an operator', () => {
  const app = useTestApp({ environment: { EXPORTS_PER_DAY: '3' } });
  const demo = useApplication(app);
  const replica = useReplica(app);

  it('is limited to a number a day for each principal, over replicas, with parallel calls', async () => {
    const [operator, other] = [await anOperator(app), await anOperator(app)];
    const { userId } = await app.signIn(demo);
    const authorization = `Bearer ${operator.accessToken}`;
    const before = (await auditOf(app, { action: 'user.exported' })).length;

    const answers = await Promise.all(
      times(10, (index) =>
        (index % 2 ? app : replica).admin.post(pathOf(userId)).set({ authorization }).send(wanted),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const rest = Math.ceil((DAY - (app.clock.now().getTime() % DAY)) / SECOND);
    for (const answer of answers)
      if (answer.status !== 200) {
        expectProblem(answer, 429, 'user.export_ceiling_reached');
        expect(answer.headers['retry-after']).toBe(String(rest));
      }
    expect(await auditOf(app, { action: 'user.exported' })).toHaveLength(before + 3);
    expect((await other.post(pathOf(userId), wanted)).status).toBe(200);

    await app.database.query(`UPDATE operator_counts SET since = since - interval '1 day'`);
    expect((await operator.post(pathOf(userId), wanted)).status).toBe(200);
  });

  it('does not count what is not found, and counts at the command line too', async () => {
    const operator = await anOperator(app);
    expectProblem(await operator.post(pathOf(randomUUID()), wanted), 404, 'user.not_found');
    const counted = await app.database.query('SELECT FROM operator_counts WHERE actor = $1', [
      `principal:${operator.principalId}`,
    ]);
    expect(counted).toEqual([]);
    const { userId } = await app.signIn(demo);
    const countersign = new Countersign(app, { EXPORTS_PER_DAY: '1' });
    const command = `user export ${userId} --reason x --as carol`;
    expect(await countersign.json(command)).toMatchObject({ userId });
    await expect(countersign.run(command)).rejects.toMatchObject({ code: 'user.export_ceiling_reached' });
  });
});
