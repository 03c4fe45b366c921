import { randomUUID } from 'node:crypto';
import { InstallationService, RevealUpkeep, type InstallationSettings } from '@countersign/account';
import { allScopes, PrincipalsService } from '@countersign/admin';
import { aPerson, times, type SignInBody } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator, operatorMadeBy, tokenOf, type Operator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

const REQUESTS = '/v1/admin/reveal-requests';
const wanted = { fields: ['identity.firstName'], reason: 'ticket-8' };

describe('reading personal fields with the approval of a second principal', () => {
  const app = useTestApp({ environment: { REVEALS_PER_DAY: '5' } });
  const demo = useApplication(app, { settings: { dataNeeds: ['name', 'username'] } });
  const replica = useReplica(app);
  const requester: Operator = useFixture(() => anOperator(app, ['users:reveal', 'users:reveal_approve']), {
    per: 'test',
  });
  const approver: Operator = useFixture(() => anOperator(app, ['users:reveal_approve']), { per: 'test' });
  const person: SignInBody = useFixture(() => app.signIn(demo, aPerson({ first_name: 'Augusta' })), {
    per: 'test',
  });

  const set = (change: Partial<InstallationSettings>) => app.nest.get(InstallationService).change(change);
  const reveal = (by: Operator = requester, body: object = wanted, userId = person.userId) =>
    by.post(`/v1/admin/users/${userId}/reveal`, body);
  const decide = (id: string, decision: 'approve' | 'decline', by: Operator = approver) =>
    by.post(`${REQUESTS}/${id}/${decision}`);
  async function request(by: Operator = requester, body: object = wanted): Promise<string> {
    const answer = await reveal(by, body);
    expectProblem(answer, 409, 'user.reveal_approval_pending');
    return (answer.body as { revealRequestId: string }).revealRequestId;
  }
  const statusesOf = (answers: readonly { readonly status: number }[]) =>
    answers.map(({ status }) => status).toSorted();

  beforeEach(async () => {
    await set({ revealApproval: 'second-principal' });
    await requester.get(REQUESTS);
    await approver.get(REQUESTS);
    // Principals that are created at the instant of a request are not older.
    app.clock.advance(1);
  });

  it('opens nothing before, answers once after it, and records each act', async () => {
    const answer = await reveal();
    expectProblem(answer, 409, 'user.reveal_approval_pending');
    const { revealRequestId: requestId, expiresAt } = answer.body as {
      revealRequestId: string;
      expiresAt: string;
    };
    expect(new Date(expiresAt).getTime() - app.clock.now().getTime()).toBe(1_800_000);
    expect(answer.text).not.toContain('Augusta');
    expect(await request()).toBe(requestId);
    const { items } = (await approver.get(REQUESTS)).body as { items: readonly object[] };
    expect(items[0]).toMatchObject({
      revealRequestId: requestId,
      actor: `principal:${requester.principalId}`,
      userId: person.userId,
      identityId: null,
      ...wanted,
      status: 'pending',
    });

    expect((await decide(requestId, 'approve')).body).toMatchObject({
      revealRequestId: requestId,
      status: 'approved',
    });
    const opened = await reveal();
    expect(opened.status).toBe(200);
    expect(opened.text).toContain('Augusta');
    expect(await request()).not.toBe(requestId);

    const trail = (await auditOf(app, {})).filter(({ details }) => details['revealRequestId'] === requestId);
    expect(trail.map(({ action, actor }) => [action, actor])).toEqual([
      ['user.reveal_requested', `principal:${requester.principalId}`],
      ['user.reveal_approved', `principal:${approver.principalId}`],
      ['user.revealed', `principal:${requester.principalId}`],
    ]);
    expect(JSON.stringify(trail)).not.toContain('Augusta');
  });

  it.each([
    ['approved', `status = 'approved', decided_by = 'principal:' || gen_random_uuid(), decided_at = now()`],
    ['of another reason', `status = 'approved', reason = 'another'`],
  ])('opens nothing by a row that was made %s in the database', async (_, change) => {
    const id = await request();
    await app.database.query(`UPDATE reveal_requests SET ${change} WHERE id = $1`, [id]);

    for (const reason of ['another', wanted.reason]) {
      const answer = await reveal(requester, { ...wanted, reason });
      expectProblem(answer, 409, 'user.reveal_approval_pending');
      expect(answer.text).not.toContain(id);
    }
    expect(app.logLines.some((line) => line.includes(id) && line.includes('counts as none'))).toBe(true);
  });

  it('approves no request whose row was changed in the database', async () => {
    const other = await app.signIn(demo);
    const id = await request();
    await app.database.query('UPDATE reveal_requests SET user_id = $1 WHERE id = $2', [other.userId, id]);

    expectProblem(await decide(id, 'approve'), 404, 'user.reveal_request_not_found');
  });

  it('is bound to principal, account, identity, fields and reason', async () => {
    const other = await anOperator(app, ['users:reveal']);
    const second = await app.signIn(demo);
    const [identity] = await app.database.query<{ id: string }>(
      'SELECT id FROM identities WHERE user_id = $1',
      [person.userId],
    );
    await decide(await request(), 'approve');
    const others = [
      await reveal(other),
      await reveal(requester, wanted, second.userId),
      await reveal(requester, { ...wanted, identityId: identity?.id }),
      await reveal(requester, { ...wanted, fields: ['identity.firstName', 'identity.subject'] }),
      await reveal(requester, { ...wanted, reason: 'ticket-9' }),
    ];
    for (const answer of others) expectProblem(answer, 409, 'user.reveal_approval_pending');
    expect((await reveal()).status).toBe(200);
  });

  it('does not take the order of fields for another request', async () => {
    const fields = ['profile.displayName', 'identity.firstName'];
    await decide(await request(requester, { ...wanted, fields }), 'approve');
    expect((await reveal(requester, { ...wanted, fields: fields.toReversed() })).status).toBe(200);
  });

  it('is over after 30 minutes, for the decision and for the use', async () => {
    const shortOf = async () => tokenOf(app, approver.principalId, approver.clientSecret);
    const [pending, approved] = [await request(), await request(requester, { ...wanted, reason: 'x' })];
    await decide(approved, 'approve');
    app.clock.advance(1_799);
    const authorization = `Bearer ${await shortOf()}`;
    const list = () => app.admin.get(REQUESTS).set({ authorization });
    expect((await list()).text).toContain(pending);
    app.clock.advance(1);
    const late = await app.admin.post(`${REQUESTS}/${pending}/approve`).set({ authorization });
    expectProblem(late, 409, 'user.reveal_request_over');
    expect((await list()).text).not.toContain(pending);
    const own = await tokenOf(app, requester.principalId, requester.clientSecret);
    const again = await app.admin
      .post(`/v1/admin/users/${person.userId}/reveal`)
      .set({ authorization: `Bearer ${own}` })
      .send({ ...wanted, reason: 'x' });
    expectProblem(again, 409, 'user.reveal_approval_pending');
    expect((again.body as { revealRequestId: string }).revealRequestId).not.toBe(approved);
  });

  it('stays declined', async () => {
    const id = await request();
    expect((await decide(id, 'decline')).body).toMatchObject({ status: 'declined' });
    expectProblem(await reveal(), 403, 'user.reveal_declined');
    expectProblem(await decide(id, 'approve'), 409, 'user.reveal_request_over');
  });

  it('is approved by nobody for oneself, also with another secret', async () => {
    const id = await request();
    expectProblem(await decide(id, 'approve', requester), 403, 'user.reveal_not_independent');
    const { clientSecret } = await app.nest
      .get(PrincipalsService)
      .addSecret(requester.principalId, { name: 'second' }, null);
    const token = await tokenOf(app, requester.principalId, clientSecret);
    const answer = await app.admin
      .post(`${REQUESTS}/${id}/approve`)
      .set({ authorization: `Bearer ${token}` });
    expectProblem(answer, 403, 'user.reveal_not_independent');
  });

  it('refuses principals that could be both, and those made or changed for the purpose', async () => {
    const id = await request();
    const administrator = await anOperator(app, allScopes);
    expectProblem(await reveal(administrator), 403, 'user.reveal_not_independent');
    expectProblem(await decide(id, 'approve', administrator), 403, 'user.reveal_not_independent');
    const late = await anOperator(app, ['users:reveal_approve']);
    expectProblem(await decide(id, 'approve', late), 403, 'user.reveal_not_independent');
    await app.nest
      .get(PrincipalsService)
      .update(approver.principalId, { name: `renamed-${randomUUID()}` }, null);
    expectProblem(await decide(id, 'approve'), 403, 'user.reveal_not_independent');

    // The requester got the scope after the request.
    app.clock.advance(1);
    const next = await request(requester, { ...wanted, reason: 'later' });
    await app.nest
      .get(PrincipalsService)
      .update(requester.principalId, { scopes: ['users:reveal', 'principals:write'] }, null);
    app.clock.advance(1);
    expectProblem(await decide(next, 'approve', late), 403, 'user.reveal_not_independent');
  });

  it('refuses a request of a principal that is gone', async () => {
    const id = await request();
    await app.nest.get(PrincipalsService).remove(requester.principalId, null);
    expectProblem(await decide(id, 'approve'), 403, 'user.reveal_not_independent');
  });

  it('opens once, and is decided once, however parallel the calls are', async () => {
    const both = (by: Operator, path: string, body?: object) =>
      times(6, (index) =>
        (index % 2 ? app : replica).admin
          .post(path)
          .set({ authorization: `Bearer ${by.accessToken}` })
          .send(body),
      );
    const path = `/v1/admin/users/${person.userId}/reveal`;
    const first = await Promise.all(both(requester, path, wanted));
    const ids = new Set(first.map(({ body }) => (body as { revealRequestId: string }).revealRequestId));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    const decided = await Promise.all([
      ...both(approver, `${REQUESTS}/${id}/approve`),
      ...both(requester, `${REQUESTS}/${id}/approve`),
    ]);
    expect(decided.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(
      statusesOf(decided)
        .slice(1)
        .every((status) => status === 403 || status === 409),
    ).toBe(true);
    const opened = await Promise.all(both(requester, path, wanted));
    expect(statusesOf(opened)).toEqual([200, ...times(5, () => 409)]);
  });

  it('counts requests towards the ceiling, and a read that was approved not again', async () => {
    const reasons = ['a', 'b', 'c', 'd', 'e'];
    for (const reason of reasons) await request(requester, { ...wanted, reason });
    expectProblem(await reveal(requester, { ...wanted, reason: 'f' }), 429, 'user.reveal_ceiling_reached');
    const { items } = (await approver.get(`${REQUESTS}?limit=1`)).body as {
      items: { revealRequestId: string }[];
    };
    await decide(items[0]?.revealRequestId ?? '', 'approve');
    expect((await reveal(requester, { ...wanted, reason: 'e' })).status).toBe(200);
  });

  it('needs the scope, and the right id', async () => {
    const reader = await anOperator(app, ['users:reveal', 'users:read']);
    const id = await request();
    expectProblem(await reader.get(REQUESTS), 403, 'principal.scope_missing');
    expectProblem(await decide(id, 'approve', reader), 403, 'principal.scope_missing');
    expectProblem(await decide(randomUUID(), 'approve'), 404, 'user.reveal_request_not_found');
    expectProblem(await decide('x', 'decline'), 404, 'user.reveal_request_not_found');
  });

  it('goes with the account, and is not needed where it is switched off', async () => {
    await request();
    const eraser = await anOperator(app, ['users:erase']);
    const erased = await eraser.post(`/v1/admin/users/${person.userId}/erase`, { reason: 'x', now: true });
    expect(erased.status).toBe(200);
    expect(
      await app.database.query('SELECT FROM reveal_requests WHERE user_id = $1', [person.userId]),
    ).toEqual([]);
    await set({ revealApproval: 'none' });
    const { userId } = await app.signIn(demo);
    expect((await reveal(requester, wanted, userId)).status).toBe(200);
  });

  it('is deleted 30 days after it expired, and counts after two days', async () => {
    const keep = () => app.nest.get(RevealUpkeep).run();
    const id = await request();
    const finder = await anOperator(app, ['users:lookup']);
    expect((await finder.post('/v1/admin/users/lookup', { telegramId: '1' })).status).toBe(200);
    const ages = async (days: number) => {
      await app.database.query(`UPDATE reveal_requests SET expires_at = now() - make_interval(days => $1)`, [
        days,
      ]);
      await app.database.query(`UPDATE user_reveals SET day = (now() - make_interval(days => $1))::date`, [
        days,
      ]);
      await app.database.query(`UPDATE operator_counts SET since = now() - make_interval(days => $1)`, [
        days,
      ]);
    };
    const counts = async () => [await left('user_reveals'), await left('operator_counts')];
    const left = async (table: string) => (await app.database.query(`SELECT FROM ${table}`)).length;
    await ages(1);
    await keep();
    expect([await left('reveal_requests'), ...(await counts())].every((rows) => rows > 0)).toBe(true);
    await ages(4);
    await keep();
    expect(await counts()).toEqual([0, 0]);
    expect(await app.database.query('SELECT FROM reveal_requests WHERE id = $1', [id])).toHaveLength(1);
    await ages(31);
    await keep();
    expect(await left('reveal_requests')).toBe(0);
  });
});

describe('the approval of a second principal at the command line', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const demo = useApplication(app);

  it('is needed too, and a command decides for principals only', async () => {
    // The command line does not decide for a principal that it made.
    const [requester, approver] = [
      await operatorMadeBy(app, await anOperator(app), ['users:reveal']),
      await anOperator(app, ['users:reveal_approve']),
    ];
    await countersign.json('installation set --reveal-approval second-principal');
    const { userId } = await app.signIn(demo);
    const own = `user reveal ${userId} --field identity.firstName --reason cli-1`;
    await expect(countersign.run(own)).rejects.toMatchObject({ code: 'user.reveal_approval_pending' });
    const { output } = await countersign.run('user list-reveals --json');
    const { items } = (await approver.get(REQUESTS)).body as {
      items: readonly { revealRequestId: string }[];
    };
    expect(JSON.parse(output)).toEqual(items[0]);
    const id = items[0]?.revealRequestId ?? '';
    for (const name of ['', ' --as bob'])
      await expect(countersign.run(`user approve-reveal ${id}${name}`)).rejects.toMatchObject({
        code: 'user.reveal_not_independent',
      });
    expect((await approver.post(`${REQUESTS}/${id}/approve`)).status).toBe(200);
    expect(await countersign.json(own)).toMatchObject({ userId });
    expect((await countersign.run('user list-reveals')).output).toBe('None\n');

    const path = `/v1/admin/users/${userId}/reveal`;
    const idOf = async (reason: string) =>
      ((await requester.post(path, { ...wanted, reason })).body as { revealRequestId: string })
        .revealRequestId;
    expect(await countersign.json(`user decline-reveal ${await idOf('a')}`)).toMatchObject({
      status: 'declined',
    });
    expectProblem(await requester.post(path, { ...wanted, reason: 'a' }), 403, 'user.reveal_declined');
    const next = await idOf('b');
    expect((await countersign.run(`user approve-reveal ${next}`)).output).toContain('is approved');
    expect((await requester.post(path, { ...wanted, reason: 'b' })).status).toBe(200);
  });
});
