import { Metrics } from '@countersign/observability';
import { times } from '../factories';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode } from '../support/fake-node';
import { signInPerson } from '../support/person-session';
import {
  aFundedWallet,
  aKey,
  attemptSend,
  broadcast,
  callSend,
  CHAIN,
  coin,
  countOf,
  FRIEND,
  look,
  permit,
  sendingOn,
  type SendBody,
} from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const HOUR = 3_600;
/** Of a window of a day, a sixtieth counts longer. */
const DAY_PART = 24 * 60;
const PEOPLE = 5;
/** Calls at once, a multiple of five. */
const SIZE = 50;
const REPLICAS = 3;

describeWithAnvil(`${SIZE} sends at once on ${REPLICAS} replicas`, () => {
  const anvil = useAnvil();
  const nodes = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const custody = useCustody();
  const token = useFixture(() => anvil.deploy('TestErc20', ['Coin', 'COIN', 18]));
  const perHour = (SIZE * 4) / 5;
  const app = useTestApp(() =>
    sendingOn(
      custody,
      nodes.map(({ url }) => url),
      { maxSentPerHour: { [token.address]: String(perHour) } },
    ),
  );
  const all = [app, ...times(REPLICAS - 1, () => useReplica(app))];
  const at = (index: number) => all[index % all.length] ?? app;
  const applicationWith = (sends: object) => aWalletApplication(app, { acts: ['send'] }, { more: { sends } });

  it('of one wallet get nonces without a gap', async () => {
    const game = await applicationWith({});
    const { session, wallet, address } = await aFundedWallet(app, game, anvil);
    const before = await anvil.client.getBalance({ address: FRIEND });
    const calls = await Promise.all(times(SIZE, () => permit(session, wallet)));

    const answers = await Promise.all(
      calls.map((call, index) =>
        at(index)
          .http.post(`/v1/wallets/${wallet.walletId}/sends`)
          .set('authorization', `Bearer ${session.accessToken}`)
          .send({ ...call, key: aKey() }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(times(SIZE, () => 201));
    const nonces = answers.map(({ body }) => (body as SendBody).nonce);
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

  it('stay within the limit of a day, exactly, which slides', async () => {
    const perDay = (SIZE * 2) / 5;
    const ofCoin = { chain: CHAIN, token: null, perAct: null };
    const demo = await applicationWith({ assets: [{ ...ofCoin, perDay: String(perDay) }] });
    const { session, wallet } = await aFundedWallet(app, demo, anvil);

    const outcomes = await Promise.all(
      times(SIZE, (index) => attemptSend(at(index), session, wallet, coin())),
    );

    expect(countOf(outcomes)).toEqual({ 'send.above_day_limit': SIZE - perDay, sent: perDay });
    app.clock.advance(24 * HOUR + DAY_PART);
    const later = await signInPerson(app, demo, session.person);
    expect(await attemptSend(app, later, wallet, coin(perDay))).toBe('sent');
    expect(await attemptSend(app, later, wallet, coin())).toBe('send.above_day_limit');
  });

  it('of five people stay within the limit of all wallets together, exactly', async () => {
    const demo = await applicationWith({});
    const people = await Promise.all(times(PEOPLE, () => aFundedWallet(app, demo, anvil)));
    for (const { address } of people) await anvil.write(token, 'mint', [address, 100n]);
    const ofToken = { kind: 'token', token: token.address, to: FRIEND, amount: '1' };

    const outcomes = await Promise.all(
      people.flatMap(({ session, wallet }, person) =>
        times(SIZE / PEOPLE, (index) => attemptSend(at(person + index), session, wallet, ofToken)),
      ),
    );

    expect(countOf(outcomes)).toEqual({ 'send.brake_reached': SIZE - perHour, sent: perHour });
    const [{ session, wallet } = await aFundedWallet(app, demo, anvil)] = people;
    // Coins have no such limit.
    expect(await attemptSend(app, session, wallet, coin())).toBe('sent');
    const call = { ...(await permit(session, wallet, ofToken)), key: aKey() };
    const refused = await callSend(session, wallet, call);
    expectProblem(refused, 429, 'send.brake_reached');
    expect(await countOfBraked()).toBe(SIZE - perHour + 1);
    app.clock.advance(Number(refused.headers['retry-after']));
    const later = await signInPerson(app, demo, session.person);
    expect(await attemptSend(app, later, wallet, ofToken)).toBe('sent');
  });

  /** By the metrics of all replicas. */
  async function countOfBraked(): Promise<number> {
    const texts = await Promise.all(all.map(async ({ nest }) => nest.get(Metrics).expose()));
    return texts
      .map((text) =>
        Number(/^countersign_sends_braked_total\{chain="eip155:31337"\} (\d+)$/m.exec(text)?.[1]),
      )
      .reduce((sum, count) => sum + count, 0);
  }
});
