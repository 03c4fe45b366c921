import { randomUUID } from 'node:crypto';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const pathOf = (userId: string): string => `/v1/admin/users/${userId}/reveal`;

describe('reading personal fields of an account', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { dataNeeds: ['name', 'username'] } });

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
        fields: 'identity.firstName identity.phoneNumber identity.subject profile.displayName profile.email',
        reason: 'ticket-8',
      },
    });
    for (const value of ['Countess', firstName, String(id)])
      expect(JSON.stringify(record)).not.toContain(value);
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

  it('counts what is not found as nothing read', async () => {
    const operator = await anOperator(app);
    const before = await auditOf(app, { action: 'user.revealed' });
    const wanted = { fields: ['identity.username'], reason: 'x' };
    expectProblem(await operator.post(pathOf(randomUUID()), wanted), 404, 'user.not_found');
    expect(await auditOf(app, { action: 'user.revealed' })).toHaveLength(before.length);
  });

  it.each<[string, object, string]>([
    ['no reason', { fields: ['identity.username'] }, 'request.invalid'],
    ['an unknown name', { fields: ['data_key'], reason: 'x' }, 'request.invalid'],
    ['a second person', { fields: ['identity.subject'], reason: 'x', userIds: [] }, 'request.unknown_field'],
  ])('refuses %s', async (_name, body, code) => {
    const operator = await anOperator(app);
    const { userId } = await app.signIn(demo);
    expectProblem(await operator.post(pathOf(userId), body), 400, code);
  });
});
