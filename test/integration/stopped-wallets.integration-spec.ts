import { RestoredDatabase } from '@countersign/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import {
  askForAct,
  aWalletApplication,
  anEmbeddedWallet,
  environmentOf,
  perform,
  actFor,
  useCustody,
} from '../support/embedded-wallets';
import { linkWallet } from '../support/linked-wallets';
import { signInPerson } from '../support/person-session';
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
  it('does nothing at custody, also with a token of before, until the operator of custody ends that', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const { walletId } = wallet;
    const path = `/v1/wallets/${walletId}/freeze`;
    const actId = await actFor(session, wallet);

    expect((await session.post(path)).status).toBe(204);

    expectProblem(await perform(session, wallet, actId), 409, 'wallet.frozen');
    expectProblem(await perform(session, wallet, await actFor(session, wallet)), 409, 'wallet.frozen');
    const { frozenAt } = await custody.client.describe(walletId);
    expect(frozenAt).not.toBeNull();
    const state = () => session.get(`/v1/wallets/${walletId}/embedded`);
    expect((await state()).body).toMatchObject({ frozenAt, exportedAt: null });
    expectProblem(await session.delete(path), 405, 'request.method_not_allowed');
    expect((await session.post(path)).status).toBe(204);

    expect(custody.command('unfreeze', walletId)).toMatch(/^0: /);
    expect((await perform(session, wallet, actId)).status).toBe(200);
    expect((await state()).body).toMatchObject({ frozenAt: null });
  });

  it('by an operator is frozen at custody, which the administration API does not end', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const { walletId } = wallet;

    const frozen = await countersign.json(`wallet freeze ${walletId} --reason ticket-1`);

    expect(frozen).toMatchObject({ frozenAt: expect.any(String) as string });
    expectProblem(await perform(session, wallet, await actFor(session, wallet)), 409, 'wallet.frozen');
    for (const path of [`embedded-wallets/${walletId}/unfreeze`, 'custody/release'])
      expect((await app.admin.post(`/v1/admin/${path}`).send({ reason: 'ticket-2' })).status).toBe(404);
  });

  it('is frozen once custody has it: while custody is away nothing is done', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const path = `/v1/wallets/${wallet.walletId}`;
    await custody.kill();
    expectProblem(await session.post(`${path}/freeze`), 503, 'wallet.custody_unavailable');
    expectProblem(await session.get(`${path}/embedded`), 503, 'wallet.custody_unavailable');
    await custody.run();

    expect(await custody.client.describe(wallet.walletId)).toMatchObject({ frozenAt: null });
    const told = await app.database.query(
      `SELECT 1 FROM audit_records WHERE action = 'wallet.frozen' AND subject = $1`,
      [wallet.walletId],
    );
    expect(told).toEqual([]);
    expect((await session.post(`${path}/freeze`)).status).toBe(204);
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
  it('of custody is pulled by one command, and released by its operator alone', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const actId = await actFor(session, wallet);

    const stopped = await countersign.json<object>('wallet stop --reason incident-7');
    expect(stopped).toMatchObject({ stoppedFor: 'incident-7' });
    const state = () => countersign.json('custody status');
    expect(await state()).toMatchObject({ isReachable: true, toRewrap: 0, ...stopped });

    expectProblem(await perform(session, wallet, actId), 403, 'wallet.acts_stopped');
    expect((await session.get('/v1/wallets')).status).toBe(200);
    expect(custody.command('release')).toMatch(/^0: /);
    expect(await state()).toMatchObject({ stoppedAt: null, stoppedFor: null });
    expect((await perform(session, wallet, actId)).status).toBe(200);
  });
});

describe('wallets in another database', () => {
  it('are stopped at once, and by the brake of custody as soon as it answers', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const restored = app.nest.get(RestoredDatabase, { strict: false });
    await restored.run();
    const actId = await actFor(session, wallet);
    await app.database.query(`UPDATE wallet_database SET origin = 'another'`);

    expectProblem(await askForAct(session, wallet), 403, 'wallet.acts_stopped');
    await custody.kill();
    expect(await restored.run()).toBe(0);
    await custody.run();
    expectProblem(await askForAct(session, wallet), 403, 'wallet.acts_stopped');
    expect((await custody.client.health()).brake).toBeNull();

    expect(await restored.run()).toBe(1);
    expect(await restored.run()).toBe(0);
    expect((await custody.client.health()).brake).toMatchObject({ reason: 'database_restored' });
    expectProblem(await perform(session, wallet, actId), 403, 'wallet.acts_stopped');
    expect(custody.command('release')).toMatch(/^0: /);
    expect((await perform(session, wallet, actId)).status).toBe(200);
  });
});
