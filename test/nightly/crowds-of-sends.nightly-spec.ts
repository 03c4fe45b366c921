import { times } from '../factories';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { useTwoNodes } from '../support/fake-node';
import {
  aFundedWallet,
  broadcast,
  countOf,
  FRIEND,
  look,
  permit,
  sendingOn,
  type SendBody,
} from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

/** Calls at once. */
const SIZE = 50;
/** That custody signs before one of them is final. */
const MAX_OPEN = 16;
const REPLICAS = 3;

describeWithAnvil(`${SIZE} sends at once on ${REPLICAS} replicas`, () => {
  const anvil = useAnvil();
  const nodes = useTwoNodes(anvil);
  const custody = useCustody();
  const app = useTestApp(() =>
    sendingOn(
      custody,
      nodes.map(({ url }) => url),
    ),
  );
  const all = [app, ...times(REPLICAS - 1, () => useReplica(app))];
  const at = (index: number) => all[index % all.length] ?? app;
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));

  it('of one wallet get nonces without a gap', async () => {
    const { session, wallet, address } = await aFundedWallet(app, game, anvil);
    const before = await anvil.client.getBalance({ address: FRIEND });
    const calls = await Promise.all(times(SIZE, () => permit(session, wallet)));

    const answers = await Promise.all(
      calls.map((call, index) =>
        at(index)
          .http.post(`/v1/wallets/${wallet.walletId}/acts/${call.actId}/perform`)
          .set('authorization', `Bearer ${session.accessToken}`),
      ),
    );

    const codes = answers.map(({ status, body }) =>
      status === 200 ? 'sent' : (body as { code: string }).code,
    );
    expect(countOf(codes)).toEqual({ sent: MAX_OPEN, 'send.too_many_open': SIZE - MAX_OPEN });
    const nonces = answers.flatMap(({ body }) => (body as { send?: SendBody }).send?.nonce ?? []);
    expect(nonces.toSorted((one, other) => one - other)).toEqual(times(MAX_OPEN, (index) => index));
    await Promise.all(all.map((each) => broadcast(each)));
    await anvil.mine(70);
    await look(app);
    expect(await anvil.client.getTransactionCount({ address })).toBe(MAX_OPEN);
    expect(await anvil.client.getBalance({ address: FRIEND })).toBe(before + BigInt(MAX_OPEN));
    const states = await app.database.query<{ state: string }>(
      'SELECT DISTINCT state FROM sends WHERE wallet_id = $1',
      [wallet.walletId],
    );
    expect(states).toEqual([{ state: 'final' }]);
  });
});
