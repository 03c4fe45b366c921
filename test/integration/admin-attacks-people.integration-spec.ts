import { randomUUID } from 'node:crypto';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { useApplication, useTestApp } from '../support/use-test-app';

const REASON = { reason: 'ticket-1' };
const DAY = 86_400;

describe('what operators do to people', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('neither puts off nor takes back an erasure that the person requested', async () => {
    const operator = await anOperator(app);
    const session = await signInPerson(app, demo);
    await session.stepUp();
    await session.delete(`/v1/me?confirm=${session.userId}`);
    const path = `/v1/admin/users/${session.userId}`;
    const before = (await operator.get(path)).body as { erasesAt: string };

    app.clock.advance(DAY);
    const later = await anOperator(app);
    const erased = await later.post(`${path}/erase`, REASON).expect(200);
    expect(erased.body).toMatchObject({ erasesAt: before.erasesAt });
    expect((await later.get(path)).body).toMatchObject({ ...before, erasureReason: 'person' });
    expectProblem(await later.post(`${path}/cancel-erasure`, REASON), 409, 'user.erasure_not_of_operator');
    await later.post(`${path}/activate`).expect(200);
    expect((await later.get(path)).body).toMatchObject(before);

    const now = await later.post(`${path}/erase`, { ...REASON, now: true }).expect(200);
    expect(now.body).toMatchObject({ erasesAt: null });
    expectProblem(await later.get(path), 404, 'user.not_found');
  });

  it('reveals nothing of an account that is gone', async () => {
    const operator = await anOperator(app);
    const { userId } = await app.signIn(demo);
    const path = `/v1/admin/users/${userId}`;
    const wanted = { ...REASON, fields: ['identity.username'] };
    await operator.post(`${path}/deactivate`).expect(200);
    await operator.post(`${path}/reveal`, wanted).expect(200);
    await operator.post(`${path}/erase`, { ...REASON, now: true }).expect(200);

    for (const verb of ['reveal', 'export'])
      expectProblem(
        await operator.post(`${path}/${verb}`, verb === 'reveal' ? wanted : REASON),
        404,
        'user.not_found',
      );
    const found = await operator.post('/v1/admin/users/lookup', { userId }).expect(200);
    expect(found.body).toEqual({ userIds: [] });
  });

  it('leaves nothing of what was presented in tables or lines of the log', async () => {
    const mark = `mark${randomUUID().replaceAll('-', '')}`;
    const operator = await anOperator(app);
    await app.signIn(demo, aPerson());
    const from = app.logLines.length;
    const telegramId = '912345678912345';
    const junk = { 'user-agent': mark, referer: mark, cookie: mark, 'x-forwarded-for': mark, origin: mark };
    const calls = [
      operator.get(`/v1/admin/users/${mark}`),
      operator.get(`/v1/admin/${mark}?x=${mark}`),
      operator.get(`/v1/admin/users?cursor=${mark}`),
      operator.get(`/v1/admin/audit?actor=${mark}&subject=${mark}`),
      operator.post(`/v1/admin/jobs/${mark}/run`),
      operator.post('/v1/admin/users/lookup', { telegramId }),
      operator.post('/v1/admin/users/lookup', { username: mark }),
      operator.post('/v1/admin/users/lookup', { phone: mark.slice(0, 30) }),
      operator.post('/v1/admin/users/lookup', { [mark]: mark }),
      operator
        .post(`/v1/admin/principals/${operator.principalId}/secrets`, { name: 'once' })
        .set('idempotency-key', mark),
      app.admin.get('/v1/admin/me').set('authorization', `Bearer ${mark}`),
      app.admin
        .post('/v1/admin/token')
        .type('form')
        .auth(mark, mark)
        .send({ grant_type: 'client_credentials', scope: mark }),
    ];
    for (const call of calls) await call.set(junk);
    // An id of a request with anything else in it than letters, digits and . _ - is not taken.
    for (const id of [`${mark} x`, `${mark}"`, `-${mark}`, `${mark}${'x'.repeat(100)}`])
      await app.admin.get('/v1/admin/me').set('x-request-id', id).expect(401);

    expect(await rowsThatHold(app.database, [mark, mark.slice(0, 30), telegramId])).toEqual([]);
    const lines = app.logLines.slice(from).filter((line) => line.includes(mark.slice(0, 30)));
    expect(lines).toEqual([]);
  });
});
