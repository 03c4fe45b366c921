import { randomUUID } from 'node:crypto';
import { encodeFunctionData, erc20Abi } from 'viem';
import { Sending } from '@countersign/sending';
import { AppError } from '@countersign/errors';
import { TokenInspector } from '@countersign/sessions';
import { times } from '../factories';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { useFakeNode } from '../support/fake-node';
import type { WalletBody } from '../support/linked-wallets';
import { signInPerson, type PersonSession } from '../support/person-session';
import { steppedUpFor, steppedUpToWiden, withGrant } from '../support/relaunch';
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
  look,
  permit,
  send,
  sendingOn,
  sendOf,
  settleWaiting,
} from '../support/sends';
import type { Demo } from '../support/test-app';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const HOUR = 3_600;

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
    aWalletApplication(
      app,
      { acts: ['send'], ...settings },
      { more: { sends: { firstSendDelayHours: 0, ...sends } } },
    );
  const ofCoin = { chain: CHAIN, token: null, perAct: null, perDay: null, launchAbove: null };
  const funded = (demo: Demo) => aFundedWallet(app, demo, anvil);
  const attempt = (session: PersonSession, wallet: WalletBody, request: object = coin(), replicaIndex = 0) =>
    attemptSend(at(replicaIndex), session, wallet, request);

  describe('of an application', () => {
    it.each<readonly [string, object, object, string]>([
      ['on another chain', { chains: ['eip155:1'] }, coin(), 'send.chain_not_allowed'],
      ['to another recipient', { recipients: [STRANGER] }, coin(), 'send.recipient_not_allowed'],
      ['of an asset that is not listed', { assets: [] }, coin(), 'send.asset_not_allowed'],
      ['above the limit of one', { assets: [{ ...ofCoin, perAct: '5' }] }, coin(6), 'send.above_act_limit'],
    ])('refuse a send %s, and leave nothing', async (_title, sends, request, code) => {
      const { session, wallet } = await funded(await applicationWith(sends));
      const call = { ...(await permit(session, wallet, request)), key: aKey() };
      expectProblem(await callSend(session, wallet, call), 403, code);
      for (const table of ['sends', 'wallet_nonces', 'send_recipients'])
        expect(
          await app.database.query(`SELECT 1 FROM ${table} WHERE wallet_id = $1`, [wallet.walletId]),
        ).toEqual([]);
      // Its token is not used up.
      expectProblem(await callSend(session, wallet, call), 403, code);
    });

    it('make the first send to an address wait, by default for a day', async () => {
      const demo = await aWalletApplication(app, { acts: ['send'] }, { more: { sends: {} } });
      const { session, wallet } = await funded(demo);
      expect(await attempt(session, wallet)).toBe('waiting');
    });

    it('are refused with an unknown member or a wrong amount', async () => {
      for (const sends of [
        { assets: [{ ...ofCoin, perDay: 5 }] },
        { assets: [{ ...ofCoin, more: '1' }] },
        { chains: ['mainnet'] },
        { recipients: ['0x12'] },
        { firstSendDelayHours: 721 },
        { compatPerDay: [`${CHAIN}/coin/x`] },
        { compatPerDay: [`${CHAIN}/coin/1`, `${CHAIN}/coin/2`] },
        { perDay: '1' },
      ])
        await expect(applicationWith(sends)).rejects.toMatchObject({
          code: expect.stringMatching(/^request\./) as string,
        });
    });
  });

  describe('that all wallets share', () => {
    const other = useFixture(() => anvil.deploy('TestErc20', ['Other', 'OTHER', 18]));
    const mine = useTestApp(() =>
      sendingOn(custody, [first.url, second.url], {
        maxSentPerHour: { coin: '40', [token.address]: '30', [other.address]: '40' },
      }),
    );
    const other2 = useReplica(mine);
    const all = (index: number) => (index % 2 === 0 ? mine : other2);
    const demo = useFixture(() =>
      aWalletApplication(
        mine,
        { acts: ['send'], allowedCalls: [`${CHAIN}/${other.address.toLowerCase()}/0x095ea7b3`] },
        { more: { sends: { firstSendDelayHours: 0 } } },
      ),
    );
    const aPerson = () => aFundedWallet(mine, demo, anvil);
    const by = (person: Awaited<ReturnType<typeof aPerson>>, request: object, index = 0) =>
      attemptSend(all(index), person.session, person.wallet, request);
    const approve = (amount: bigint) => ({
      ...{ kind: 'call', contract: other.address, value: '0' },
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [FRIEND, amount] }),
    });

    it('are taken up to a quarter by one wallet, exactly, with 12 sends at once on two replicas', async () => {
      const [one, another] = [await aPerson(), await aPerson()];

      const outcomes = await Promise.all(times(12, (index) => by(one, coin(), index)));

      expect(countOf(outcomes)).toEqual({ 'send.above_share': 2, sent: 10 });
      expect(await by(another, coin(10))).toBe('sent');
      // What was reverted counts for all wallets, and so for its own.
      await mine.database.query(`UPDATE sends SET state = 'failed' WHERE wallet_id = $1`, [
        one.wallet.walletId,
      ]);
      const refused = await callSend(one.session, one.wallet, {
        ...(await permit(one.session, one.wallet)),
        key: aKey(),
      });
      expectProblem(refused, 429, 'send.above_share');
      expect(refused.headers['retry-after']).toBe('60');
      // As long as the sum counts it.
      mine.clock.advance(HOUR + 1);
      const later = await signInPerson(mine, demo, one.session.person);
      expect(await attemptSend(mine, later, one.wallet, coin())).toBe('send.above_share');
      mine.clock.advance(60);
      expect(await attemptSend(mine, later, one.wallet, coin())).toBe('sent');
    });

    it('delay what waited for an address, and do not end it', async () => {
      const { session, wallet } = await aPerson();
      const limits = `/v1/wallets/${wallet.walletId}/limits`;
      expect(await attemptSend(mine, session, wallet, coin())).toBe('sent');
      expect((await session.put(limits, { firstSendDelayHours: 24 })).status).toBe(200);
      const { sendId } = await send(session, wallet, coin(9, STRANGER));
      mine.clock.advance(24 * HOUR + 1);
      const later = await signInPerson(mine, demo, session.person);
      expect(await attemptSend(mine, later, wallet, coin(9))).toBe('sent');

      await settleWaiting(mine);
      expect(await sendOf(later, wallet, { sendId })).toMatchObject({ state: 'waiting', refusal: null });
      mine.clock.advance(HOUR + 61);
      await settleWaiting(mine);

      const last = await signInPerson(mine, demo, session.person);
      expect((await sendOf(last, wallet, { sendId })).state).toBe('broadcasting');
    });

    it('are not taken by approvals of what a wallet does not have', async () => {
      const [thief, honest] = [await aPerson(), await aPerson()];
      await anvil.write(other, 'mint', [honest.address, 10n]);

      expect(await by(thief, approve(40n))).toBe('send.above_share');
      const outcomes = [];
      for (const amount of [6n, 5n, 4n, 1n]) outcomes.push(await by(thief, approve(amount)));

      expect(outcomes).toEqual(['sent', 'send.above_share', 'sent', 'send.above_share']);
      const some = { kind: 'token', token: other.address, to: FRIEND, amount: '10' };
      expect(await by(honest, some)).toBe('sent');
    });
  });

  describe('of a wallet', () => {
    const path = ({ walletId }: WalletBody) => `/v1/wallets/${walletId}/limits`;
    const narrow = { assets: [{ chain: CHAIN, perAct: '5', perDay: '8' }], recipients: [FRIEND] };

    it('are narrowed at once, and widened after a step-up only', async () => {
      const demo = await applicationWith({});
      const { session, wallet } = await funded(demo);
      expect((await session.get(path(wallet))).body).toEqual({
        ...{ chains: null, assets: null, recipients: null, firstSendDelayHours: 0 },
      });

      const set = await session.put(path(wallet), narrow);

      expect([set.status, set.body as unknown]).toEqual([
        200,
        {
          chains: null,
          assets: [{ ...ofCoin, perAct: '5', perDay: '8' }],
          recipients: [FRIEND],
          firstSendDelayHours: 0,
        },
      ]);
      expect(await attempt(session, wallet, coin(6))).toBe('send.above_act_limit');
      expect(await attempt(session, wallet, coin(1, STRANGER))).toBe('send.recipient_not_allowed');
      expect(await attempt(session, wallet, coin(5))).toBe('sent');
      expect(await attempt(session, wallet, coin(4))).toBe('send.above_day_limit');
      for (const wider of [
        {},
        { ...narrow, recipients: [FRIEND, STRANGER] },
        { ...narrow, assets: [{ chain: CHAIN, perAct: '6', perDay: '8' }] },
        { ...narrow, assets: null },
      ])
        expectProblem(await session.put(path(wallet), wider), 403, 'account.step_up_required');
      expect((await session.get(path(wallet))).body).toEqual(set.body);
      const other = await steppedUpFor(app, demo, session, 'wallet.unfreeze');
      expectProblem(await withGrant(other.put(path(wallet), {}), other.grant), 403, 'account.grant_invalid');

      const stepped = await steppedUpToWiden(app, demo, session, wallet.walletId, {});
      expect((await withGrant(stepped.put(path(wallet), {}), stepped.grant)).status).toBe(200);
      expect(await attempt(stepped, wallet, coin(4, STRANGER))).toBe('sent');
    });

    it('count in each application', async () => {
      const { session, wallet } = await funded(await applicationWith({}));
      await session.put(path(wallet), { assets: [{ chain: CHAIN, perDay: '5' }] });
      expect(await attempt(session, wallet, coin(3))).toBe('sent');
      // As another application would have sent it.
      const other = await applicationWith({});
      await app.database.query('UPDATE sends SET application_id = $2 WHERE wallet_id = $1', [
        wallet.walletId,
        other.applicationId,
      ]);
      expect(await attempt(session, wallet, coin(3))).toBe('send.above_day_limit');
      expect(await attempt(session, wallet, coin(2))).toBe('sent');
    });

    it('count what was cancelled or replaced no more, and what waits', async () => {
      const { session, wallet } = await funded(
        await applicationWith({ assets: [{ ...ofCoin, perDay: '5' }] }),
      );
      await anvil.request('evm_setAutomine', [false]);
      const { sendId } = await send(session, wallet, coin(5));
      const { walletToken, maxFee } = await permit(session, wallet, { kind: 'cancel', sendId });
      const cancel = `/v1/wallets/${wallet.walletId}/sends/${sendId}/cancel`;
      expect((await session.post(cancel, { walletToken, chainId: CHAIN, maxFee })).status).toBe(200);
      expect(await attempt(session, wallet)).toBe('send.above_day_limit');
      await broadcast(app);
      await anvil.request('evm_setAutomine', [true]);
      await anvil.mine(1);
      await until(async () => {
        await look(app);
        return (await sendOf(session, wallet, { sendId })).state === 'mined';
      });
      // A reorganisation could put the first version into a block.
      expect(await attempt(session, wallet)).toBe('send.above_day_limit');
      await anvil.mine(70);
      // A look is at 50 sends, and other tests have made some.
      await until(async () => {
        await look(app);
        return (await sendOf(session, wallet, { sendId })).state === 'final';
      });

      expect(await attempt(session, wallet, coin(5))).toBe('sent');
      expect(await attempt(session, wallet)).toBe('send.above_day_limit');
      await app.database.query(`UPDATE sends SET state = 'replaced' WHERE wallet_id = $1`, [wallet.walletId]);
      expect(await attempt(session, wallet, coin(5))).toBe('sent');
    });

    it.each<readonly [string, object]>([
      ['an amount that is no text', { assets: [{ chain: CHAIN, perAct: 5 }] }],
      ['an amount that is no number', { assets: [{ chain: CHAIN, perAct: '5.0' }] }],
      ['no chain', { chains: ['mainnet'] }],
      ['an asset twice', { assets: [{ chain: CHAIN }, { chain: CHAIN }] }],
      ['no address', { recipients: ['0x12'] }],
      ['a longer delay than there is', { firstSendDelayHours: 721 }],
      ['another member', { perDay: '5' }],
    ])('refuse %s', async (_title, limits) => {
      const { session, wallet } = await funded(await applicationWith({}));
      const { status } = await session.put(path(wallet), limits);
      expect(status).toBe(400);
    });

    it('are of their person alone, and in no dump', async () => {
      const demo = await applicationWith({});
      const { session, wallet } = await funded(demo);
      const other = await funded(demo);
      for (const answer of [
        await other.session.get(path(wallet)),
        await other.session.put(path(wallet), narrow),
        await other.session.get(`/v1/wallets/${wallet.walletId}/recipients`),
      ])
        expectProblem(answer, 404, 'wallet.not_found');
      await session.put(path(wallet), narrow);
      await send(session, wallet);
      for (const table of ['wallet_send_limits', 'send_recipients', 'sends', 'send_sums']) {
        const dump = JSON.stringify(await app.database.query(`SELECT * FROM ${table}`)).toLowerCase();
        expect(dump).not.toContain(FRIEND.slice(2));
      }
      await session.stepUp();
      const { sections } = readExport((await session.get('/v1/me/export')).text);
      const { walletId } = wallet;
      expect(sections['walletSendLimits']?.items).toMatchObject([{ walletId, recipients: [FRIEND] }]);
      expect(sections['sendRecipients']?.items).toMatchObject([
        { walletId, chainId: CHAIN, address: FRIEND },
      ]);
    });
  });

  describe('of the first send to an address', () => {
    it('are of the address book of the wallet, which forgets what its person removes', async () => {
      const demo = await applicationWith({});
      const { session, wallet } = await funded(demo);
      await send(session, wallet);
      await send(session, wallet, coin(2));
      const path = `/v1/wallets/${wallet.walletId}/recipients`;
      const { items } = (await session.get(path)).body as {
        items: { recipientId: string; address: string }[];
      };
      expect(items).toMatchObject([{ address: FRIEND, chainId: CHAIN }]);
      await session.put(`/v1/wallets/${wallet.walletId}/limits`, { firstSendDelayHours: 24 });
      expect(await attempt(session, wallet)).toBe('waiting');
      app.clock.advance(24 * HOUR);
      const later = await signInPerson(app, demo, session.person);
      expect(await attempt(later, wallet)).toBe('sent');
      expect(await attempt(later, wallet, coin(1, STRANGER))).toBe('waiting');
      const entry = `${path}/${items[0]?.recipientId ?? ''}`;
      expect((await later.delete(entry)).status).toBe(204);
      expectProblem(await later.delete(entry), 404, 'send.recipient_not_found');
      expect(await attempt(later, wallet)).toBe('waiting');
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
        spend: () => Promise.resolve(),
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
      app.clock.advance(25 * HOUR);
      const later = await signInPerson(app, demo, session.person);
      expect(await sendBy(later, wallet, coin(3))).toBe('send.above_compat_limit');
      expect(await sendBy(later, wallet, coin(2))).toBe('sent');
    });

    it('are taken up to a quarter by one wallet', async () => {
      const demo = await applicationWith({ compatPerDay: [`${CHAIN}/coin/20`] });
      const { session, wallet } = await funded(demo);

      const outcomes = await Promise.all(times(12, (index) => sendBy(session, wallet, coin(), index)));

      expect(countOf(outcomes)).toEqual({ 'send.above_compat_limit': 7, sent: 5 });
      const other = await funded(demo);
      expect(await sendBy(other.session, other.wallet, coin(5))).toBe('sent');
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
