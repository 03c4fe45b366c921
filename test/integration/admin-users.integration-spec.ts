import { randomUUID } from 'node:crypto';
import type { Page } from '@countersign/http';
import { mergeAccounts } from '../support/accounts';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { isLive, signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const USERS = '/v1/admin/users';

interface ListedUser {
  readonly userId: string;
  readonly createdAt: string;
}

describe('accounts in the administration API', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  afterEach(() => jest.restoreAllMocks());

  /** A person whose account has taken in another one, which was theirs too. */
  async function merged(): Promise<{ session: PersonSession; loser: PersonSession; createdAt: string }> {
    const im = await app.addOpenWeb3Bot(demo);
    const loser = await signInOpenWeb3(app, im);
    const session = await signInPerson(app, demo);
    const createdAt = app.clock.now().toISOString();
    await mergeAccounts(app, demo, session, loser);
    return { session, loser, createdAt };
  }

  it('are read without any personal field, under the id of a merged account too', async () => {
    const operator = await anOperator(app);
    const { session, loser, createdAt } = await merged();

    const read = await operator.get(`${USERS}/${session.userId}`);
    expect(read.status).toBe(200);
    expect(read.body).toEqual({
      userId: session.userId,
      status: 'active',
      createdAt,
      lastSeenOn: app.clock.now().toISOString().slice(0, 10),
      identityCount: 2,
      providers: ['openweb3', 'telegram'],
      erasesAt: null,
      erasureReason: null,
      mergedFrom: null,
    });
    const former = await operator.get(`${USERS}/${loser.userId.toUpperCase()}`);
    expect(former.body).toEqual({ ...(read.body as object), mergedFrom: loser.userId });
    const ofMerged = await operator.get(`/v1/admin/identities?userId=${session.userId}`);
    expect((ofMerged.body as Page<ListedUser>).items).toMatchObject([
      { provider: 'telegram', isFounding: true, cap: 'platform', attachedAt: null },
      { provider: 'openweb3', isFounding: false, attachedBy: 'merge' },
    ]);
    for (const name of [session.person.first_name, String(session.person.id)])
      expect(JSON.stringify([read.body, ofMerged.body])).not.toContain(name);
    for (const id of [randomUUID(), 'x', 'x%20y'])
      expectProblem(await operator.get(`${USERS}/${id}`), 404, 'user.not_found');
  });

  it('are opened under the id of a merged account, and changed under their own id alone', async () => {
    const operator = await anOperator(app);
    const { session, loser } = await merged();
    const reason = { reason: 'ticket-1' };
    const opening = [
      ['reveal', { ...reason, fields: ['identity.subject'] }],
      ['export', reason],
    ] as const;
    const changing = [
      ['deactivate', {}],
      ['activate', {}],
      ['sessions/end', {}],
      ['erase', reason],
      ['cancel-erasure', reason],
      ['erase', { ...reason, now: true }],
    ] as const;
    const stateOf = () =>
      app.database.query(
        `SELECT status, is_closed, auth_not_before, (SELECT count(*) FROM sessions WHERE user_id = users.id) AS sessions
         FROM users`,
      );

    for (const [verb, body] of opening) {
      const answer = await operator.post(`${USERS}/${loser.userId}/${verb}`, body);
      expect(answer).toMatchObject({ status: 200, body: { userId: session.userId } });
    }
    const before = await stateOf();
    const refused = [await operator.get(`${USERS}/${loser.userId}/erasure`)];
    for (const [verb, body] of changing)
      refused.push(await operator.post(`${USERS}/${loser.userId}/${verb}`, body));
    for (const answer of refused) {
      expectProblem(answer, 409, 'user.merged_into_another');
      expect(answer.body).toMatchObject({ mergedInto: session.userId });
    }
    expect(await stateOf()).toEqual(before);
    expect(await isLive(app, session)).toBe(true);

    expect((await operator.get(`${USERS}/${session.userId}/erasure`)).status).toBe(200);
    for (const [verb, body] of changing)
      expect((await operator.post(`${USERS}/${session.userId}/${verb}`, body)).status).toBe(200);
    expectProblem(await operator.get(`${USERS}/${session.userId}`), 404, 'user.not_found');
  });

  it('are deactivated and activated', async () => {
    const operator = await anOperator(app);
    const session = await signInPerson(app, demo);
    const path = `${USERS}/${session.userId}`;

    const deactivated = await operator.post(`${path}/deactivate`);
    expect(deactivated.body).toEqual({ userId: session.userId, status: 'deactivated', endedSessions: 1 });
    await app.catchUp();
    expect(await isLive(app, session)).toBe(false);
    const activated = await operator.post(`${path}/activate`);
    expect(activated.body).toEqual({ userId: session.userId, status: 'active', endedSessions: 0 });
    expect((await app.signIn(demo, session.person)).userId).toBe(session.userId);
    for (const verb of ['activate', 'deactivate'])
      expectProblem(await operator.post(`${USERS}/${randomUUID()}/${verb}`), 404, 'user.not_found');
  });

  it('are closed for erasure, which an operator takes back', async () => {
    const operator = await anOperator(app);
    const session = await signInPerson(app, demo);
    const path = `${USERS}/${session.userId}`;
    expectProblem(
      await operator.post(`${path}/cancel-erasure`, { reason: 'ticket-1' }),
      409,
      'user.no_erasure_requested',
    );

    const foreseen = await operator.get(`${path}/erasure`);
    const lost = expect.objectContaining({ sessions: 1, identities: 1 }) as object;
    expect(foreseen.body).toEqual({ erasesAt: expect.any(String) as string, lost, forfeit: [] });
    expectProblem(await operator.get(`${USERS}/${demo.applicationId}/erasure`), 404, 'user.not_found');

    const closed = await operator.post(`${path}/erase`, { reason: 'ticket-1' });
    expect(closed.body).toMatchObject({ erasesAt: (foreseen.body as { erasesAt: string }).erasesAt });
    const { erasesAt } = closed.body as { erasesAt: string };
    expect(closed.body).toEqual({ userId: session.userId, erasesAt: expect.any(String) as string });
    expect((await operator.get(path)).body).toMatchObject({ erasesAt, erasureReason: 'operator' });
    const again = { applicationId: demo.applicationId, initData: app.initDataOf(demo, session.person) };
    expectProblem(await app.postSignIn(again), 403, 'user.erasure_pending');

    const cancelled = await operator.post(`${path}/cancel-erasure`, { reason: 'ticket-2' });
    expect(cancelled.body).toEqual({ userId: session.userId, erasesAt: null });
    expect((await operator.get(path)).body).toMatchObject({ erasesAt: null, erasureReason: null });
    app.clock.advance(1);
    expect((await app.signIn(demo, session.person)).userId).toBe(session.userId);
    expect((await auditOf(app, { action: 'user.erasure_cancelled' })).at(-1)).toMatchObject({
      actor: `principal:${operator.principalId}`,
      details: { reason: 'ticket-2' },
    });

    const done = await operator.post(`${path}/erase`, { reason: 'ticket-3', now: true });
    expect(done.body).toEqual({ userId: session.userId, erasesAt: null });
    expectProblem(await operator.get(path), 404, 'user.not_found');
    expectProblem(await operator.post(`${path}/erase`, { reason: 'x' }), 404, 'user.not_found');
  });

  it('stay to be erased where their person asked, and where the erasure has begun', async () => {
    const operator = await anOperator(app);
    const session = await signInPerson(app, demo);
    await session.stepUp();
    await session.delete(`/v1/me?confirm=${session.userId}`);
    const path = `${USERS}/${session.userId}/cancel-erasure`;
    const reason = { reason: 'x' };
    expectProblem(await operator.post(path, reason), 409, 'user.erasure_not_of_operator');

    await app.database.query(
      `UPDATE user_erasures SET reason = 'operator', started_at = now() WHERE user_id = $1`,
      [session.userId],
    );
    expectProblem(await operator.post(path, reason), 409, 'user.erasure_started');
  });

  it('are exported as one document, with a reason', async () => {
    const operator = await anOperator(app);
    const session = await signInPerson(app, demo);
    const answer = await operator.post(`${USERS}/${session.userId}/export`, { reason: 'request-9' });

    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['content-disposition']).toContain('countersign-export.json');
    expect(answer.body).toMatchObject({ version: 1, userId: session.userId });
    expect(JSON.stringify(answer.body)).toContain(session.person.first_name);
    expect((await auditOf(app, { action: 'user.exported' })).at(-1)).toMatchObject({
      actor: `principal:${operator.principalId}`,
      details: { reason: 'request-9' },
    });
    const unknown = `${USERS}/${randomUUID()}/export`;
    expectProblem(await operator.post(unknown, { reason: 'x' }), 404, 'user.not_found');
  });
});
