import { settleAttachments } from '../support/accounts';
import { countBy, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { loginOf, openWeb3InitDataOf } from '../support/proofs';
import { aPerson } from '../factories';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';

const OPENWEB3 = '/v1/me/identities/openweb3/init-data';
const TELEGRAM = '/v1/me/identities/telegram/init-data';

interface IdentityBody {
  readonly identityId: string;
  readonly provider: string;
  readonly subject: string;
}

describe('the identities of an account', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const im = useOpenWeb3Bot(app, demo);

  const anOpenWeb3Proof = (person = aPerson()) => ({ initData: openWeb3InitDataOf(app, im, person) });

  async function aSteppedUpSession(): Promise<PersonSession> {
    const session = await signInPerson(app, demo);
    expect((await session.stepUp()).status).toBe(200);
    return session;
  }

  async function identitiesOf(session: PersonSession): Promise<readonly IdentityBody[]> {
    return ((await session.get('/v1/me/identities')).body as { items: IdentityBody[] }).items;
  }

  it('grow by a proof of another provider, which then signs in the same person', async () => {
    const session = await aSteppedUpSession();
    const other = aPerson();

    const linked = await session.post(OPENWEB3, anOpenWeb3Proof(other));

    expect(linked.status).toBe(201);
    expect(linked.body).toMatchObject({ provider: 'openweb3', subject: String(other.id) });
    expect((await identitiesOf(session)).map(({ provider }) => provider)).toEqual(['telegram', 'openweb3']);
    expect((await signInOpenWeb3(app, im, other)).userId).toBe(session.userId);
  });

  it('grow by other accounts of Telegram, and never by the Login Widget: its strongest proof is another', async () => {
    const session = await aSteppedUpSession();
    const [second, third] = [aPerson(), aPerson()];

    expect((await session.post(TELEGRAM, { initData: app.initDataOf(demo, second) })).status).toBe(201);
    const data = loginOf(app, demo, third);
    const answer = await session.post('/v1/me/identities/telegram/login-widget', { data });
    expectProblem(answer, 403, 'auth.assurance_too_low');
    expect((await app.signIn(demo, third)).userId).not.toBe(session.userId);
  });

  it('are of the person of each session that they opened, for the database too', async () => {
    const [session, other] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const borrow = app.database.query(
      'UPDATE sessions SET identity_id = (SELECT id FROM identities WHERE user_id = $2) WHERE id = $1',
      [session.sessionId, other.userId],
    );

    await expect(borrow).rejects.toThrow('fk_sessions_own_identity');
  });

  it('stay as they are when the proof is of one’s own, or the answer was lost', async () => {
    const session = await aSteppedUpSession();
    const body = anOpenWeb3Proof();
    const first = await session.post(OPENWEB3, body);
    const again = await session.post(OPENWEB3, body);
    const own = await session.post(TELEGRAM, { initData: app.initDataOf(demo, session.person) });

    expect([first.status, again.status, own.status]).toEqual([201, 200, 200]);
    expect(again.body).toEqual(first.body);
    expect(await identitiesOf(session)).toHaveLength(2);
  });

  it('do not grow without step-up, after it has run out, or by a stale or used proof', async () => {
    const session = await signInPerson(app, demo);
    const before = await inventoryOf(app);
    expectProblem(await session.post(OPENWEB3, anOpenWeb3Proof()), 403, 'account.step_up_required');
    expect(await inventoryOf(app)).toEqual(before);

    await session.stepUp();
    const stale = anOpenWeb3Proof();
    app.clock.advance(301);
    expectProblem(await session.post(OPENWEB3, anOpenWeb3Proof()), 403, 'account.step_up_required');
    await session.stepUp();
    expectProblem(await session.post(OPENWEB3, stale), 401, 'auth.proof_not_fresh');

    const stranger = aPerson();
    const used = anOpenWeb3Proof(stranger);
    await app.http.post('/v1/auth/openweb3/init-data').send({ ...used, applicationId: im.applicationId });
    expectProblem(await session.post(OPENWEB3, used), 409, 'identity.belongs_to_another');
    expect(await identitiesOf(session)).toHaveLength(1);
  });

  it('do not grow by what belongs to somebody else; the proof stays good for the merge that is offered', async () => {
    const session = await aSteppedUpSession();
    const other = await signInOpenWeb3(app, im);
    const before = await inventoryOf(app);
    const proof = anOpenWeb3Proof(other.person);

    const answer = await session.post(OPENWEB3, proof);

    expectProblem(answer, 409, 'identity.belongs_to_another');
    expect((answer.body as { detail: string }).detail).toContain('/v1/me/merges');
    expect(await inventoryOf(app)).toEqual(before);
    await app.lowerAccountLevel();
    expect((await session.post('/v1/me/merges', proof)).status).toBe(200);
  });

  it('are given to one account only, however many ask at once, and sign-ins among them', async () => {
    const wanted = aPerson();
    const sessions = await Promise.all(times(6, () => aSteppedUpSession()));
    const links = sessions.map((session) => session.post(OPENWEB3, anOpenWeb3Proof(wanted)));
    const signIns = times(3, () => signInOpenWeb3(app, im, wanted));
    const answers = await Promise.all(links);
    const users = new Set((await Promise.all(signIns)).map(({ userId }) => userId));

    const counts = countBy(answers, ({ status }) => status);
    expect((counts[201] ?? 0) + (counts[409] ?? 0)).toBe(6);
    expect(counts[201] ?? 0).toBeLessThanOrEqual(1);
    expect(users.size).toBe(1);
    const rows = await app.database.query(
      `SELECT 1 FROM identities i JOIN identity_digests d ON d.identity_id = i.id WHERE i.user_id = ANY($1::uuid[]) AND i.provider = 'openweb3'`,
      [[...users]],
    );
    expect(rows).toHaveLength(1);
  });

  it('shrink, and the proof that linked one makes nobody, however many sign in at that moment', async () => {
    const session = await aSteppedUpSession();
    const other = aPerson();
    const proof = { initData: app.initDataOf(demo, other) };
    const { identityId } = (await session.post(TELEGRAM, proof)).body as IdentityBody;
    await settleAttachments(app);
    expect((await session.delete(`/v1/me/identities/${identityId}`)).status).toBe(204);
    const countUsers = async () => (await app.database.query('SELECT 1 FROM users')).length;
    const users = await countUsers();

    const [used, ...fresh] = await Promise.all([
      app.postSignIn({ applicationId: demo.applicationId, ...proof }),
      ...times(10, () =>
        app.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo) }),
      ),
    ]);

    expect(used).toMatchObject({ status: 401, body: { code: 'auth.proof_used' } });
    expect(countBy(fresh, ({ status }) => status)).toEqual({ 200: 10 });
    expect(await countUsers()).toBe(users + 10);
  });

  it('shrink, and the sessions that an identity opened end with it', async () => {
    const session = await aSteppedUpSession();
    const other = aPerson();
    const { identityId } = (await session.post(OPENWEB3, anOpenWeb3Proof(other))).body as IdentityBody;
    const opened = await signInOpenWeb3(app, im, other);

    await settleAttachments(app);
    expect((await session.delete(`/v1/me/identities/${identityId}`)).status).toBe(204);

    expectProblem(await opened.get('/v1/me'), 401, 'session.ended');
    expectProblem(await app.refresh(opened.refreshToken), 401, 'session.ended');
    expect((await session.get('/v1/me')).status).toBe(200);
    expect(await identitiesOf(session)).toHaveLength(1);
    expect((await signInOpenWeb3(app, im, other)).userId).not.toBe(session.userId);
    expectProblem(await session.delete(`/v1/me/identities/${identityId}`), 404, 'identity.not_found');
  });

  it('never shrink to none, nor without step-up, nor by somebody else', async () => {
    const session = await signInPerson(app, demo);
    const [own] = await identitiesOf(session);
    const path = `/v1/me/identities/${own?.identityId ?? ''}`;
    expectProblem(await session.delete(path), 403, 'account.step_up_required');
    await session.stepUp();
    expectProblem(await session.delete(path), 409, 'identity.last_one');

    const stranger = await aSteppedUpSession();
    expectProblem(await stranger.delete(path), 404, 'identity.not_found');
    expect((await session.get('/v1/me')).status).toBe(200);
  });

  it('never shrink to none by parallel calls', async () => {
    const session = await aSteppedUpSession();
    await session.post(OPENWEB3, anOpenWeb3Proof());
    const ids = (await identitiesOf(session)).map(({ identityId }) => identityId);

    await settleAttachments(app);

    const answers = await Promise.all(ids.map((id) => session.delete(`/v1/me/identities/${id}`)));

    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(
      await app.database.query('SELECT 1 FROM identities WHERE user_id = $1', [session.userId]),
    ).toHaveLength(1);
  });

  it('are shown in pages', async () => {
    const session = await aSteppedUpSession();
    await session.post(OPENWEB3, anOpenWeb3Proof());
    const first = (await session.get('/v1/me/identities?limit=1')).body as {
      items: IdentityBody[];
      nextCursor: string;
    };
    const second = (await session.get(`/v1/me/identities?limit=1&cursor=${first.nextCursor}`)).body as {
      items: IdentityBody[];
    };

    expect([...first.items, ...second.items].map(({ provider }) => provider)).toEqual([
      'telegram',
      'openweb3',
    ]);
    expect(second).toMatchObject({ nextCursor: null });
  });

  it('are out of reach of third-party applications, but for the one that signed in', async () => {
    const third = await app.createApplication({ trust: 'third-party' });
    const person = aPerson();
    const linked = await signInPerson(app, demo, person);
    await linked.stepUp();
    await linked.post(OPENWEB3, anOpenWeb3Proof());
    const session = await signInPerson(app, third, person);

    expect((await identitiesOf(session)).map(({ provider }) => provider)).toEqual(['telegram']);
    expectProblem(await session.post(TELEGRAM, { initData: 'x' }), 403, 'account.first_party_only');
    const [own] = await identitiesOf(session);
    expectProblem(
      await session.delete(`/v1/me/identities/${own?.identityId ?? ''}`),
      403,
      'account.first_party_only',
    );
  });

  it('stand sealed in the database', async () => {
    const session = await aSteppedUpSession();
    const other = aPerson({ first_name: 'Zebulon-Unsealed' });
    await session.post(OPENWEB3, anOpenWeb3Proof(other));
    const stored = JSON.stringify(await app.database.query('SELECT * FROM identities'));

    expect(stored).not.toContain(String(other.id));
    expect(stored).not.toContain('Zebulon');
  });
});
