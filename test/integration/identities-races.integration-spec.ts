import { linkIdentity, settleAttachments } from '../support/accounts';
import { aSteppedUp, walletSession } from '../support/linked-wallets';
import { generateKeyRing, type KeyRingDocument } from '@countersign/crypto';
import { UsersService } from '@countersign/users';
import { aPerson, type Person, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import {
  openWeb3Launch,
  sessionOf,
  signInOpenWeb3,
  signInPerson,
  type PersonSession,
} from '../support/person-session';
import { postTo, openWeb3InitDataOf } from '../support/proofs';
import { aRapidpaceApplication, aRecord, register } from '../support/rapidpace';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';
import type { Launching } from '../support/relaunch';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

const WALLETS = '/v1/me/identities/wallets';

const app = useTestApp();
const demo = useApplication(app, { settings: { origins: [SITE], wallets: { createsAccounts: true } } });
const im = useOpenWeb3Bot(app, demo);

describe('an identity that is taken away at this moment', () => {
  /** Unlinks, and starts the work when the unlinking has locked the account and has not committed yet. */
  async function whileUnlinking<T>(
    session: PersonSession,
    identityId: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const hold = await app.database.hold(
      `SELECT 1 FROM sessions WHERE id = '${session.sessionId}' FOR UPDATE`,
    );
    const unlinking = session.delete(`/v1/me/identities/${identityId}`).then(({ status }) => status);
    // Longer than its first try, after which it begins again and locks the account anew.
    await until(() =>
      app.isWaitingFor('FROM sessions WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', 1, 500),
    );
    const working = work();
    await until(() => app.isWaitingFor('FOR NO KEY UPDATE OF u'));
    await hold.commit();
    expect(await unlinking).toBe(204);
    return working;
  }

  async function linkedTo(session: PersonSession, linked: Launching): Promise<string> {
    const identityId = await linkIdentity(app, demo, session, linked);
    await settleAttachments(app);
    return identityId;
  }

  const anOpenWeb3Proof = (person: Person) => ({ initData: openWeb3InitDataOf(app, im, person) });

  it('signs its person in to an account of their own', async () => {
    const [session, person] = [await signInPerson(app, demo), aPerson()];
    const identityId = await linkedTo(session, { person, launch: openWeb3Launch(app, im, person) });
    await session.stepUp();

    const answer = await whileUnlinking(session, identityId, async () =>
      postTo(app, 'openweb3/init-data', { applicationId: im.applicationId, ...anOpenWeb3Proof(person) }),
    );

    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({
      status: 200,
      body: { isNewUser: true },
    });
    const { userId } = answer.body as SignInBody;
    expect(userId).not.toBe(session.userId);
    expect((await signInOpenWeb3(app, im, person)).userId).toBe(userId);
  });

  it('makes a player of its own of a record that comes in', async () => {
    const casino = await aRapidpaceApplication(app);
    const [session, person] = [await signInPerson(app, demo), aPerson()];
    const identityId = await linkedTo(session, { person });
    await session.stepUp();
    const record = aRecord(app, { telegram_id: person.id });

    const registered = await whileUnlinking(session, identityId, async () => register(app, casino, record));

    expect(registered.status).toBe(201);
    const { userId } = registered.body as { userId: string };
    expect(userId).not.toBe(session.userId);
    const again = await register(app, casino, record);
    expect({ status: again.status, body: again.body as unknown }).toMatchObject({
      status: 200,
      body: { userId },
    });
    expect((await signInPerson(app, demo, person)).userId).toBe(userId);
  });

  it('is still there in the answer of a link that came first', async () => {
    const [session, wallet] = [await aSteppedUp(app, demo), anEvmWallet()];
    const link = async () => session.post(WALLETS, await walletProof(session, wallet, 'link'));
    const { identityId } = (await link()).body as { identityId: string };
    await settleAttachments(app);
    const users = app.nest.get(UsersService);
    const unlinkings: Promise<number>[] = [];
    let isUnlinked = false;
    // When the link has done its work, and before it reads what it answers.
    const reading = jest.spyOn(users, 'getById').mockImplementationOnce(async (...call) => {
      reading.mockRestore();
      unlinkings.push(
        session.delete(`/v1/me/identities/${identityId}`).then(({ status }) => {
          isUnlinked = true;
          return status;
        }),
      );
      await until(async () => isUnlinked || (await app.isWaitingFor('FOR NO KEY UPDATE')));
      return users.getById(...call);
    });

    const linked = await link();

    expect({ status: linked.status, body: linked.body as unknown }).toMatchObject({
      status: 200,
      body: { identityId },
    });
    expect(await Promise.all(unlinkings)).toEqual([204]);
  });
});

describe('an identity under an index key that was added since', () => {
  it('is known when it is linked: 409 for somebody else’s, 200 for one’s own', async () => {
    const { database, telegram, clock } = app;
    const ring = JSON.parse(app.keys) as KeyRingDocument;
    const own = await aSteppedUp(app, demo);
    const [linked, other] = [anEvmWallet(), anEvmWallet()];
    await own.post(WALLETS, await walletProof(own, linked, 'link'));
    await walletSession(app, demo, other);
    const [added] = generateKeyRing().index;
    if (!added) throw new Error('a ring has keys');
    const widened: KeyRingDocument = {
      ...ring,
      index: [...ring.index, added],
    };
    const later = await TestApp.start({ database, telegram, clock, keys: JSON.stringify(widened) });
    const session = sessionOf(later, own, own.person, () => ({}));

    const taken = await session.post(WALLETS, await walletProof(session, other, 'link'));
    const known = await session.post(WALLETS, await walletProof(session, linked, 'link'));

    expectProblem(taken, 409, 'identity.belongs_to_another');
    expect(known.status).toBe(200);
    const { identityId } = known.body as { identityId: string };
    const keyIds = await database.query<{ id: string }>(
      'SELECT key_id AS id FROM identity_digests WHERE identity_id = $1',
      [identityId],
    );
    expect(keyIds.map(({ id }) => id).toSorted()).toEqual(widened.index.map(({ id }) => id).toSorted());

    await later.close();
  });
});
