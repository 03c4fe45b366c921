import { times } from '../factories';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { OPEN_RULES } from '../support/custody';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { useFakeNode } from '../support/fake-node';
import {
  aFundedWallet,
  attemptSend,
  broadcast,
  CHAIN,
  countOf,
  FRIEND,
  look,
  permit,
  sendingOn,
  type SendBody,
} from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const PEOPLE = 5;
/** Calls at once, a multiple of five. */
const SIZE = 50;
const REPLICAS = 3;

describeWithAnvil(`${SIZE} sends at once on ${REPLICAS} replicas`, () => {
  const anvil = useAnvil();
  const nodes = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const custody = useCustody();
  const token = useFixture(() => anvil.deploy('TestErc20', ['Coin', 'COIN', 18]));
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

    expect(answers.map(({ status }) => status)).toEqual(times(SIZE, () => 200));
    const nonces = answers.map(({ body }) => (body as { send: SendBody }).send.nonce);
    expect(nonces.toSorted((one, other) => one - other)).toEqual(times(SIZE, (index) => index));
    await Promise.all(all.map((each) => broadcast(each)));
    await anvil.mine(70);
    await look(app);
    expect(await anvil.client.getTransactionCount({ address })).toBe(SIZE);
    expect(await anvil.client.getBalance({ address: FRIEND })).toBe(before + BigInt(SIZE));
    const states = await app.database.query<{ state: string }>(
      'SELECT DISTINCT state FROM sends WHERE wallet_id = $1',
      [wallet.walletId],
    );
    expect(states).toEqual([{ state: 'final' }]);
  });

  it('stay within the amounts of custody, exactly: of a wallet and day, and of all and hour', async () => {
    const [perDay, perHour] = [(SIZE * 2) / 5, (SIZE * 4) / 5];
    const people = await Promise.all(times(PEOPLE, () => aFundedWallet(app, game, anvil)));
    for (const { address } of people) await anvil.write(token, 'mint', [address, 1_000n]);
    const ofToken = { kind: 'token', token: token.address, to: FRIEND, amount: '1' };
    const limiting = (walletPerDay: number, allPerHour: number) =>
      custody.reload({
        assets: [
          ...OPEN_RULES.assets,
          {
            ...{ chain: CHAIN, token: token.address },
            ...{ walletPerDay: String(walletPerDay), allPerHour: String(allPerHour) },
          },
        ],
      });
    const attempt = (owner: (typeof people)[number] | undefined, index: number) =>
      owner ? attemptSend(at(index), owner.session, owner.wallet, ofToken) : Promise.resolve('none');

    await limiting(perDay, 1_000);
    const ofOne = await Promise.all(times(SIZE, (index) => attempt(people[0], index)));
    expect(countOf(ofOne)).toEqual({ sent: perDay, 'wallet.above_day_limit': SIZE - perDay });
    await limiting(1_000, perDay + perHour);
    const ofAll = await Promise.all(times(SIZE, (index) => attempt(people[index % PEOPLE], index)));
    expect(countOf(ofAll)).toEqual({ sent: perHour, 'wallet.above_hour_limit': SIZE - perHour });
  });
});
