import { randomUUID } from 'node:crypto';
import { Sending } from '@countersign/sending';
import { AppError } from '@countersign/errors';
import { TokenInspector } from '@countersign/sessions';
import { ExpiryUpkeep } from '@countersign/jobs';
import { times } from '../factories';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { OPEN_RULES } from '../support/custody';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode } from '../support/fake-node';
import type { WalletBody } from '../support/linked-wallets';
import { signInPerson, type PersonSession } from '../support/person-session';
import {
  aFundedWallet,
  aKey,
  attemptSend,
  broadcast,
  callSend,
  CAPS,
  CHAIN,
  coin,
  countOf,
  ETHER,
  FRIEND,
  permit,
  replaceSend,
  send,
  sendingOn,
} from '../support/sends';
import type { Demo } from '../support/test-app';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const HOUR = 3_600;
/** Of a window of a day, a sixtieth counts longer. */
const DAY_PART = 24 * 60;

function oneOf<T>(all: readonly T[], index: number): T {
  const [one] = all.slice(index % all.length);
  if (one === undefined) throw new Error('there is none');
  return one;
}

const STRANGER = `0x${'66'.repeat(20)}`;

describeWithAnvil('limits of sends', () => {
  const anvil = useAnvil();
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const custody = useCustody();
  const token = useFixture(() => anvil.deploy('TestErc20', ['Coin', 'COIN', 18]));
  const app = useTestApp(() =>
    sendingOn(custody, [first.url, second.url], { maxSentPerHour: { [token.address]: '30' } }),
  );
  const replica = useReplica(app);
  const at = (index: number) => (index % 2 === 0 ? app : replica);

  const applicationWith = (sends: object, settings: object = {}) =>
    aWalletApplication(app, { acts: ['send'], ...settings }, { more: { sends } });
  const ofCoin = { chain: CHAIN, token: null, perAct: null, perDay: null };
  const funded = (demo: Demo) => aFundedWallet(app, demo, anvil);
  const attempt = (session: PersonSession, wallet: WalletBody, request: object = coin(), replicaIndex = 0) =>
    attemptSend(at(replicaIndex), session, wallet, request);

  const sums = () =>
    app.database.query<{ id: string; amount: string }>('SELECT id, amount FROM send_sums ORDER BY id');
  const storedOf = async ({ walletId }: WalletBody) =>
    Promise.all(
      ['sends', 'wallet_nonces'].map((table) =>
        app.database.query(`SELECT * FROM ${table} WHERE wallet_id = $1`, [walletId]),
      ),
    );

  describe('of custody', () => {
    it('refuse a send, leave nothing, and its token, key and nonce serve later', async () => {
      const { session, wallet } = await funded(await applicationWith({}));
      const call = { ...(await permit(session, wallet)), key: aKey() };
      const rules = (walletPerDay: string) => ({
        assets: [{ chain: CHAIN, token: null, walletPerDay, allPerHour: '1' }],
      });
      for (const [refusing, status, code] of [
        [{}, 403, 'wallet.asset_not_allowed'],
        [rules('1'), 403, 'wallet.above_day_limit'],
        [rules(String(ETHER)), 429, 'wallet.above_hour_limit'],
      ] as const) {
        await custody.reload(refusing);
        expectProblem(await callSend(session, wallet, call), status, code);
        expect(await storedOf(wallet)).toEqual([[], []]);
      }

      await custody.reload(OPEN_RULES);
      expect((await callSend(session, wallet, call)).status).toBe(201);
    });
  });

  describe('of an application', () => {
    it.each<readonly [string, object, object, string]>([
      ['to another recipient', { recipients: [STRANGER] }, coin(), 'send.recipient_not_allowed'],
      ['of an asset that is not listed', { assets: [] }, coin(), 'send.asset_not_allowed'],
    ])('refuse a send %s, and leave nothing', async (_title, sends, request, code) => {
      const { session, wallet } = await funded(await applicationWith(sends));
      const call = { ...(await permit(session, wallet, request)), key: aKey() };
      expectProblem(await callSend(session, wallet, call), 403, code);
      expect(await storedOf(wallet)).toEqual([[], []]);
      // Its token is not used up.
      expectProblem(await callSend(session, wallet, call), 403, code);
    });
  });

  describe('of a day', () => {
    it('are of one wallet in the application, and count again when the answer says so', async () => {
      const demo = await applicationWith({ assets: [{ ...ofCoin, perDay: '8' }] });
      const { session, wallet } = await funded(demo);
      const other = await funded(demo);

      const outcomes = await Promise.all(times(10, (index) => attempt(session, wallet, coin(), index)));

      expect(countOf(outcomes)).toEqual({ 'send.above_day_limit': 2, sent: 8 });
      const call = { ...(await permit(session, wallet)), key: aKey() };
      const refused = await callSend(session, wallet, call);
      expectProblem(refused, 403, 'send.above_day_limit');
      const retryAfter = Number(refused.headers['retry-after']);
      expect(retryAfter).toBeGreaterThan(24 * HOUR - 60);
      expect(retryAfter).toBeLessThanOrEqual(24 * HOUR + DAY_PART);
      const never = { ...(await permit(session, wallet, coin(9))), key: aKey() };
      expect((await callSend(session, wallet, never)).headers).not.toHaveProperty('retry-after');
      expect(await attempt(other.session, other.wallet, coin(8))).toBe('sent');
      app.clock.advance(retryAfter);
      const later = await signInPerson(app, demo, session.person);
      expect(await attempt(later, wallet, coin(1))).toBe('sent');
    });

    it('count what was cancelled', async () => {
      const { session, wallet } = await funded(
        await applicationWith({ assets: [{ ...ofCoin, perDay: '5' }] }),
      );
      await anvil.request('evm_setAutomine', [false]);
      const { sendId } = await send(session, wallet, coin(5));
      expect((await replaceSend(session, wallet, sendId, 'cancel')).status).toBe(200);
      await broadcast(app);
      await anvil.request('evm_setAutomine', [true]);
      await anvil.mine(1);

      expect(await attempt(session, wallet)).toBe('send.above_day_limit');
    });

    it('leave nothing of what they refuse, and no amount by which a wallet is found', async () => {
      const demo = await applicationWith({ assets: [{ ...ofCoin, perDay: '8' }] });
      const [one, other] = [await funded(demo), await funded(demo)];
      const before = await sums();
      expect(await attempt(one.session, one.wallet, coin(7))).toBe('sent');
      expect(await attempt(other.session, other.wallet, coin(7))).toBe('sent');
      const call = { ...(await permit(one.session, one.wallet, coin(2))), key: aKey() };
      const ofWallet = () => storedOf(one.wallet);
      const [stored, counted] = [await ofWallet(), await sums()];

      expectProblem(await callSend(one.session, one.wallet, call), 403, 'send.above_day_limit');

      expect([await ofWallet(), await sums()]).toEqual([stored, counted]);
      // Its token is not used up.
      expectProblem(await callSend(one.session, one.wallet, call), 403, 'send.above_day_limit');
      const added = counted.filter(({ id }) => !before.some((known) => known.id === id));
      expect(added.map(({ amount }) => amount)).toEqual(['7', '7']);
      for (const { id } of added) expect(id).toMatch(/^[\w-]{43}$/);
      expect(new Set(added.map(({ id }) => id)).size).toBe(2);
    });

    it('are deleted when they count no more', async () => {
      const { session, wallet } = await funded(
        await applicationWith({ assets: [{ ...ofCoin, perDay: '8' }] }),
      );
      const before = new Set((await sums()).map(({ id }) => id));
      await send(session, wallet);
      const own = async () => (await sums()).filter(({ id }) => !before.has(id));
      const upkeep = app.nest.get(ExpiryUpkeep, { strict: false });
      app.clock.advance(24 * HOUR);
      await upkeep.run();
      expect(await own()).toHaveLength(1);
      app.clock.advance(2 * HOUR);

      await upkeep.run();

      expect(await own()).toEqual([]);
    });
  });

  describe('of an hour', () => {
    const ofToken = { kind: 'token', to: FRIEND, amount: '5' };

    it('are exact for all wallets together, on two replicas and while minutes pass', async () => {
      const demo = await applicationWith({});
      const people = await Promise.all(times(4, () => funded(demo)));
      for (const { address } of people) await anvil.write(token, 'mint', [address, 100n]);
      const request = { ...ofToken, token: token.address };
      // A minute ends while they are made.
      app.clock.advance((90 - app.clock.now().getUTCSeconds()) % 60);

      const outcomes = await Promise.all(
        times(12, async (index) => {
          const { session, wallet } = oneOf(people, index);
          const outcome = await attempt(session, wallet, request, index);
          app.clock.advance(4);
          return outcome;
        }),
      );

      expect(countOf(outcomes)).toEqual({ 'send.brake_reached': 6, sent: 6 });
      const [counted] = await app.database.query<{ amount: string }>(
        'SELECT sum(amount) AS amount FROM send_sums WHERE id = $1',
        [`all/${CHAIN}/${token.address.toLowerCase()}`],
      );
      expect(counted).toEqual({ amount: '30' });
      const { session, wallet } = oneOf(people, 0);
      const call = { ...(await permit(session, wallet, request)), key: aKey() };
      const refused = await callSend(session, wallet, call);
      expectProblem(refused, 429, 'send.brake_reached');
      app.clock.advance(Number(refused.headers['retry-after']));
      const later = await signInPerson(app, demo, session.person);
      expect(await attempt(later, wallet, request)).toBe('sent');
    });

    it('see what another replica added while custody signed, and leave nothing then', async () => {
      app.clock.advance(2 * HOUR);
      const { session, wallet, address } = await funded(await applicationWith({}));
      await anvil.write(token, 'mint', [address, 100n]);
      const id = `all/${CHAIN}/${token.address.toLowerCase()}`;
      const lock = `pg_advisory_xact_lock(hashtextextended('countersign/send-sums/${id}', 0))`;
      const other = await app.database.hold(`SELECT ${lock}`);

      const outcome = attempt(session, wallet, { ...ofToken, token: token.address });
      await until(async () => {
        const waiting = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
        return (await app.database.query(waiting)).length === 1;
      });
      await other.run('INSERT INTO send_sums (id, starts_at, amount) VALUES ($1, $2, 30)', [
        id,
        app.clock.now(),
      ]);
      await other.commit();

      expect(await outcome).toBe('send.brake_reached');
      expect(await storedOf(wallet)).toEqual([[], []]);
    });
  });

  describe('of what the wallet has', () => {
    /** The most that a coin costs beside its amount. */
    const feeOf = async (session: PersonSession, wallet: WalletBody) =>
      BigInt((await permit(session, wallet)).maxFee);

    it('are not exceeded by sends that are made together, of coins and of tokens', async () => {
      const { session, wallet, address } = await funded(await applicationWith({}));
      const other = await anvil.deploy('TestErc20', ['Other', 'OTHER', 18]);
      await anvil.write(other, 'mint', [address, 5n]);
      await anvil.request('evm_setAutomine', [false]);
      const fee = await feeOf(session, wallet);
      // Enough for three and a half.
      const amount = 1_000n * fee;
      const coins = 3n * (amount + 2n * fee) + amount / 2n;
      await anvil.request('anvil_setBalance', [address, `0x${coins.toString(16)}`]);

      const outcomes = await Promise.all(times(12, (index) => attempt(session, wallet, coin(amount), index)));

      expect(countOf(outcomes)).toEqual({ 'send.funds_too_low': 9, sent: 3 });
      await anvil.request('anvil_setBalance', [address, `0x${(coins * 2n).toString(16)}`]);
      const some = { kind: 'token', token: other.address, to: FRIEND, amount: '2' };
      const ofTokens = await Promise.all(times(6, (index) => attempt(session, wallet, some, index)));
      // A node counts what waits in its pool, too: then it says that the call fails.
      const { sent, ...refused } = countOf(ofTokens);
      expect(sent).toBe(2);
      const codes = ['send.funds_too_low', 'send.would_fail', 'send.gas_unknown'];
      expect(codes).toEqual(expect.arrayContaining(Object.keys(refused)));
      await anvil.request('evm_setAutomine', [true]);
    });

    it('are what two nodes say, and not what one invents', async () => {
      const { session, wallet } = await funded(await applicationWith({}));
      const call = { ...(await permit(session, wallet)), key: aKey() };
      for (const [balance, status, code] of [
        ['0x0', 409, 'send.funds_too_low'],
        ['junk', 503, 'send.funds_unknown'],
      ] as const) {
        first.lie('eth_getBalance', balance);
        expectProblem(await callSend(session, wallet, call), status, code);
      }
      first.recover();
      const poor = await aFundedWallet(app, await applicationWith({}), anvil, 10n ** 15n);
      const large = { ...(await permit(poor.session, poor.wallet, coin(10n ** 14n))), key: aKey() };
      await anvil.request('anvil_setBalance', [poor.wallet.address, '0x1']);
      first.lie('eth_getBalance', '0xffffffffffffffffffff');
      expectProblem(await callSend(poor.session, poor.wallet, large), 409, 'send.funds_too_low');
      first.recover();
    });
  });

  describe('of tokens of compatible APIs', () => {
    async function sendBy(
      session: PersonSession,
      { walletId }: WalletBody,
      request: object,
      index = 0,
    ): Promise<string> {
      const { nest } = at(index);
      const inspected = await nest.get(TokenInspector).inspect(session.accessToken);
      if (!inspected) throw new Error('the session has ended');
      const foreign = {
        id: randomUUID(),
        expiresAt: app.clock.now(),
        consume: () => Promise.resolve(),
      };
      const call = { key: foreign.id, chainId: CHAIN, request: request as Record<string, unknown> };
      try {
        await nest.get(Sending, { strict: false }).sendBy(foreign, inspected.principal, walletId, call);
        return 'sent';
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return error.code;
      }
    }

    it('send nothing by default', async () => {
      const { session, wallet } = await funded(await applicationWith({}));
      expect(await sendBy(session, wallet, coin())).toBe('send.above_compat_limit');
    });

    it('are exact for all people of the application together, and leave other sends alone', async () => {
      const demo = await applicationWith({ compatPerDay: [`${CHAIN}/coin/8`] });
      const people = await Promise.all(times(5, () => funded(demo)));

      const outcomes = await Promise.all(
        times(12, (index) => {
          const { session, wallet } = oneOf(people, index);
          return sendBy(session, wallet, coin(), index);
        }),
      );

      expect(countOf(outcomes)).toEqual({ 'send.above_compat_limit': 4, sent: 8 });
      const { session, wallet } = oneOf(people, 0);
      expect(await attempt(session, wallet, coin(50))).toBe('sent');
      app.clock.advance(24 * HOUR + DAY_PART);
      const later = await signInPerson(app, demo, session.person);
      expect(await sendBy(later, wallet, coin(9))).toBe('send.above_compat_limit');
      expect(await sendBy(later, wallet, coin(8))).toBe('sent');
    });
  });
});

describeWithAnvil('money that came', () => {
  const anvil = useAnvil();
  const nodes = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const custody = useCustody();
  const app = useTestApp(() =>
    sendingOn(
      custody,
      nodes.map(({ url }) => url),
      { sending: { ...CAPS, depth: 3 } },
    ),
  );
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));

  it('is sent when it is as deep as the chain wants, and never what a reorganisation took back', async () => {
    const { session, wallet, address } = await aFundedWallet(app, game, anvil, ETHER / 100n);
    await anvil.mine(3);
    await anvil.pay(address, ETHER);
    const call = { ...(await permit(session, wallet, coin(ETHER / 2n))), key: aKey() };
    expectProblem(await callSend(session, wallet, call), 409, 'send.funds_too_low');
    await anvil.mine(2);
    expectProblem(await callSend(session, wallet, call), 409, 'send.funds_too_low');

    await anvil.reorg(3);
    await anvil.mine(5);
    expectProblem(await callSend(session, wallet, call), 409, 'send.funds_too_low');

    await anvil.pay(address, ETHER);
    await anvil.mine(3);
    expect((await callSend(session, wallet, call)).status).toBe(201);
  });
});
