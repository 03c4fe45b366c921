import { randomUUID } from 'node:crypto';
import { RateLimits } from '@countersign/http';
import { aPerson, times } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { signInOpenWeb3, signInPerson } from '../support/person-session';
import { Countersign } from '../support/run-countersign';
import { statementsOf } from '../support/statement-count';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

const LOOKUP = '/v1/admin/users/lookup';

describe('looking up accounts', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);

  it('finds them by ids of platforms, a session, and ids of accounts', async () => {
    const operator = await anOperator(app, ['users:lookup']);
    const session = await signInPerson(app, demo);
    const other = await signInOpenWeb3(app, im);
    const ask = async (body: object) => (await operator.post(LOOKUP, body)).body as object;

    expect(await ask({ telegramId: String(session.person.id) })).toEqual({ userIds: [session.userId] });
    expect(await ask({ openweb3Id: String(other.person.id) })).toEqual({ userIds: [other.userId] });
    expect(await ask({ sessionId: session.sessionId })).toEqual({ userIds: [session.userId] });
    expect(await ask({ userId: session.userId.toUpperCase() })).toEqual({ userIds: [session.userId] });

    await mergeAccounts(app, demo, session, other);
    for (const known of [{ openweb3Id: String(other.person.id) }, { userId: other.userId }])
      expect(await ask(known)).toEqual({ userIds: [session.userId] });
  });

  it('answers a miss like a hit, by the same statements', async () => {
    const operator = await anOperator(app);
    const session = await signInPerson(app, demo);
    const pairs = [
      [{ telegramId: String(session.person.id) }, { telegramId: '1' }],
      [
        { telegramId: String(session.person.id) },
        { telegramId: String(session.person.id), environment: 'test' },
      ],
      [{ sessionId: session.sessionId }, { sessionId: randomUUID() }],
      [{ userId: session.userId }, { userId: randomUUID() }],
      [{ openweb3Id: '1' }, { openweb3Id: '2' }],
    ];
    await operator.post(LOOKUP, { openweb3Id: '3' });
    for (const [hit = {}, miss = {}] of pairs) {
      const ofHit = await statementsOf(app, async () => {
        await operator.post(LOOKUP, hit);
      });
      const ofMiss = await statementsOf(app, async () => {
        const answer = await operator.post(LOOKUP, miss);
        expect({ status: answer.status, body: answer.body as unknown }).toEqual({
          status: 200,
          body: { userIds: [] },
        });
      });
      expect(ofMiss).toEqual(ofHit);
    }
  });

  it('is recorded without the value, also when it finds nothing', async () => {
    const operator = await anOperator(app);
    const session = await signInPerson(app, demo);
    const telegramId = String(session.person.id);
    const sessionId = randomUUID();
    await operator.post(LOOKUP, { telegramId });
    await operator.post(LOOKUP, { telegramId });
    await operator.post(LOOKUP, { telegramId: '12345678' });
    await operator.post(LOOKUP, { sessionId });
    await operator.post(LOOKUP, { userId: session.userId });

    const records = (await auditOf(app, { action: 'user.looked_up' })).slice(-5);
    const actor = `principal:${operator.principalId}`;
    const [first, second, miss, ofSession, ofUser] = records;
    const digest = expect.stringMatching(/^[\w-]{43}$/) as string;
    const details = { by: 'telegramId', environment: 'production', digest, isFound: 'true' };
    expect(first).toMatchObject({ actor, subject: null, details });
    expect(second?.details).toEqual(first?.details);
    expect(miss).toMatchObject({ actor, subject: null, details: { ...details, isFound: 'false' } });
    expect(miss?.details['digest']).not.toBe(first?.details['digest']);
    expect(ofSession).toMatchObject({
      actor,
      subject: sessionId,
      details: { by: 'sessionId', isFound: 'false' },
    });
    expect(ofUser).toMatchObject({ actor, subject: expect.stringMatching(/^user:/) as string });
    for (const value of [telegramId, '12345678', session.userId])
      expect(JSON.stringify(records)).not.toContain(value);
  });

  it.each<[string, object, string]>([
    ['nothing', {}, 'request.invalid'],
    ['an environment alone', { environment: 'test' }, 'request.invalid'],
    ['an environment of a session', { environment: 'test', sessionId: randomUUID() }, 'request.invalid'],
    ['two values', { telegramId: '1', openweb3Id: '1' }, 'request.invalid'],
    ['leading zeros', { telegramId: '01' }, 'request.invalid'],
    ['a phone number', { phone: '+4930123456' }, 'request.unknown_field'],
  ])('refuses %s, without a record', async (_name, body, code) => {
    const operator = await anOperator(app);
    const before = (await auditOf(app, { action: 'user.looked_up' })).length;
    expectProblem(await operator.post(LOOKUP, body), 400, code);
    expect(await auditOf(app, { action: 'user.looked_up' })).toHaveLength(before);
  });

  it('is limited for each principal', async () => {
    const [operator, other] = [await anOperator(app), await anOperator(app)];
    const known = { telegramId: '5' };
    expect((await operator.post(LOOKUP, known)).status).toBe(200);
    // Counts 589 look-ups in memory, by the rule of the route: as many calls take seconds.
    const limits = app.nest.get(RateLimits);
    const rule = { name: 'user-lookups', limit: 600, window: 3_600 };
    for (let call = 2; call <= 590; call += 1) await limits.consume(rule, [operator.principalId]);
    const answers = await Promise.all(times(10, () => operator.post(LOOKUP, known)));
    expect(answers.map(({ status }) => status)).toEqual(times(10, () => 200));
    const refused = await operator.post(LOOKUP, known);
    expectProblem(refused, 429, 'request.rate_limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await other.post(LOOKUP, known)).status).toBe(200);
  });

  it('opens no sealed field: lists, items and look-ups work where the keys of people are gone', async () => {
    const operator = await anOperator(app);
    const person = aPerson();
    const { userId, sessionId } = await app.signIn(demo, person);
    await app.database.query(`UPDATE users SET data_key = 'v1:gone' WHERE id = $1`, [userId]);
    await app.database.query(`UPDATE identities SET content = 'v1:gone' WHERE user_id = $1`, [userId]);

    const found = await operator.post(LOOKUP, { telegramId: String(person.id) });
    expect(found.body).toEqual({ userIds: [userId] });
    expect((await operator.post(LOOKUP, { sessionId })).body).toEqual({ userIds: [userId] });
    for (const path of ['users', `users/${userId}`, `identities?userId=${userId}`, 'identities'])
      expect((await operator.get(`/v1/admin/${path}`)).status).toBe(200);
    const { output } = await new Countersign(app).run('user list --json');
    expect(output).toContain(userId);
  });
});
