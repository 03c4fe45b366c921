import { linkIdentity, settleAttachments } from '../support/accounts';
import { aPerson, countBy, times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { aLenientGame } from '../support/lenient-game';
import { aSteppedUp, sendLink, walletSession } from '../support/linked-wallets';
import { openWeb3Launch, signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { acceptance } from '../support/relaunch';
import { useApplication, useOpenWeb3Bot, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

const WALLETS = '/v1/me/identities/wallets';

interface IdentityBody {
  readonly identityId: string;
  readonly provider: string;
  readonly subject: string;
}

describe('the identities of an account', () => {
  const app = useTestApp();
  const demo = useApplication(app, {
    settings: { origins: [SITE], wallets: { createsAccounts: true }, loginWidget: { accept: true } },
  });
  const im = useOpenWeb3Bot(app, demo);

  /** Of a person who has no account. */
  const ofOpenWeb3 = (person = aPerson()) => ({ person, launch: openWeb3Launch(app, im, person) });
  const link = (session: PersonSession, person = aPerson()) =>
    linkIdentity(app, demo, session, ofOpenWeb3(person));

  async function identitiesOf(session: PersonSession): Promise<readonly IdentityBody[]> {
    return ((await session.get('/v1/me/identities')).body as { items: IdentityBody[] }).items;
  }

  it('grow by other accounts of Telegram, and never by what the bot token alone signs', async () => {
    const session = await signInPerson(app, demo);
    const [second, third] = [aPerson(), aPerson()];
    await linkIdentity(app, demo, session, { person: second });
    const lenient = await aLenientGame(app);
    const { applicationId } = lenient;

    const accept = await acceptance(app, demo, session, {
      person: third,
      launch: (startParam) => {
        const initData = app.initDataOf(lenient, third, { startParam, omitSignature: true });
        return app.postSignIn({ applicationId, initData });
      },
    });

    expectProblem(await accept(), 403, 'auth.assurance_too_low');
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

  it('do not grow without step-up, after it has run out, or by a stale or used proof', async () => {
    const session = await signInPerson(app, demo);
    const wallet = anEvmWallet();
    const before = await inventoryOf(app);
    expectProblem(await sendLink(session, wallet), 403, 'account.step_up_required');
    expectProblem(await session.post('/v1/me/joins'), 403, 'account.step_up_required');
    expect(await inventoryOf(app)).toEqual(before);

    await session.stepUp();
    const stale = await walletProof(session, wallet, 'link');
    app.clock.advance(301);
    expectProblem(await sendLink(session, wallet), 403, 'account.step_up_required');
    await session.stepUp();
    expectProblem(await session.post(WALLETS, stale), 401, 'wallet.challenge_expired');
    expectProblem(await session.post(WALLETS, stale), 401, 'wallet.challenge_used');
    expect(await identitiesOf(session)).toHaveLength(1);
  });

  it('do not grow by a wallet of another account: that is a merge', async () => {
    const session = await aSteppedUp(app, demo);
    const wallet = anEvmWallet();
    await walletSession(app, demo, wallet);
    const before = await inventoryOf(app);

    const answer = await session.post(WALLETS, await walletProof(session, wallet, 'link'));

    expectProblem(answer, 409, 'identity.belongs_to_another');
    expect((answer.body as { detail: string }).detail).toContain('/v1/me/merges');
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('are given to one account only, however many ask at once, and sign-ins among them', async () => {
    const wanted = anEvmWallet();
    const sessions = await Promise.all(times(6, () => aSteppedUp(app, demo)));
    const proofs = await Promise.all(sessions.map((session) => walletProof(session, wanted, 'link')));
    const links = sessions.map((session, index) => session.post(WALLETS, proofs[index]));
    const signIns = times(3, () => walletSession(app, demo, wanted));
    const answers = await Promise.all(links);
    const users = new Set((await Promise.all(signIns)).map(({ userId }) => userId));

    const counts = countBy(answers, ({ status }) => status);
    expect((counts[201] ?? 0) + (counts[409] ?? 0)).toBe(6);
    expect(counts[201] ?? 0).toBeLessThanOrEqual(1);
    expect(users.size).toBe(1);
    const rows = await app.database.query(
      `SELECT 1 FROM identities i JOIN identity_digests d ON d.identity_id = i.id
       WHERE i.user_id = ANY($1::uuid[]) AND i.provider <> 'telegram'`,
      [[...users]],
    );
    expect(rows).toHaveLength(1);
  });

  it('shrink, and the sessions that an identity opened end with it', async () => {
    const session = await signInPerson(app, demo);
    const other = aPerson();
    const identityId = await link(session, other);
    const opened = await signInOpenWeb3(app, im, other);
    await settleAttachments(app);
    await session.stepUp();

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

    const stranger = await aSteppedUp(app, demo);
    expectProblem(await stranger.delete(path), 404, 'identity.not_found');
    expect((await session.get('/v1/me')).status).toBe(200);
  });

  it('never shrink to none by parallel calls', async () => {
    const session = await aSteppedUp(app, demo);
    await link(session);
    const ids = (await identitiesOf(session)).map(({ identityId }) => identityId);

    await settleAttachments(app);

    const answers = await Promise.all(ids.map((id) => session.delete(`/v1/me/identities/${id}`)));

    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(
      await app.database.query('SELECT 1 FROM identities WHERE user_id = $1', [session.userId]),
    ).toHaveLength(1);
  });
});
