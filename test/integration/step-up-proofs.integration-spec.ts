import { settleAttachments } from '../support/accounts';
import { aPerson, type Person } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';

const routes = {
  'a step-up': '/v1/me/step-up',
  'a link': '/v1/me/identities/telegram/init-data',
  'a merge': '/v1/me/merges',
} as const;
type Act = keyof typeof routes;
const acts = Object.keys(routes) as Act[];

describe('a proof that is used up within a session', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  const proofOf = (person: Person) => ({ initData: app.initDataOf(demo, person) });

  async function aSteppedUpSession(): Promise<PersonSession> {
    const session = await signInPerson(app, demo);
    expect((await session.stepUp()).status).toBe(200);
    return session;
  }

  /** What must be so before a proof of this person serves for the act. */
  const preparations: Record<Act, (session: PersonSession, person: Person) => Promise<unknown>> = {
    'a step-up': (session, person) => session.post(routes['a link'], proofOf(person)),
    'a link': () => Promise.resolve(),
    'a merge': (_, person) => signInPerson(app, demo, person),
  };

  /** A session, and a proof that has served it for the act: its person is one of the account's identities since. */
  async function usedFor(act: Act) {
    const [session, person] = [await aSteppedUpSession(), aPerson()];
    await preparations[act](session, person);
    const proof = proofOf(person);
    const answer = await session.post(routes[act], proof);
    expect([200, 201]).toContain(answer.status);
    return { session, person, proof, answered: answer.body as object };
  }

  async function unlink(session: PersonSession, person: Person): Promise<void> {
    const { items } = (await session.get('/v1/me/identities')).body as {
      items: { identityId: string; subject: string }[];
    };
    const identity = items.find(({ subject }) => subject === String(person.id));
    await settleAttachments(app);
    expect((await session.delete(`/v1/me/identities/${identity?.identityId ?? ''}`)).status).toBe(204);
  }

  it.each(acts)('counts for %s again, and for nothing else', async (act) => {
    const { session, proof, answered } = await usedFor(act);
    const before = await inventoryOf(app);

    for (const other of acts.filter((name) => name !== act))
      expectProblem(await session.post(routes[other], proof), 401, 'auth.proof_used');
    const signIn = { applicationId: demo.applicationId, ...proof };
    expectProblem(await app.postSignIn(signIn), 401, 'auth.proof_used');

    const again = await session.post(routes[act], proof);
    expect({ status: again.status, body: again.body as unknown }).toEqual({ status: 200, body: answered });
    expect(await inventoryOf(app)).toEqual(before);
  });

  it.each(acts)('for %s counts for nothing once its identity has left the account', async (act) => {
    const { session, person, proof } = await usedFor(act);
    await unlink(session, person);
    const before = await inventoryOf(app);

    expectProblem(await session.post(routes['a step-up'], proof), 403, 'account.other_person');
    expectProblem(await session.post(routes['a link'], proof), 401, 'auth.proof_used');
    expectProblem(await session.post(routes['a merge'], proof), 404, 'account.nothing_to_merge');
    expect(await inventoryOf(app)).toEqual(before);
  });

  it.each(acts)('for %s takes in no account that its person has made since', async (act) => {
    const { session, person, proof } = await usedFor(act);
    await unlink(session, person);
    const anew = await signInPerson(app, demo, person);
    expect(anew.isNewUser).toBe(true);
    const before = await inventoryOf(app);

    expectProblem(await session.post(routes['a merge'], proof), 401, 'auth.proof_used');
    expectProblem(await session.post(routes['a link'], proof), 409, 'identity.belongs_to_another');
    expect(await inventoryOf(app)).toEqual(before);
    expect((await anew.get('/v1/me')).status).toBe(200);
  });

  it('answers the merge that it was used for, whichever merges came after it', async () => {
    const { session, proof, answered } = await usedFor('a merge');
    const later = await signInPerson(app, demo);
    const laterProof = proofOf(later.person);
    const merged = await session.post('/v1/me/merges', laterProof);
    expect(merged.body).toEqual({ userId: session.userId, mergedUserId: later.userId });

    expect((await session.post('/v1/me/merges', proof)).body).toEqual(answered);
    expect((await session.post('/v1/me/merges', laterProof)).body).toEqual(merged.body);
  });

  it('for a step-up is no merge that is asked for again, nor is a fresh one of one’s own', async () => {
    const session = await signInPerson(app, demo);
    const own = { initData: app.initDataOf(demo, session.person) };
    await session.post('/v1/me/step-up', own);
    const loser = await signInPerson(app, demo);
    expect((await session.post('/v1/me/merges', proofOf(loser.person))).status).toBe(200);

    expectProblem(await session.post('/v1/me/merges', own), 401, 'auth.proof_used');
    const fresh = { initData: app.initDataOf(demo, session.person) };
    expectProblem(await session.post('/v1/me/merges', fresh), 409, 'account.same_account');
    // It was refused, so it is not used up.
    expect((await session.post('/v1/me/step-up', fresh)).status).toBe(200);
  });
});
