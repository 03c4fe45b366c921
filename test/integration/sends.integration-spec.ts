import { keccak256, parseEther, parseTransaction, type Hex } from 'viem';
import { JournalSeal } from '@countersign/embedded-wallets';
import { aPerson, times } from '../factories';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { OPEN_RULES } from '../support/custody';
import {
  askForAct,
  aWalletApplication,
  bind,
  embed,
  useCustody,
  type ActBody,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { useTwoNodes } from '../support/fake-node';
import { signInPerson } from '../support/person-session';
import {
  aFundedWallet,
  aKey,
  broadcast,
  callSend,
  CHAIN,
  coin,
  dumpOfSends,
  ETHER,
  FRIEND,
  look,
  permit,
  replaceSend,
  send,
  sendingOn,
  sendOf,
  type SendBody,
} from '../support/sends';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

describeWithAnvil('a send', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [first.url, second.url]));
  const replica = useReplica(app);
  const at = (index: number) => (index % 2 === 0 ? app : replica);
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const funded = () => aFundedWallet(app, game, anvil);
  const balance = (address: Hex = FRIEND) => anvil.client.getBalance({ address });
  const count = (address: Hex) => anvil.client.getTransactionCount({ address });

  /** Looks until nodes call the send's block final. */
  async function finish(): Promise<void> {
    await broadcast(app);
    await anvil.mine(70);
    await look(app);
  }

  describe('of coins', () => {
    it('says its greatest fee before, is given to all nodes, and is followed until it is final', async () => {
      const { session, wallet, address } = await funded();
      const before = await balance();
      const call = await permit(session, wallet, coin(5));

      const answer = await callSend(session, wallet, call);

      expect(answer.status).toBe(200);
      const sent = answer.body as SendBody;
      expect(sent).toMatchObject({ state: 'broadcasting', nonce: 0, block: null, replacedBy: null });
      expect(BigInt(sent.details.maxFee)).toBeLessThanOrEqual(BigInt(call.maxFee));
      await broadcast(app);
      for (const node of [first, second])
        expect(node.methods().filter((method) => method === 'eth_sendRawTransaction')).toHaveLength(1);
      await anvil.mine();
      await look(app);
      expect(await sendOf(session, wallet, sent)).toMatchObject({
        state: 'mined',
        block: { isSuccessful: true, transaction: sent.versions[0]?.hash },
      });
      await finish();
      expect((await sendOf(session, wallet, sent)).state).toBe('final');
      expect([await balance(), await count(address)]).toEqual([before + 5n, 1]);
      const { body } = await session.get(`/v1/wallets/${wallet.walletId}/sends`);
      expect((body as { items: SendBody[] }).items.map(({ sendId }) => sendId)).toEqual([sent.sendId]);
    });

    it('is always answered by its act and key, and sent once, however parallel the calls of two replicas', async () => {
      const { session, wallet, address } = await funded();
      const key = aKey();
      const asked = await Promise.all(times(4, () => permit(session, wallet, coin(), { key })));
      const [call] = asked;
      if (!call) throw new Error('no act');
      expect(new Set(asked.map(({ actId }) => actId)).size).toBe(1);

      const answers = await Promise.all(
        times(10, (index) =>
          at(index)
            .http.post(`/v1/wallets/${wallet.walletId}/acts/${call.actId}/perform`)
            .set('authorization', `Bearer ${session.accessToken}`),
        ),
      );

      expect(answers.map(({ status }) => status)).toEqual(times(10, () => 200));
      expect(new Set(answers.map(({ body }) => (body as { send: SendBody }).send.sendId))).toEqual(
        new Set([call.actId]),
      );
      await Promise.all([app, replica].map((each) => broadcast(each)));
      await until(async () => (await count(address)) === 1);
      // In another session of its person, too.
      const second = await signInPerson(app, game, session.person);
      const again = await askForAct(second, wallet, { kind: 'send', chainId: CHAIN, request: coin(), key });
      expect(again.body).toMatchObject({ actId: call.actId, state: 'done' });
      expect((await callSend(second, wallet, call)).body).toMatchObject({ sendId: call.actId });
      const changed = { kind: 'send', chainId: CHAIN, request: coin(2), key };
      expectProblem(await askForAct(session, wallet, changed), 422, 'send.key_reused');
      await finish();
      expect(await count(address)).toBe(1);
    });

    it('is made again by its key where it was not performed in time, or in that session', async () => {
      const { session, wallet } = await funded();
      const key = aKey();
      const first = await permit(session, wallet, coin(), { key });
      const second = await signInPerson(app, game, session.person);
      const other = await permit(second, wallet, coin(), { key });
      expectProblem(await callSend(session, wallet, first), 404, 'wallet.act_not_found');
      app.clock.advance(600);
      expectProblem(await callSend(second, wallet, other), 410, 'wallet.act_expired');
      const last = await permit(second, wallet, coin(), { key });
      expectProblem(await callSend(session, wallet, last), 404, 'wallet.act_not_found');
      expect((await session.get(`/v1/wallets/${wallet.walletId}/sends`)).body).toMatchObject({ items: [] });
      expect((await callSend(second, wallet, last)).status).toBe(200);
      await finish();
    });

    it('is off by default, for applications and for chains', async () => {
      const plain = await aWalletApplication(app);
      const session = await signInPerson(app, plain, aPerson());
      const wallet = await embed(session);
      const wanted = { kind: 'send', chainId: CHAIN, request: coin() };
      first.requests.length = 0;
      expectProblem(await askForAct(session, wallet, wanted), 403, 'wallet.act_not_allowed');
      expect(first.methods()).toEqual([]);
      const ours = await funded();
      expectProblem(
        await askForAct(ours.session, ours.wallet, { ...wanted, chainId: 'eip155:1' }),
        409,
        'send.chain_off',
      );
      expectProblem(
        await askForAct(ours.session, ours.wallet, { ...wanted, request: { kind: 'coins' } }),
        400,
        'send.intent_malformed',
      );
    });

    it('is refused without the coins for it, and says so before anything is signed', async () => {
      const { session, wallet } = await aFundedWallet(app, game, anvil, 1_000n);
      const { journal } = await custody.client.health();
      const call = await permit(session, wallet);
      expectProblem(await callSend(session, wallet, call), 409, 'send.funds_too_low');
      expect((await custody.client.health()).journal.sequence).toBe(journal.sequence);
    });

    it('stops with the wallet and with custody, and leaves nothing', async () => {
      const { session, wallet } = await funded();
      const call = await permit(session, wallet);
      await custody.kill();
      expectProblem(await callSend(session, wallet, call), 503, 'wallet.custody_unavailable');
      await custody.run();
      await session.post(`/v1/wallets/${wallet.walletId}/freeze`);
      expectProblem(await callSend(session, wallet, call), 409, 'wallet.frozen');
      expect(await app.database.query('SELECT 1 FROM sends WHERE wallet_id = $1', [wallet.walletId])).toEqual(
        [],
      );
      expect(
        await app.database.query('SELECT 1 FROM wallet_nonces WHERE wallet_id = $1', [wallet.walletId]),
      ).toEqual([]);
    });
  });

  it('with consent is made once by two replicas, also where custody is killed before it and while it signs', async () => {
    const { session, wallet, address } = await funded();
    await bind(custody, session);
    const [none, withConsent] = ['0', String(ETHER)].map((much) => ({
      walletPerDay: much,
      allPerHour: much,
    }));
    await custody.reload({ assets: [{ chain: CHAIN, token: null, ...none, withConsent }] });
    const asked = await askForAct(session, wallet, { kind: 'send', chainId: CHAIN, request: coin(5) });
    const { actId, consent } = asked.body as ActBody;
    if (!consent) throw new Error('the act needs no consent');
    await custody.restart();
    expect(await custody.page.accept(consent, session.person)).toEqual({ state: 'accepted' });
    const sendTwice = () =>
      Promise.all(
        times(6, (index) =>
          at(index)
            .http.post(`/v1/wallets/${wallet.walletId}/acts/${actId}/perform`)
            .set('authorization', `Bearer ${session.accessToken}`),
        ),
      );

    const first = sendTwice();
    await custody.kill();
    for (const { status } of await first) expect([200, 503]).toContain(status);
    await custody.run();
    const answers = await sendTwice();

    expect(answers.map(({ status }) => status)).toEqual(times(6, () => 200));
    await custody.reload(OPEN_RULES);
    await Promise.all([app, replica].map((each) => broadcast(each)));
    await finish();
    expect(await count(address)).toBe(1);
    expect(await app.nest.get(JournalSeal).compare()).toMatchObject({ withoutAct: [] });
  });

  it('of a token moves it', async () => {
    const { session, wallet, address } = await funded();
    const token = await anvil.deploy('TestErc20', ['Coin', 'COIN', 18]);
    await anvil.write(token, 'mint', [address, 100n]);
    const request = { kind: 'token', token: token.address, to: FRIEND, amount: '30' };
    const sent = await send(session, wallet, request);
    await finish();
    expect((await sendOf(session, wallet, sent)).state).toBe('final');
    expect(await anvil.read(token, 'balanceOf', [FRIEND])).toBe(30n);
    const tooMuch = { kind: 'send', chainId: CHAIN, request: { ...request, amount: '71' } };
    expectProblem(await askForAct(session, wallet, tooMuch), 409, 'send.would_fail');
  });

  describe('that no block has', () => {
    beforeEach(() => anvil.request('evm_setAutomine', [false]));
    afterEach(() => anvil.request('evm_setAutomine', [true]));

    it('is given to the nodes again, byte by byte', async () => {
      const { session, wallet } = await funded();
      const sent = await send(session, wallet);
      await broadcast(app);
      await anvil.request('anvil_dropTransaction', [sent.versions[0]?.hash]);
      await look(app);
      first.requests.length = 0;
      app.clock.advance(10);

      await look(app);

      const [again] = first.requests.filter(({ method }) => method === 'eth_sendRawTransaction');
      expect(keccak256((again?.params as [Hex])[0])).toBe(sent.versions[0]?.hash);
      await finish();
      expect((await sendOf(session, wallet, sent)).state).toBe('final');
    });

    it('is sped up by more on both fees, or cancelled, the earliest first', async () => {
      const { session, wallet, address } = await funded();
      const [one, other] = [await send(session, wallet), await send(session, wallet)];
      await broadcast(app);
      const replace = (sendId: string, kind: 'speed-up' | 'cancel') =>
        replaceSend(session, wallet, sendId, kind);
      expectProblem(await replace(other.sendId, 'speed-up'), 409, 'send.earlier_waits');

      const faster = (await replace(one.sendId, 'speed-up')).body as SendBody;
      expect(faster.versions.map(({ kind }) => kind)).toEqual(['first', 'speed-up']);
      await broadcast(app);
      const cancelled = (await replace(one.sendId, 'cancel')).body as SendBody;
      await broadcast(app);
      // What moves nothing moves nothing with higher fees either, and is named so.
      const again = (await replace(one.sendId, 'speed-up')).body as SendBody;
      expect(again.versions.map(({ kind }) => kind)).toEqual(['first', 'speed-up', 'cancel', 'cancel']);
      expect(again.versions[2]).toEqual(cancelled.versions[2]);
      await broadcast(app);

      const raws = first.requests
        .filter(({ method }) => method === 'eth_sendRawTransaction')
        .map(({ params }) => parseTransaction((params as [Hex])[0]));
      const [before, , after] = raws;
      const last = raws.at(-1);
      expect(after?.maxFeePerGas).toBeGreaterThanOrEqual(((before?.maxFeePerGas ?? 0n) * 9n) / 8n);
      expect(after?.maxPriorityFeePerGas).toBeGreaterThanOrEqual(
        ((before?.maxPriorityFeePerGas ?? 0n) * 9n) / 8n,
      );
      expect([last?.to?.toLowerCase(), last?.nonce]).toEqual([address.toLowerCase(), before?.nonce]);
      const friend = await balance();
      await finish();
      expect(await sendOf(session, wallet, one)).toMatchObject({
        state: 'final',
        block: { transaction: again.versions[3]?.hash, kind: 'cancel' },
      });
      // Only the second send moved something.
      expect(await balance()).toBe(friend + 1n);
      expect(await count(address)).toBe(2);
      expectProblem(await replace(one.sendId, 'speed-up'), 409, 'send.settled');
    });

    it('is broadcasting again when a reorganisation drops it, and final once', async () => {
      const { session, wallet, address } = await funded();
      const sent = await send(session, wallet);
      await broadcast(app);
      await anvil.mine();
      await look(app);
      expect((await sendOf(session, wallet, sent)).state).toBe('mined');

      await anvil.reorg(1);
      await look(app);
      expect(await count(address)).toBe(0);
      await finish();

      expect(await sendOf(session, wallet, sent)).toMatchObject({ state: 'final' });
      expect(await count(address)).toBe(1);
    });
  });

  describe('beside a node that lies', () => {
    it('about the nonce gets none from it', async () => {
      const { session, wallet } = await funded();
      const call = await permit(session, wallet);
      first.lie('eth_getTransactionCount', '0x1fffffffffffff');
      expectProblem(await callSend(session, wallet, call), 503, 'send.nonce_unknown');
      first.lie('eth_getTransactionCount', '0x3');
      expectProblem(await callSend(session, wallet, call), 503, 'send.nonce_unknown');
      first.recover();
      expect((await callSend(session, wallet, call)).body).toMatchObject({ nonce: 0 });
      await finish();
    });

    it('about fees pays what the other one says', async () => {
      const { session, wallet } = await funded();
      const honest = BigInt((await permit(session, wallet)).maxFee);
      first.lie('eth_feeHistory', async (_params: unknown, truth: () => Promise<object>) => ({
        ...(await truth()),
        baseFeePerGas: times(21, () => '0xffffffffffff'),
      }));
      expect(BigInt((await permit(session, wallet)).maxFee)).toBeLessThanOrEqual(honest * 2n);
      second.lie('eth_feeHistory', async (_params: unknown, truth: () => Promise<object>) => ({
        ...(await truth()),
        baseFeePerGas: times(21, () => '0xffffffffffff'),
      }));
      const wanted = { kind: 'send', chainId: CHAIN, request: coin() };
      expectProblem(await askForAct(session, wallet, wanted), 409, 'send.fee_above_cap');
    });

    it('that takes the bytes and drops them does not keep them from the other', async () => {
      const { session, wallet, address } = await funded();
      first.lie('eth_sendRawTransaction', keccak256('0x01'));
      await send(session, wallet);
      await broadcast(app);
      // Anvil answers before it mines.
      await until(async () => (await count(address)) === 1);
      const [row] = await app.database.query('SELECT answers FROM sends WHERE wallet_id = $1', [
        wallet.walletId,
      ]);
      expect(row).toMatchObject({
        answers: [
          { node: 0, answer: 'accepted', words: null },
          { node: 1, answer: 'accepted', words: null },
        ],
      });
      first.recover();
      await finish();
    });
  });

  it('is replaced where another application uses the key, and the next one goes on behind it', async () => {
    await anvil.request('evm_setAutomine', [false]);
    const { session, wallet, address } = await funded();
    const sent = await send(session, wallet);
    await broadcast(app);
    await anvil.request('anvil_dropTransaction', [sent.versions[0]?.hash]);
    await anvil.request('anvil_impersonateAccount', [address]);
    await anvil.request('eth_sendTransaction', [{ from: address, to: FRIEND, value: '0x9' }]);
    await anvil.request('evm_setAutomine', [true]);
    await anvil.mine(70);
    await look(app);

    expect(await sendOf(session, wallet, sent)).toMatchObject({
      state: 'replaced',
      replacedBy: expect.stringMatching(/^0x/) as unknown,
    });
    expect(
      await app.database.query(
        'SELECT used_elsewhere_at IS NOT NULL AS used FROM embedded_wallets WHERE wallet_id = $1',
        [wallet.walletId],
      ),
    ).toEqual([{ used: true }]);
    expect(await send(session, wallet)).toMatchObject({ nonce: 1 });
    await finish();
  });

  it('gets no nonce far above ours, nor one behind sends that are not stored', async () => {
    const { session, wallet, address } = await funded();
    const call = await permit(session, wallet);
    await anvil.request('anvil_setNonce', [address, '0x40']);
    expectProblem(await callSend(session, wallet, call), 409, 'send.nonce_implausible');
    await anvil.request('anvil_setNonce', [address, '0x0']);
    expect((await callSend(session, wallet, call)).body).toMatchObject({ nonce: 0 });
    await finish();

    // The chain has less than what is stored, as after a restore of one of them.
    await app.database.query('UPDATE wallet_nonces SET next = 5 WHERE wallet_id = $1', [wallet.walletId]);
    const next = await permit(session, wallet);
    expectProblem(await callSend(session, wallet, next), 409, 'send.nonces_missing');
    // The chain has more.
    await app.database.query('UPDATE wallet_nonces SET next = 0 WHERE wallet_id = $1', [wallet.walletId]);
    expect((await callSend(session, wallet, next)).body).toMatchObject({ nonce: 1 });
    await finish();
  });

  it('of eight people takes few connections while custody hangs, and the others are served', async () => {
    const people = await Promise.all(times(8, () => funded()));
    const calls = await Promise.all(people.map(({ session, wallet }) => permit(session, wallet)));
    const sendAll = () =>
      people.map(({ session, wallet }, index) =>
        callSend(session, wallet, calls[index] ?? { actId: '' }).then(({ status }) => status),
      );
    custody.signal('SIGSTOP');
    const answers = sendAll();
    const waiting = async () =>
      (
        await app.database.query(
          `SELECT 1 FROM pg_locks WHERE relation = 'wallet_nonces'::regclass AND granted AND mode = 'RowShareLock'`,
        )
      ).length;
    await until(async () => (await waiting()) > 0);
    expect((await people[0]?.session.get('/v1/wallets'))?.status).toBe(200);
    expect(await waiting()).toBeLessThanOrEqual(4);
    custody.signal('SIGCONT');

    // Who waited too long gets 503, and calls again.
    for (const status of await Promise.all(answers)) expect([200, 503]).toContain(status);
    expect(new Set(await Promise.all(sendAll()))).toEqual(new Set([200]));
    await finish();
    for (const { session, wallet } of people) {
      const { body } = await session.get(`/v1/wallets/${wallet.walletId}/sends`);
      expect((body as { items: SendBody[] }).items).toHaveLength(1);
    }
  });

  it('has no address, amount and hash in a dump and in the log', async () => {
    const { session, wallet, address } = await funded();
    const sent = await send(session, wallet, coin(parseEther('0.123')));
    await finish();
    const text = await dumpOfSends(app);
    for (const secret of [address, FRIEND, sent.versions[0]?.hash ?? '', parseEther('0.123').toString()])
      expect(text).not.toContain(secret.toLowerCase().replace(/^0x/, ''));
  });
});
