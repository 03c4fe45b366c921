import { RestoredDatabase } from '@countersign/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import {
  askForToken,
  aWalletApplication,
  anEmbeddedWallet,
  environmentOf,
  signWith,
  tokenFor,
  useCustody,
} from '../support/embedded-wallets';
import { linkWallet } from '../support/linked-wallets';
import { signInPerson } from '../support/person-session';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE } from '../support/wallets';

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const countersign = useCountersign(app, {
  get CUSTODY_SOCKET() {
    return custody.socket;
  },
});
const game = useFixture(() => aWalletApplication(app, {}, { origins: [SITE] }));

describe('a frozen wallet', () => {
  it('does nothing, also with a token of before, until its person ends that after a step-up', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const path = `/v1/wallets/${wallet.walletId}/freeze`;
    const walletToken = await tokenFor(session, wallet);

    expect((await session.post(path)).status).toBe(204);

    expectProblem(await signWith(session, wallet, walletToken), 409, 'wallet.frozen');
    expectProblem(await askForToken(session, wallet), 409, 'wallet.frozen');
    const { body } = await session.get(`/v1/wallets/${wallet.walletId}/embedded`);
    expect(body).toMatchObject({ frozenBy: 'person', exportedAt: null });
    expectProblem(await session.delete(path), 403, 'account.step_up_required');
    const stepped = await steppedUpFor(app, game, session, 'wallet.unfreeze');
    expect((await withGrant(stepped.delete(path), stepped.grant)).status).toBe(204);
    expect((await signWith(session, wallet, walletToken)).status).toBe(200);
  });

  it('by an operator is not freed by its person', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    await countersign.json(`wallet freeze ${wallet.walletId} --reason ticket-1`);

    const path = `/v1/wallets/${wallet.walletId}/freeze`;
    expect((await session.post(path)).status).toBe(204);
    const stepped = await steppedUpFor(app, game, session, 'wallet.unfreeze');
    expectProblem(await withGrant(stepped.delete(path), stepped.grant), 409, 'wallet.frozen');

    const state = await countersign.json(`wallet unfreeze ${wallet.walletId} --reason ticket-2`);
    expect(state).toMatchObject({ frozenAt: null, frozenBy: null });
    expect((await askForToken(session, wallet)).status).toBe(201);
  });

  it('is one of the person, and an embedded one', async () => {
    const { wallet } = await anEmbeddedWallet(app, game);
    const thief = await signInPerson(app, game);
    await thief.stepUp();
    const linked = await linkWallet(thief, anEvmWallet());

    expectProblem(await thief.post(`/v1/wallets/${wallet.walletId}/freeze`), 404, 'wallet.not_found');
    expectProblem(await thief.post(`/v1/wallets/${linked.walletId}/freeze`), 409, 'wallet.not_embedded');
    expectProblem(await thief.get(`/v1/wallets/${linked.walletId}/embedded`), 409, 'wallet.not_embedded');
  });
});

describe('the brake', () => {
  it('stops all wallets by one command, and lets them act again', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const walletToken = await tokenFor(session, wallet);

    const stopped = await countersign.json<object>('wallet stop --reason incident-7');
    expect(stopped).toMatchObject({ stoppedFor: 'incident-7' });
    const state = await countersign.json('custody status');
    expect(state).toMatchObject({ isReachable: true, toRewrap: 0, ...stopped });

    expectProblem(await signWith(session, wallet, walletToken), 403, 'wallet.acts_stopped');
    expectProblem(await askForToken(session, wallet), 403, 'wallet.acts_stopped');
    expect((await session.get('/v1/wallets')).status).toBe(200);
    expect(await countersign.json('wallet release --reason incident-7')).toMatchObject({ stoppedAt: null });
    expect((await signWith(session, wallet, walletToken)).status).toBe(200);
  });
});

describe('a grant', () => {
  it('that its person took back lets the application do nothing more', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const walletToken = await tokenFor(session, wallet);
    const { applicationId } = game;

    expect((await session.delete(`/v1/wallets/${wallet.walletId}/grants/${applicationId}`)).status).toBe(204);

    expectProblem(await signWith(session, wallet, walletToken), 403, 'wallet.not_granted');
    const { body } = await session.get(`/v1/wallets/${wallet.walletId}/embedded`);
    expect(body).toMatchObject({ grants: [] });
  });
});

describe('wallets in another database', () => {
  it('are stopped at once, and beside the reason of an operator until a release', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const restored = app.nest.get(RestoredDatabase, { strict: false });
    await restored.run();
    await countersign.json('wallet stop --reason ticket-1');
    await app.database.query(`UPDATE wallet_database SET origin = 'another'`);

    expectProblem(await askForToken(session, wallet), 403, 'wallet.acts_stopped');
    expect(await restored.run()).toBe(1);
    expect(await restored.run()).toBe(0);
    expectProblem(await askForToken(session, wallet), 403, 'wallet.acts_stopped');
    const [brake] = await app.database.query('SELECT reason FROM wallet_brake');
    expect(brake).toEqual({ reason: 'ticket-1, database_restored' });

    await countersign.json('wallet release --reason ticket-2');
    expect((await askForToken(session, wallet)).status).toBe(201);
  });
});
