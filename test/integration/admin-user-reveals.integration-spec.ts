import { randomUUID } from 'node:crypto';
import { DAY, SECOND } from '@countersign/clock';
import { aPerson, times } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

const pathOf = (userId: string): string => `/v1/admin/users/${userId}/reveal`;

describe('reading personal fields of an account', () => {
  const app = useTestApp({ environment: { REVEALS_PER_DAY: '5' } });
  const demo = useApplication(app, { settings: { dataNeeds: ['name', 'username'] } });
  const replica = useReplica(app);

  it('answers the wanted fields only, and records their names', async () => {
    const operator = await anOperator(app, ['users:reveal']);
    const session = await signInPerson(app, demo);
    await session.patch('/v1/me/profile', { displayName: 'Countess' });
    const { first_name: firstName, id } = session.person;

    const answer = await operator.post(pathOf(session.userId), {
      fields: [
        'profile.displayName',
        'identity.subject',
        'identity.firstName',
        'identity.phoneNumber',
        'profile.email',
      ],
      reason: 'ticket-8',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({
      userId: session.userId,
      identities: [
        {
          identityId: expect.any(String) as string,
          provider: 'telegram',
          environment: 'production',
          fields: { subject: String(id), firstName, phoneNumber: null },
        },
      ],
      profile: { displayName: 'Countess', email: null },
    });
    const [record] = (await auditOf(app, { action: 'user.revealed' })).slice(-1);
    expect(record).toEqual({
      action: 'user.revealed',
      actor: `principal:${operator.principalId}`,
      subject: expect.stringMatching(/^user:/) as string,
      applicationId: null,
      details: {
        fields: 'identity.subject identity.firstName identity.phoneNumber profile.displayName profile.email',
        reason: 'ticket-8',
      },
    });
    for (const value of ['Countess', firstName, String(id)])
      expect(JSON.stringify(record)).not.toContain(value);

    const [identity] = (answer.body as { identities: { identityId: string }[] }).identities;
    const { identityId = '' } = identity ?? {};
    const one = await operator.post(pathOf(session.userId), {
      identityId,
      fields: ['identity.username'],
      reason: 'ticket-8',
    });
    expect(one.body).toMatchObject({ identities: [{ identityId }], profile: {} });
    const last = (await auditOf(app, { action: 'user.revealed' })).at(-1);
    expect(last?.details).toMatchObject({ identityId });
  });

  it('has recorded it before it opens anything', async () => {
    const operator = await anOperator(app);
    const { userId } = await app.signIn(demo);
    await app.database.query(`UPDATE users SET data_key = 'v1:gone' WHERE id = $1`, [userId]);
    const before = (await auditOf(app, { action: 'user.revealed' })).length;
    const wanted = { fields: ['identity.subject'], reason: 'x' };
    expect((await operator.post(pathOf(userId), wanted)).status).toBe(500);
    expect(await auditOf(app, { action: 'user.revealed' })).toHaveLength(before + 1);
  });

  it('opens nothing where it cannot be recorded', async () => {
    const operator = await anOperator(app);
    const session = await signInPerson(app, demo);
    await app.database.query(
      `ALTER TABLE audit_records ADD CONSTRAINT chk_planted CHECK (action <> 'user.revealed') NOT VALID`,
    );
    const wanted = { fields: ['identity.firstName'], reason: 'x' };
    const answer = await operator.post(pathOf(session.userId), wanted);
    await app.database.query('ALTER TABLE audit_records DROP CONSTRAINT chk_planted');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain(session.person.first_name);
  });

  it('is limited to a number a day for each principal, over replicas, with parallel calls', async () => {
    const [operator, other] = [await anOperator(app), await anOperator(app)];
    const { userId } = await app.signIn(demo);
    const wanted = { fields: ['identity.username'], reason: 'x' };
    const authorization = `Bearer ${operator.accessToken}`;
    const before = (await auditOf(app, { action: 'user.revealed' })).length;

    const answers = await Promise.all(
      times(20, (index) =>
        (index % 2 ? app : replica).admin.post(pathOf(userId)).set({ authorization }).send(wanted),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    const refused = answers.filter(({ status }) => status !== 200);
    for (const answer of refused) expectProblem(answer, 429, 'user.reveal_ceiling_reached');
    const rest = Math.ceil((DAY - (app.clock.now().getTime() % DAY)) / SECOND);
    expect(refused[0]?.headers['retry-after']).toBe(String(rest));
    expect(await auditOf(app, { action: 'user.revealed' })).toHaveLength(before + 5);
    expect((await other.post(pathOf(userId), wanted)).status).toBe(200);

    await app.withReplica(async (third) => {
      const again = await third.admin.post(pathOf(userId)).set({ authorization }).send(wanted);
      expectProblem(again, 429, 'user.reveal_ceiling_reached');
    });
  });

  it('starts to count anew on the next day', async () => {
    const { userId } = await app.signIn(demo);
    const wanted = { fields: ['identity.username'], reason: 'x' };
    const operator = await anOperator(app);
    for (const status of [200, 200, 200, 200, 200, 429])
      expect((await operator.post(pathOf(userId), wanted)).status).toBe(status);
    await app.database.query('UPDATE user_reveals SET day = day - 1 WHERE actor = $1', [
      `principal:${operator.principalId}`,
    ]);
    expect((await operator.post(pathOf(userId), wanted)).status).toBe(200);
    // A replica whose clock is behind counts for the later day.
    await app.database.query('UPDATE user_reveals SET day = day + 1, count = 5 WHERE actor = $1', [
      `principal:${operator.principalId}`,
    ]);
    expect((await operator.post(pathOf(userId), wanted)).status).toBe(429);
  });

  it('does not count what is not found', async () => {
    const operator = await anOperator(app);
    const { userId } = await app.signIn(demo, aPerson());
    const wanted = { fields: ['identity.username'], reason: 'x' };
    expectProblem(await operator.post(pathOf(randomUUID()), wanted), 404, 'user.not_found');
    const ofAnother = { ...wanted, identityId: randomUUID() };
    expectProblem(await operator.post(pathOf(userId), ofAnother), 404, 'identity.not_found');
    const counted = await app.database.query('SELECT FROM user_reveals WHERE actor = $1', [
      `principal:${operator.principalId}`,
    ]);
    expect(counted).toEqual([]);
  });

  it('says of a sentence as reason what a reason is made of', async () => {
    const operator = await anOperator(app);
    const { userId } = await app.signIn(demo);
    const answer = await operator.post(pathOf(userId), {
      fields: ['identity.username'],
      reason: 'he asked me',
    });

    expectProblem(answer, 400, 'request.invalid');
    expect(answer.body).toMatchObject({
      errors: [
        { path: 'reason', detail: expect.stringContaining('64 letters, digits and . _ - # /') as unknown },
      ],
    });
  });

  it.each<[string, object, string]>([
    ['no field', { fields: [], reason: 'x' }, 'request.invalid'],
    ['no reason', { fields: ['identity.username'] }, 'request.invalid'],
    ['a sentence as reason', { fields: ['identity.username'], reason: 'he asked me' }, 'request.invalid'],
    ['an unknown name', { fields: ['data_key'], reason: 'x' }, 'request.invalid'],
    ['a name twice', { fields: ['identity.subject', 'identity.subject'], reason: 'x' }, 'request.invalid'],
    ['text for a list', { fields: 'identity.subject', reason: 'x' }, 'request.invalid'],
    ['null', { fields: ['identity.subject'], reason: 'x', identityId: null }, 'request.invalid'],
    ['a second person', { fields: ['identity.subject'], reason: 'x', userIds: [] }, 'request.unknown_field'],
  ])('refuses %s', async (_name, body, code) => {
    const operator = await anOperator(app);
    const { userId } = await app.signIn(demo);
    expectProblem(await operator.post(pathOf(userId), body), 400, code);
  });
});
