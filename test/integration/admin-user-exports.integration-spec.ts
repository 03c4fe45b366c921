import { randomUUID } from 'node:crypto';
import { InstallationService } from '@countersign/account';
import type { Response } from 'supertest';
import { DAY, SECOND } from '@countersign/clock';
import { aPerson, times } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator, operatorMadeBy, type Operator } from '../support/operator';
import { Countersign, useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
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

describe('exporting accounts with the approval of a second principal', () => {
  const app = useTestApp({ environment: { EXPORTS_PER_DAY: '3' } });
  const countersign = useCountersign(app);
  const demo = useApplication(app, { settings: { dataNeeds: ['name'] } });
  const exporter: Operator = useFixture(() => anOperator(app, ['users:export', 'users:reveal']), {
    per: 'test',
  });
  const approver: Operator = useFixture(() => anOperator(app, ['users:reveal_approve']), { per: 'test' });
  const signIn = () => app.signIn(demo, aPerson({ first_name: 'Augusta' }));
  const set = (exportApproval: 'none' | 'second-principal') =>
    app.nest.get(InstallationService).change({ exportApproval, revealApproval: exportApproval });
  const pending = (answer: Response): string => {
    expectProblem(answer, 409, 'user.reveal_approval_pending');
    expect(answer.text).not.toContain('Augusta');
    return (answer.body as { revealRequestId: string }).revealRequestId;
  };
  const decide = (id: string, verb: 'approve' | 'decline', by: Operator = approver) =>
    by.post(`/v1/admin/reveal-requests/${id}/${verb}`);

  beforeEach(async () => {
    await set('second-principal');
    await Promise.all([exporter.get('/v1/admin/me'), approver.get('/v1/admin/me')]);
    // Principals that are made at the instant of a request are not older.
    app.clock.advance(1);
  });

  it('answers nothing before, once after it, and records who asked and approved', async () => {
    const { userId } = await signIn();
    const id = pending(await exporter.post(pathOf(userId), wanted));
    expect(pending(await exporter.post(pathOf(userId), wanted))).toBe(id);
    const { items } = (await approver.get('/v1/admin/reveal-requests')).body as { items: object[] };
    expect(items[0]).toMatchObject({ revealRequestId: id, act: 'export', userId, fields: [], ...wanted });
    expect((await countersign.run('user list-reveals')).output).toContain('all, by an export');
    expect((await decide(id, 'approve')).status).toBe(200);

    const answer = await exporter.post(pathOf(userId), wanted);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Augusta');
    expect(pending(await exporter.post(pathOf(userId), wanted))).not.toBe(id);
    const trail = (await auditOf(app, {})).filter(({ details }) => details['revealRequestId'] === id);
    const own = { revealRequestId: id, ...wanted };
    expect(trail.map(({ action, actor, details }) => [action, actor, details])).toEqual([
      ['user.reveal_requested', `principal:${exporter.principalId}`, { ...own, act: 'export' }],
      ['user.reveal_approved', `principal:${approver.principalId}`, { ...own, act: 'export' }],
      ['user.exported', `principal:${exporter.principalId}`, { ...own, scope: 'account' }],
    ]);
  });

  it('is for the account and the reason of the request, and never for a reveal or the other way round', async () => {
    const [{ userId }, other] = [await signIn(), await signIn()];
    const reveal = () =>
      exporter.post(`/v1/admin/users/${userId}/reveal`, { fields: ['identity.firstName'], ...wanted });
    await decide(pending(await exporter.post(pathOf(userId), wanted)), 'approve');
    pending(await exporter.post(pathOf(other.userId), wanted));
    pending(await exporter.post(pathOf(userId), { reason: 'ticket-9' }));
    await decide(pending(await reveal()), 'approve');
    expect((await exporter.post(pathOf(userId), wanted)).status).toBe(200);
    expectProblem(await exporter.post(pathOf(userId), wanted), 429, 'user.export_ceiling_reached');
    expect((await reveal()).status).toBe(200);
  });

  it('is not given by a principal of the same maker, and stays declined', async () => {
    const { userId } = await signIn();
    const maker = await anOperator(app);
    const [asking, deciding] = [
      await operatorMadeBy(app, maker, ['users:export']),
      await operatorMadeBy(app, maker, ['users:reveal_approve']),
    ];
    app.clock.advance(1);
    expectProblem(await maker.post(pathOf(userId), wanted), 403, 'user.reveal_not_independent');
    const id = pending(await asking.post(pathOf(userId), wanted));
    expectProblem(await decide(id, 'approve', deciding), 403, 'user.reveal_not_independent');
    expect((await decide(id, 'decline')).status).toBe(200);
    expectProblem(await asking.post(pathOf(userId), wanted), 403, 'user.reveal_declined');
  });

  it('is needed at the command line, once however parallel the calls, and not where it is switched off', async () => {
    const { userId } = await signIn();
    await expect(countersign.run(`user export ${userId} --reason x`)).rejects.toMatchObject({
      code: 'user.reveal_approval_pending',
    });
    await decide(pending(await exporter.post(pathOf(userId), wanted)), 'approve');
    const answers = await Promise.all(times(6, () => exporter.post(pathOf(userId), wanted)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await set('none');
    expect((await exporter.post(pathOf(userId), wanted)).status).toBe(200);
  });
});
