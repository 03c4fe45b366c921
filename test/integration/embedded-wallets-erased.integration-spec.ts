import { ErasureUpkeep } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { WalletDestruction } from '@countersign/embedded-wallets';
import { times } from '../factories';
import {
  aWalletApplication,
  anEmbeddedWallet,
  embed,
  environmentOf,
  tokenForExport,
  useCustody,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import type { WalletBody } from '../support/linked-wallets';
import { anOperator } from '../support/operator';
import { isLive, signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const DAY_SECONDS = DAY / 1_000;

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const replica = useReplica(app);
const countersign = useCountersign(app);
const game = useFixture(() => aWalletApplication(app));

const NOT_EXPORTED = 'account.forfeit_not_named';

const idsOf = (...wallets: readonly Pick<WalletBody, 'walletId'>[]) =>
  wallets.map(({ walletId }) => walletId).join(',');

function erase(session: PersonSession, forfeit?: string) {
  const query = new URLSearchParams({ confirm: session.userId });
  if (forfeit !== undefined) query.set('forfeit', forfeit);
  return session.delete(`/v1/me?${query.toString()}`);
}

async function exportWords(session: PersonSession, wallet: WalletBody): Promise<PersonSession> {
  const { stepped, walletToken } = await tokenForExport(app, game, session, wallet);
  expect((await stepped.post(`/v1/wallets/${wallet.walletId}/export`, { walletToken })).status).toBe(200);
  return stepped;
}

const hasKey = (walletId: string): Promise<boolean> =>
  custody.client.describe(walletId).then(
    () => true,
    () => false,
  );

describe('the erasure of an account with embedded wallets', () => {
  it('is refused until each is exported or named, and destroys the key of the named one', async () => {
    const { session, wallet: evm } = await anEmbeddedWallet(app, game);
    const ton = await embed(session, 'ton');

    const refused = await erase(session);

    expectProblem(refused, 409, NOT_EXPORTED);
    expect(refused.body).toMatchObject({ forfeit: idsOf(evm, ton) });
    expect((await session.get('/v1/me/erasure')).body).toMatchObject({
      forfeit: [evm.walletId, ton.walletId],
    });
    expectProblem(await erase(session, idsOf(evm)), 409, NOT_EXPORTED);
    const stepped = await exportWords(session, ton);
    const left = await erase(stepped);
    expectProblem(left, 409, NOT_EXPORTED);
    expect(left.body).toMatchObject({ forfeit: evm.walletId });
    expect(await isLive(app, session)).toBe(true);

    const asked = await erase(stepped, evm.walletId.toUpperCase());

    expect(asked.status).toBe(202);
    expect(await hasKey(evm.walletId)).toBe(true);
    app.clock.advance(7 * DAY_SECONDS + 1);
    expect(await app.nest.get(ErasureUpkeep).run()).toBeGreaterThan(0);
    await app.nest.get(WalletDestruction).run();
    expect([await hasKey(evm.walletId), await hasKey(ton.walletId)]).toEqual([false, false]);
  });

  it('takes no wallet of another person for one of the account', async () => {
    const other = await anEmbeddedWallet(app, game);
    const { session, wallet } = await anEmbeddedWallet(app, game);

    const refused = await erase(session, idsOf(other.wallet));

    expectProblem(refused, 409, NOT_EXPORTED);
    expect(refused.body).toMatchObject({ forfeit: wallet.walletId });
    for (const wrong of [
      '',
      'all',
      'true',
      `${wallet.walletId},`,
      times(101, () => wallet.walletId).join(','),
    ])
      expectProblem(await erase(session, wrong), 400, 'request.invalid');
    expect((await erase(session, idsOf(other.wallet, wallet))).status).toBe(202);
  });

  it('asks again where the words were asked for and never shown', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const { stepped, walletToken } = await tokenForExport(app, game, session, wallet);
    await custody.kill();
    const path = `/v1/wallets/${wallet.walletId}/export`;
    expectProblem(await stepped.post(path, { walletToken }), 503, 'wallet.custody_unavailable');
    await custody.run();

    expectProblem(await erase(stepped), 409, NOT_EXPORTED);

    expect((await stepped.post(path, { walletToken })).status).toBe(200);
    expect((await erase(stepped)).status).toBe(202);
  });

  it('is not for a session below the level of the account, whatever it names', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const weak = await signInByWidget(app, game, session.person);

    expect((await weak.get('/v1/me/erasure')).body).toMatchObject({
      scope: 'application',
      forfeit: [],
    });
    expectProblem(await erase(weak), 409, NOT_EXPORTED);
    expectProblem(await erase(weak, idsOf(wallet)), 403, 'auth.assurance_too_low');

    const pending = await app.database.query('SELECT 1 FROM user_erasures WHERE user_id = $1', [weak.userId]);
    expect(pending).toEqual([]);
  });

  it('never takes a wallet that is made meanwhile', async () => {
    for (let round = 0; round < 6; round += 1) {
      const session = await signInPerson(app, game);
      const make = async (index: number) =>
        (index % 2 ? app : replica).http
          .post('/v1/wallets/embedded')
          .set('authorization', `Bearer ${session.accessToken}`)
          .send({ chain: 'evm' });

      const [erased, ...made] = await Promise.all([erase(session), ...times(3, make)]);

      const answers = made.map(({ status, body }) => `${status} ${(body as { code?: string }).code ?? ''}`);
      const isMade = answers.some((answer) => /^20[01]/.test(answer));
      expect({ isMade, status: erased.status }).toEqual({ isMade, status: isMade ? 409 : 202 });
      expect(['200 ', '201 ', '401 session.ended', '403 user.erasure_pending']).toEqual(
        expect.arrayContaining([...new Set(answers)]),
      );
    }
  });

  it('below the level lets no wallet be made until it is cancelled', async () => {
    const session = await signInPerson(app, game);
    const weak = await signInByWidget(app, game, session.person);
    expect((await erase(weak)).status).toBe(202);

    expectProblem(await session.post('/v1/wallets/embedded', { chain: 'evm' }), 403, 'user.erasure_pending');

    app.clock.advance(1);
    const again = await signInPerson(app, game, session.person);
    expect((await again.post('/v1/wallets/embedded', { chain: 'evm' })).status).toBe(201);
  });
});

describe('an operator who erases an account with embedded wallets', () => {
  it('names them in the administration API, and at the command line', async () => {
    const operator = await anOperator(app, ['users:erase']);
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const path = `/v1/admin/users/${session.userId}/erase`;
    const reason = 'ticket-1';

    const refused = await operator.post(path, { reason });
    expectProblem(refused, 409, NOT_EXPORTED);
    expect(refused.body).toMatchObject({ forfeit: wallet.walletId });
    expect(await isLive(app, session)).toBe(true);
    expect((await operator.post(path, { reason, forfeit: [wallet.walletId] })).status).toBe(200);

    const other = await anEmbeddedWallet(app, game);
    const command = `user erase ${other.session.userId} --reason ${reason} --now`;
    const sentence = await countersign.failure(command);
    expect(sentence).toContain(NOT_EXPORTED);
    expect(sentence).toContain(`forfeit: ${other.wallet.walletId}`);
    expect(await countersign.json(`${command} --forfeit ${other.wallet.walletId}`)).toMatchObject({
      erasesAt: null,
    });
  });
});
