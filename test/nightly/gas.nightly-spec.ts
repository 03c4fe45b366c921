import type { Address } from 'viem';
import { ErasureService } from '@countersign/account';
import { Database } from '@countersign/database';
import { WalletFreezing } from '@countersign/embedded-wallets';
import { Metrics } from '@countersign/observability';
import { GasPayments, SendChanges } from '@countersign/sending';
import { times } from '../factories';
import { describeWithAnvil } from '../support/anvil';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { aFundingWallet, anApplicationWithGas, GAS, useGas, type GasBody, type Holder } from '../support/gas';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import {
  aKey,
  broadcast,
  callSend,
  CAPS,
  CHAIN,
  coin,
  ETHER,
  FRIEND,
  look,
  permit,
  sendOf,
  settleWaiting,
  type SendBody,
} from '../support/sends';
import type { Demo } from '../support/test-app';
import { eventsOf, subscribe, unsubscribe } from '../support/told-events';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useReplica } from '../support/use-test-app';

const HOUR_SECONDS = 3_600;

interface Payment {
  readonly id: string;
  readonly state: string;
  readonly walletId: string;
}

describeWithAnvil('gas', () => {
  const { anvil, nodes, app, token, funding, game, setBalance, finish, withTokens, tokens, wait } = useGas();
  const [first, second] = nodes;
  const [replica, third] = [useReplica(app), useReplica(app)];
  const at = (index: number) => [app, replica, third][index % 3] ?? app;
  const operator = useFixture(() => anOperator(app), { per: 'test' });

  /** In gwei. */
  const setBaseFee = async (fee: bigint) => {
    for (let block = 0; block < 25; block += 1) {
      await anvil.request('anvil_setNextBlockBaseFeePerGas', [`0x${(fee * 10n ** 9n).toString(16)}`]);
      await anvil.mine();
    }
  };
  const balanceOf = (address: string) => anvil.client.getBalance({ address: address as Address });

  const read = async ({ session, wallet }: Holder, sent: SendBody) =>
    (await sendOf(session, wallet, sent)) as GasBody;

  async function attempt({ session, wallet }: Holder, request: object = tokens(), index = 0) {
    const call = { ...(await permit(session, wallet, request)), key: aKey() };
    return at(index)
      .http.post(`/v1/wallets/${wallet.walletId}/sends`)
      .set('authorization', `Bearer ${session.accessToken}`)
      .send(call);
  }

  const payments = (sendId: string) =>
    app.database.query<Payment>('SELECT id, state, wallet_id AS "walletId" FROM sends WHERE gas_for = $1', [
      sendId,
    ]);

  /** Payments have been given to the nodes, and the job has looked at what waits for them. */
  async function goOn(): Promise<void> {
    for (const each of [app, replica, third]) await broadcast(each);
    await look(app);
    app.clock.advance(61);
    await settleWaiting(app);
    await broadcast(app);
    await look(app);
  }

  const codeOf = ({ status, body }: { status: number; body: unknown }) =>
    status === 201 ? (body as SendBody).state : (body as { code: string }).code;
  const countOf = (all: readonly string[]) =>
    Object.fromEntries(
      [...new Set(all)].toSorted().map((each) => [each, all.filter((one) => one === each).length]),
    );

  it('is paid once for a send of a token, exactly what it lacks, and then the send goes on', async () => {
    await subscribe(app.database, ['wallet.gas_paid', 'wallet.send_final', 'wallet.send_waiting']);
    const holder = await withTokens();
    const { session, wallet } = holder;
    const already = 1_000n;
    await setBalance(wallet.address, already);

    const sent = await wait(holder);

    expect(sent).toMatchObject({ state: 'waiting', nonce: null, launch: null, refusal: null });
    const gas = BigInt(sent.gas ?? '0');
    expect(gas).toBe(BigInt(sent.details.maxFee) - already);
    await goOn();
    await anvil.mine(70);
    await look(app);
    expect(await read(holder, sent)).toMatchObject({ state: 'final', gas: String(gas) });
    expect(await anvil.read(token, 'balanceOf', [wallet.address as Address])).toBe(99n);
    expect(await balanceOf(wallet.address)).toBeLessThan(gas);
    await session.stepUp();
    const { sections } = readExport((await session.get('/v1/me/export')).text);
    expect(sections['sends']?.items).toEqual([expect.objectContaining({ gas: String(gas) })]);
    const [payment] = await payments(sent.sendId);
    expect(payment).toMatchObject({ state: 'final', walletId: funding.walletId });
    const { userId, applicationId } = { ...session, ...game };
    const about = { userId, applicationId, walletId: wallet.walletId, sendId: sent.sendId };
    const events = await eventsOf(app.database);
    await unsubscribe(app.database);
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'wallet.gas_paid', data: { ...about, gas: String(gas) } },
      { type: 'wallet.send_final', data: about },
    ]);
    const list = await operator.get(`/v1/admin/sends?walletId=${funding.walletId}&state=final`);
    expect((list.body as { items: object[] }).items).toContainEqual(
      expect.objectContaining({ sendId: payment?.id, gasFor: sent.sendId, gas: String(gas), applicationId }),
    );
    const wallets = (await operator.get('/v1/admin/funding-wallets')).body as { items: object[] };
    expect(wallets.items).toEqual([
      {
        ...{ kind: 'evm', environment: 'production', walletId: funding.walletId, userId: funding.userId },
        address: funding.address,
      },
    ]);
  });

  it('is paid once for each of 50 sends at once on three replicas, and no more than the application has for a day', async () => {
    const probe = await wait(await withTokens());
    const perSend = BigInt(probe.gas ?? '0');
    await goOn();
    const perDay = perSend * 41n;
    const demo = await anApplicationWithGas(app, [token.address], { perDay });
    const holders: Holder[] = [];
    for (let index = 0; index < 50; index += 1) holders.push(await withTokens(demo));

    const answers = await Promise.all(holders.map((holder, index) => attempt(holder, tokens(), index)));

    const waiting = answers.filter(({ status }) => status === 201).map(({ body }) => body as GasBody);
    expect(countOf(answers.map(codeOf))).toEqual({
      'send.gas_not_paid': 50 - waiting.length,
      waiting: waiting.length,
    });
    const sum = waiting.reduce((all, { gas }) => all + BigInt(gas ?? '0'), 0n);
    // The fee of a payment counts, too.
    expect(sum * 2n).toBeLessThanOrEqual(perDay);
    const least = waiting
      .map(({ gas }) => BigInt(gas ?? '0'))
      .reduce((one, other) => (one < other ? one : other));
    expect((sum + least) * 2n).toBeGreaterThan(perDay);
    // The job of each replica pays at the same time as the calls.
    await Promise.all(
      waiting.flatMap(({ sendId }) =>
        [app, replica, third].map((each) => each.nest.get(GasPayments, { strict: false }).pay(sendId)),
      ),
    );
    await goOn();
    for (const { sendId } of waiting) expect(await payments(sendId)).toHaveLength(1);
    const rows = await app.database.query<{ state: string }>(
      'SELECT state FROM sends WHERE id = ANY($1::uuid[])',
      [waiting.map(({ sendId }) => sendId)],
    );
    expect(countOf(rows.map(({ state }) => state))).toEqual({ mined: waiting.length });
    const nonces = await app.database.query<{ nonce: string }>(
      'SELECT nonce FROM sends WHERE wallet_id = $1',
      [funding.walletId],
    );
    expect(new Set(nonces.map(({ nonce }) => nonce)).size).toBe(nonces.length);
  });

  it('is paid once for ten sends of one person at once: others wait until it was used', async () => {
    const holder = await withTokens();

    const answers = await Promise.all(times(10, (index) => attempt(holder, tokens(), index)));

    expect(countOf(answers.map(codeOf))).toEqual({ 'send.too_many_open': 9, waiting: 1 });
    const sent = answers.find(({ status }) => status === 201)?.body as GasBody;
    await goOn();
    expect(await payments(sent.sendId)).toHaveLength(1);
    expect((await read(holder, sent)).state).toBe('mined');
  });

  it('has a limit for each wallet and day', async () => {
    const holder = await withTokens();
    let sum = 0n;
    for (let isRefused = false; !isRefused;) {
      await setBaseFee(20n);
      const call = { ...(await permit(holder.session, holder.wallet, tokens())), key: aKey() };
      isRefused = (sum + BigInt(call.maxFee)) * 2n > BigInt(GAS.perWalletPerDay);
      const answer = await callSend(holder.session, holder.wallet, call);
      if (isRefused) expectProblem(answer, 409, 'send.gas_not_paid');
      else sum += BigInt((answer.body as GasBody).gas ?? '0');
      await goOn();
      await finish();
      app.clock.advance(61);
      await setBalance(holder.wallet.address, 0n);
    }
    expect(sum).toBeGreaterThan(0n);
    app.clock.advance(24 * HOUR_SECONDS);
    const session = await signInPerson(app, game, holder.session.person);
    expect(codeOf(await attempt({ ...holder, session }))).toBe('waiting');
  });

  describe('that is reserved for sends that are cancelled', () => {
    const freezing = () => app.nest.get(WalletFreezing, { strict: false });
    beforeEach(() => freezing().freezeByOperator(funding.walletId, 'ticket-1'));
    afterEach(() => freezing().unfreezeByOperator(funding.walletId, 'ticket-1'));

    /** @returns how often gas was reserved */
    async function reserveAndCancel(holder: Holder): Promise<bigint> {
      for (let times = 0n; ; times += 1n) {
        const { status, body } = await attempt(holder);
        if (status !== 201) expect(codeOf({ status, body })).toBe('send.gas_not_paid');
        if (status !== 201) return times;
        const { sendId } = body as GasBody;
        await holder.session.post(`/v1/wallets/${holder.wallet.walletId}/sends/${sendId}/cancel`, {});
      }
    }

    it('counts in the limit of the wallet', async () => {
      await setBaseFee(20n);
      const holder = await withTokens();
      const { maxFee } = await permit(holder.session, holder.wallet, tokens());
      expect(await reserveAndCancel(holder)).toBe(BigInt(GAS.perWalletPerDay) / (2n * BigInt(maxFee)));
      await setBaseFee(1n);
    });

    it('takes at most a quarter of what the application has for a day', async () => {
      const { session, wallet } = await withTokens();
      const { maxFee } = await permit(session, wallet, tokens());
      const demo = await anApplicationWithGas(app, [token.address], { perDay: BigInt(maxFee) * 12n });
      expect(await reserveAndCancel(await withTokens(demo))).toBe(1n);
      expect((await wait(await withTokens(demo))).state).toBe('waiting');
    });
  });

  it('has a limit for each send', async () => {
    const holder = await withTokens();
    await setBaseFee(45n);
    const call = { ...(await permit(holder.session, holder.wallet, tokens())), key: aKey() };
    expect(BigInt(call.maxFee)).toBeGreaterThan(BigInt(GAS.perSend));
    expectProblem(await callSend(holder.session, holder.wallet, call), 409, 'send.gas_not_paid');
    await setBaseFee(1n);
  });

  describe('is not paid', () => {
    const refused = async (holder: Holder, request: object = tokens()) => {
      const answer = await attempt(holder, request);
      expectProblem(answer, 409, 'send.funds_too_low');
      expect(
        await app.database.query('SELECT 1 FROM sends WHERE wallet_id = $1', [holder.wallet.walletId]),
      ).toEqual([]);
    };

    it('for coins and calls', async () => {
      const holder = await withTokens();
      const call = { ...(await permit(holder.session, holder.wallet, tokens())), key: aKey() };
      const forCoin = await callSend(holder.session, holder.wallet, { ...call, request: coin() });
      expect((forCoin.body as { code: string }).code).toMatch(
        /^(send\.funds_too_low|wallet\.token_invalid)$/,
      );
    });

    it.each<readonly [string, () => Promise<Demo>]>([
      ['that the application does not list', () => anApplicationWithGas(app, [])],
      ['without a list', () => anApplicationWithGas(app, [], { sends: { assets: null } })],
      ['where it has no gas', () => anApplicationWithGas(app, [token.address], { sends: { gasPerDay: [] } })],
      [
        'where it signs transactions for others to send',
        () =>
          anApplicationWithGas(app, [token.address], { settings: { acts: ['send', 'sign-transaction'] } }),
      ],
    ])('for a token %s', async (title, demo) => {
      const holder = await withTokens(await demo());
      if (title.includes('list') && !title.includes('without'))
        expectProblem(await attempt(holder), 403, 'send.asset_not_allowed');
      else await refused(holder);
    });

    it('to a wallet that another application signs transactions of', async () => {
      const holder = await withTokens();
      const other = await anApplicationWithGas(app, [], {
        settings: { acts: ['send', 'sign-transaction'] },
      });
      await app.database.query(
        'INSERT INTO wallet_grants (wallet_id, application_id, granted_at) VALUES ($1, $2, now())',
        [holder.wallet.walletId, other.applicationId],
      );
      await refused(holder);
    });

    it('to a wallet whose words were shown', async () => {
      const holder = await withTokens();
      await app.database.query('UPDATE embedded_wallets SET exported_at = now() WHERE wallet_id = $1', [
        holder.wallet.walletId,
      ]);
      await refused(holder);
    });

    it('for tokens that the wallet has not', async () => {
      const holder = await withTokens();
      const { status } = await attempt(holder, tokens(101)).catch(() => ({ status: 409 }));
      expect(status).toBe(409);
    });

    it.each([0n, 10n * ETHER])('because one node says that the wallet has %s', async (coins) => {
      const holder = await withTokens();
      if (coins === 0n) await setBalance(holder.wallet.address, ETHER);
      second.lie('eth_getBalance', `0x${coins.toString(16)}`);
      await refused(holder);
      second.recover();
    });

    it('while its wallet is frozen or empty: after an hour the send is not sent, with the reason', async () => {
      const holder = await withTokens();
      await app.nest.get(WalletFreezing, { strict: false }).freezeByOperator(funding.walletId, 'ticket-1');
      const sent = await wait(holder);
      await goOn();
      await app.nest.get(WalletFreezing, { strict: false }).unfreezeByOperator(funding.walletId, 'ticket-1');
      await setBalance(funding.address, 0n);
      await goOn();
      expect([(await read(holder, sent)).state, await payments(sent.sendId)]).toEqual(['waiting', []]);
      app.clock.advance(HOUR_SECONDS);

      await settleWaiting(app);

      const session = await signInPerson(app, game, holder.session.person);
      expect(await read({ ...holder, session }, sent)).toMatchObject({
        ...{ state: 'not-sent', refusal: 'send.gas_not_paid', versions: [] },
      });
      await goOn();
      expect(await payments(sent.sendId)).toEqual([]);
      const metrics = await app.nest.get(Metrics).expose();
      expect(metrics).toMatch(
        /countersign_gas_payments_total\{[^}]*outcome="send.funds_too_low"[^}]*\} [1-9]/,
      );
    });
  });

  describe('is for the send', () => {
    it('and no coin leaves the wallet while it waits, nor for a day after it was cancelled', async () => {
      const holder = await withTokens();
      const sent = await wait(holder);
      await broadcast(app);
      await look(app);
      expect(await balanceOf(holder.wallet.address)).toBe(BigInt(sent.gas ?? '0'));
      expectProblem(await attempt(holder, coin(1)), 409, 'send.too_many_open');

      await holder.session.post(`/v1/wallets/${holder.wallet.walletId}/sends/${sent.sendId}/cancel`, {});

      expect((await read(holder, sent)).state).toBe('not-sent');
      expectProblem(await attempt(holder, coin(1)), 409, 'send.funds_too_low');
      // Coins of the person leave it.
      await setBalance(holder.wallet.address, BigInt(sent.gas ?? '0') + ETHER);
      expect(codeOf(await attempt(holder, coin(1)))).toBe('broadcasting');
      // A later send of a token uses what is there.
      await setBalance(holder.wallet.address, BigInt(sent.gas ?? '0') * 2n);
      expect(codeOf(await attempt(holder))).toBe('broadcasting');
    });

    it('and is not paid again while it is on its way, however often sends are cancelled', async () => {
      const holder = await withTokens();
      await anvil.request('evm_setAutomine', [false]);
      const sent = await wait(holder);
      await broadcast(app);
      const cancel = ({ sendId }: SendBody) =>
        holder.session.post(`/v1/wallets/${holder.wallet.walletId}/sends/${sendId}/cancel`, {});
      await cancel(sent);
      const codes = async () => {
        const answers = await Promise.all(times(3, (index) => attempt(holder, tokens(), index)));
        return countOf(answers.map(codeOf));
      };
      expect(await codes()).toEqual({ 'send.too_many_open': 3 });
      await anvil.request('evm_setAutomine', [true]);
      await anvil.mine();
      await look(app);
      // Nodes that do not have the newest block, or whose answers are older than the look.
      const areBehind = () => [first, second].forEach((node) => node.lie('eth_getBalance', '0x0'));
      areBehind();
      expect((await payments(sent.sendId)).map(({ state }) => state)).toEqual(['mined']);
      expect(await codes()).toEqual({ 'send.too_many_open': 3 });
      await finish();
      areBehind();
      expect((await payments(sent.sendId)).map(({ state }) => state)).toEqual(['final']);
      expect(await codes()).toEqual({ 'send.too_many_open': 3 });
      for (const node of [first, second]) node.recover();
      expect(await balanceOf(holder.wallet.address)).toBe(BigInt(sent.gas ?? '0'));

      app.clock.advance(61);
      await setBalance(holder.wallet.address, 0n);

      expect(await codes()).toEqual({ 'send.too_many_open': 2, waiting: 1 });
    });

    it('of a person who has one wallet frozen meanwhile: it is not sent, and not paid again', async () => {
      const holder = await withTokens();
      const sent = await wait(holder);
      await broadcast(app);
      await holder.session.post(`/v1/wallets/${holder.wallet.walletId}/freeze`);
      await goOn();
      expect(await read(holder, sent)).toMatchObject({ state: 'not-sent', refusal: 'wallet.frozen' });
      expect(await payments(sent.sendId)).toHaveLength(1);
    });
  });

  describe('that no block takes', () => {
    const setMining = (isOn: boolean) => anvil.request('evm_setAutomine', [isOn]);
    const passMinutes = async (minutes: number) => {
      app.clock.advance(minutes * 60 + 1);
      await Promise.all([app, replica, third].map((each) => settleWaiting(each)));
      for (const each of [app, replica, third]) await broadcast(each);
    };
    /** Of all versions of the payment for a send, oldest first. */
    const versionsOf = async ({ sendId }: SendBody) => {
      const [payment] = await payments(sendId);
      const { body } = await (await anOperator(app)).get(`/v1/admin/sends/${payment?.id}`);
      return (body as { versions: { kind: string }[] }).versions.map(({ kind }) => kind);
    };
    const feesNow = async () => {
      const { pending } = await anvil.request<{
        pending: Record<string, Record<string, Record<'maxFeePerGas' | 'maxPriorityFeePerGas', string>>>;
      }>('txpool_content', []);
      const own = Object.entries(pending).find(([from]) => from.toLowerCase() === funding.address);
      const [first] = Object.values(own?.[1] ?? {});
      return [first?.maxFeePerGas, first?.maxPriorityFeePerGas].map((fee) => BigInt(fee ?? '0'));
    };

    afterEach(() => setMining(true));

    it('is sped up once by three replicas, while later ones wait for it, and then all go on', async () => {
      const [holder, other] = [await withTokens(), await withTokens()];
      await setMining(false);
      const sent = await wait(holder);
      await broadcast(app);
      const later = await wait(other);
      await broadcast(app);
      const before = await feesNow();
      expect(before[1]).toBeGreaterThan(0n);
      await passMinutes(2);
      expect(await versionsOf(sent)).toEqual(['first']);

      await passMinutes(1);

      expect([await versionsOf(sent), await versionsOf(later)]).toEqual([['first', 'speed-up'], ['first']]);
      const after = await feesNow();
      for (const [index, fee] of after.entries())
        expect(fee * 8n).toBeGreaterThanOrEqual((before[index] ?? 0n) * 9n);
      await setMining(true);
      await anvil.mine();
      // Where nodes differed because of a new block, a send is settled a minute later.
      await goOn();
      await goOn();
      expect([(await read(holder, sent)).state, (await read(other, later)).state]).toEqual([
        'mined',
        'mined',
      ]);
      expect((await payments(sent.sendId)).map(({ state }) => state)).toEqual(['mined']);
      expect(await balanceOf(holder.wallet.address)).toBeLessThan(BigInt(sent.gas ?? '0'));
    });

    it('counts its higher fee in the day of the application, which pays for fewer sends', async () => {
      const probe = await withTokens();
      await setBaseFee(15n);
      const { maxFee } = await permit(probe.session, probe.wallet, tokens());
      const demo = await anApplicationWithGas(app, [token.address], { perDay: BigInt(maxFee) * 8n });
      const holders: Holder[] = [];
      for (let index = 0; index < 4; index += 1) holders.push(await withTokens(demo));
      await setBaseFee(15n);
      await setMining(false);
      const codes: string[] = [];
      for (const [index, holder] of holders.entries()) {
        const session = await signInPerson(app, demo, holder.session.person);
        codes.push(codeOf(await attempt({ ...holder, session })));
        await broadcast(app);
        // Until the cap of the chain.
        for (let round = 0; index === 0 && round < 14; round += 1) await passMinutes(4);
      }
      expect(codes).toEqual(['waiting', 'waiting', 'waiting', 'send.gas_not_paid']);
      await setBaseFee(1n);
    });

    it('is not sped up while its wallet is frozen, nor above the cap of the chain', async () => {
      const holder = await withTokens();
      await setBaseFee(15n);
      await setMining(false);
      const sent = await wait(holder);
      await broadcast(app);
      await app.nest.get(WalletFreezing, { strict: false }).freezeByOperator(funding.walletId, 'ticket-1');
      await passMinutes(4);
      expect(await versionsOf(sent)).toEqual(['first']);
      await app.nest.get(WalletFreezing, { strict: false }).unfreezeByOperator(funding.walletId, 'ticket-1');

      for (let round = 0; round < 15; round += 1) await passMinutes(4);

      const [fee = 0n] = await feesNow();
      const cap = BigInt(CAPS.maxFeePerGas);
      expect(fee).toBeLessThanOrEqual(cap);
      expect(fee * 9n).toBeGreaterThan(cap * 8n);
      const metrics = await app.nest.get(Metrics).expose();
      expect(metrics).toMatch(
        /countersign_gas_payments_total\{[^}]*outcome="send.fee_above_cap"[^}]*\} [1-9]/,
      );
      await setBaseFee(1n);
    });
  });

  it('is paid after the delay of a new recipient, not before', async () => {
    const demo = await anApplicationWithGas(app, [token.address], { sends: { firstSendDelayHours: 1 } });
    const holder = await withTokens(demo);
    const sent = await wait(holder);
    expect(sent).toMatchObject({ state: 'waiting', gas: null });
    await goOn();
    expect(await payments(sent.sendId)).toEqual([]);
    app.clock.advance(HOUR_SECONDS);

    await goOn();
    await goOn();

    const session = await signInPerson(app, demo, holder.session.person);
    expect((await read({ ...holder, session }, sent)).state).toBe('mined');
    expect(await payments(sent.sendId)).toHaveLength(1);
  });

  it('lets sends whose delay is over wait where the application has no more for the day', async () => {
    const probe = await withTokens();
    const { maxFee } = await permit(probe.session, probe.wallet, tokens());
    const demo = await anApplicationWithGas(app, [token.address], {
      ...{ perDay: BigInt(maxFee) * 10n, sends: { firstSendDelayHours: 1 } },
    });
    const sends: string[] = [];
    for (let index = 0; index < 7; index += 1) sends.push((await wait(await withTokens(demo))).sendId);
    const states = async () => {
      const rows = await app.database.query<{ state: string; hasGas: boolean }>(
        'SELECT state, gas IS NOT NULL AS "hasGas" FROM sends WHERE id = ANY($1::uuid[])',
        [sends],
      );
      return countOf(rows.map(({ state, hasGas }) => `${state} ${hasGas ? 'with' : 'without'} gas`));
    };
    app.clock.advance(HOUR_SECONDS);
    await goOn();
    await goOn();
    expect(await states()).toEqual({ 'mined with gas': 5, 'waiting without gas': 2 });

    app.clock.advance(25 * HOUR_SECONDS);
    await goOn();
    await goOn();
    expect(await states()).toMatchObject({ 'mined with gas': 7 });
  });

  it('ends a send whose delay is over where one wallet never gets so much', async () => {
    const probe = await withTokens();
    const { maxFee } = await permit(probe.session, probe.wallet, tokens());
    const demo = await anApplicationWithGas(app, [token.address], {
      ...{ perDay: BigInt(maxFee) * 4n, sends: { firstSendDelayHours: 1 } },
    });
    const holder = await withTokens(demo);
    const sent = await wait(holder);
    app.clock.advance(HOUR_SECONDS);
    await settleWaiting(app);
    const session = await signInPerson(app, demo, holder.session.person);
    expect(await read({ ...holder, session }, sent)).toMatchObject({
      ...{ state: 'not-sent', refusal: 'send.gas_not_paid' },
    });
  });

  describe('and erasures and exports', () => {
    it('never take the account of the funding wallet', async () => {
      const answer = await operator.post(`/v1/admin/users/${funding.userId}/erase`, {
        ...{ reason: 'ticket-1', now: true, forfeitWallets: [funding.walletId] },
      });
      expectProblem(answer, 409, 'account.of_operator');
      const path = `/v1/admin/users/${funding.userId}/export`;
      expectProblem(await operator.post(path, { reason: 'ticket-1' }), 409, 'account.of_operator');
      await expect(app.database.query('DELETE FROM users WHERE id = $1', [funding.userId])).rejects.toThrow(
        /fk_/,
      );
    });

    it('take what was paid for a person, when it has ended', async () => {
      const holder = await withTokens();
      const sent = await wait(holder);
      await goOn();
      await anvil.mine(70);
      await look(app);
      const { userId } = holder.session;
      await app.nest.get(ErasureService).eraseFor(userId, 'ticket-1', true, [holder.wallet.walletId]);
      expect(await app.database.query('SELECT 1 FROM users WHERE id = $1', [userId])).toEqual([]);

      expect(await payments(sent.sendId)).toEqual([]);
    });

    it('take an open one later, when it is final', async () => {
      const holder = await withTokens();
      const sent = await wait(holder);
      await broadcast(app);
      const { userId } = holder.session;
      await app.nest.get(ErasureService).eraseFor(userId, 'ticket-1', true, [holder.wallet.walletId]);
      expect(await app.database.query('SELECT 1 FROM users WHERE id = $1', [userId])).toEqual([]);
      expect((await payments(sent.sendId)).map(({ state }) => state)).toEqual(['broadcasting']);
      await anvil.mine(70);

      await look(app);

      expect(await payments(sent.sendId)).toEqual([]);
    });
  });

  describe('that becomes final while its person is erased', () => {
    /** A payment that a block has, and that a look makes final. */
    async function aPayment() {
      const holder = await withTokens();
      const { sendId } = await wait(holder);
      await broadcast(app);
      await look(app);
      expect((await payments(sendId)).map(({ state }) => state)).toEqual(['mined']);
      const erase = () =>
        app.nest
          .get(ErasureService)
          .eraseFor(holder.session.userId, 'ticket-1', true, [holder.wallet.walletId]);
      return { sendId, erase };
    }

    it('goes with the account where the erasure was first', async () => {
      const { sendId, erase } = await aPayment();
      const hold = await app.database.hold('LOCK TABLE user_aliases IN SHARE MODE');
      const erased = erase();
      await until(() => app.isWaitingFor('DELETE FROM users'));
      const looked = finish();
      await Promise.race([looked, until(() => app.isWaitingFor('UPDATE sends'))]);
      await hold.commit();
      await Promise.all([erased, looked]);
      expect(await payments(sendId)).toEqual([]);
    });

    it('goes with the account where the look was first', async () => {
      const { sendId, erase } = await aPayment();
      const changes = app.nest.get(SendChanges, { strict: false });
      let [isChanged, isErasing] = [false, false];
      const looked = app.nest.get(Database).transaction(async (tx) => {
        const found = await tx.findOneByOrFail('SendEntity', { gasFor: sendId });
        const payment = found as unknown as Parameters<SendChanges['change']>[1];
        isChanged = await changes.change(tx, payment, { state: 'final', outcome: payment.outcome }, 'first');
        await until(() => isErasing);
      });
      await until(() => isChanged);
      const erased = erase();
      await Promise.race([erased, until(() => app.isWaitingFor('FOR UPDATE OF t'))]);
      isErasing = true;
      await Promise.all([erased, looked]);
      expect(await payments(sendId)).toEqual([]);
    });
  });

  describe('is not paid for a send that was ended while nodes answered', () => {
    const freezing = () => app.nest.get(WalletFreezing, { strict: false });
    const pay = (sendId: string) => app.nest.get(GasPayments, { strict: false }).pay(sendId);
    const walletPath = ({ wallet }: Holder) => `/v1/wallets/${wallet.walletId}`;
    afterEach(() => freezing().releaseBrake('ticket-1'));

    it.each<readonly [string, (holder: Holder, sent: SendBody, demo: Demo) => Promise<unknown>]>([
      [
        'by cancelling it',
        (holder, { sendId }) => holder.session.post(`${walletPath(holder)}/sends/${sendId}/cancel`, {}),
      ],
      ['by freezing the wallet', (holder) => holder.session.post(`${walletPath(holder)}/freeze`)],
      ['by a logout', (holder) => holder.session.post('/v1/auth/logout')],
      ['by stopping all wallets', () => freezing().applyBrake('ticket-1')],
      [
        'by showing the words of the wallet',
        ({ wallet }) =>
          app.database.query('UPDATE embedded_wallets SET exported_at = now() WHERE wallet_id = $1', [
            wallet.walletId,
          ]),
      ],
      [
        'by taking the grant back',
        ({ wallet }) =>
          app.database.query('DELETE FROM wallet_grants WHERE wallet_id = $1', [wallet.walletId]),
      ],
      [
        'by deactivating the account',
        ({ session }) =>
          operator.post(`/v1/admin/users/${session.userId}/deactivate`, { reason: 'ticket-1' }),
      ],
      [
        'by taking gas from the application',
        (_, __, { applicationId }) =>
          app.applications.changeSettings(applicationId, { sends: { gasPerDay: [] } }),
      ],
      [
        'by taking sends from the application',
        (_, __, { applicationId }) =>
          app.applications.changeSettings(applicationId, { embeddedWallets: { acts: ['export'] } }),
      ],
    ])('%s', async (_, end) => {
      const demo = await anApplicationWithGas(app, [token.address]);
      const holder = await withTokens(demo);
      await freezing().freezeByOperator(funding.walletId, 'ticket-1');
      const sent = await wait(holder);
      await broadcast(app);
      await freezing().unfreezeByOperator(funding.walletId, 'ticket-1');
      let hasEnded = false;
      second.takeOver(async () => {
        if (hasEnded) return undefined;
        hasEnded = true;
        await end(holder, sent, demo);
        return undefined;
      });

      await pay(sent.sendId);

      expect([hasEnded, await payments(sent.sendId)]).toEqual([true, []]);
      expect(await balanceOf(holder.wallet.address)).toBe(0n);
    });
  });

  describe('of a wallet whose key another program has', () => {
    const spend = async () => {
      await anvil.request('anvil_impersonateAccount', [funding.address]);
      return anvil.request('eth_sendTransaction', [{ from: funding.address, to: FRIEND, value: '0x9' }]);
    };
    const unfreeze = () =>
      app.nest.get(WalletFreezing, { strict: false }).unfreezeByOperator(funding.walletId, 'ticket-1');
    const frozenBy = async () => {
      const [row] = await app.database.query<{ frozen_by: string | null }>(
        'SELECT frozen_by FROM embedded_wallets WHERE wallet_id = $1',
        [funding.walletId],
      );
      return row?.frozen_by;
    };
    const pay = (sendId: string) => app.nest.get(GasPayments, { strict: false }).pay(sendId);

    it('is not paid: the wallet is frozen until an operator has looked, each time again', async () => {
      const sends = [await withTokens(), await withTokens()];
      for (const holder of sends) {
        await spend();
        const { sendId } = await wait(holder);
        await broadcast(app);
        expect([await frozenBy(), await payments(sendId)]).toEqual(['operator', []]);
        const trail = await app.database.query<{ details: object }>(
          `SELECT details FROM audit_records WHERE action = 'wallet.frozen' ORDER BY id DESC LIMIT 1`,
        );
        expect(trail).toEqual([{ details: { reason: 'used_elsewhere' } }]);
        await pay(sendId);
        expect(await payments(sendId)).toEqual([]);
        expect(await app.nest.get(Metrics).expose()).toMatch(
          /countersign_gas_payments_total\{[^}]*outcome="wallet.frozen"[^}]*\} [1-9]/,
        );

        await unfreeze();
        await pay(sendId);

        expect(await payments(sendId)).toHaveLength(1);
        await goOn();
      }
      await finish();
    });

    it('that uses the nonce of a payment: the wallet is frozen, and the send ends', async () => {
      const holder = await withTokens();
      await anvil.request('evm_setAutomine', [false]);
      const sent = await wait(holder);
      await broadcast(app);
      await anvil.request('anvil_dropAllTransactions', []);
      await spend();
      await anvil.request('evm_setAutomine', [true]);
      await finish();
      expect((await payments(sent.sendId)).map(({ state }) => state)).toEqual(['replaced']);
      expect(await frozenBy()).toBe('operator');
      await unfreeze();
      await goOn();
      expect(await read(holder, sent)).toMatchObject({ state: 'not-sent', refusal: 'send.gas_not_paid' });
    });
  });

  it('is read and made by operators alone, and made once', async () => {
    const again = await operator.post('/v1/admin/funding-wallets', {
      kind: 'evm',
      environment: 'production',
    });
    expect(again.body).toMatchObject({ walletId: funding.walletId, address: funding.address });
    const both = await Promise.all([app, replica, third].map((each) => aFundingWallet(each, 'ton')));
    expect(new Set(both.map(({ walletId }) => walletId)).size).toBe(1);
    expect(both[0]?.userId).toBe(funding.userId);
    const reader = await anOperator(app, ['wallets:read']);
    const refused = await reader.post('/v1/admin/funding-wallets', { kind: 'evm', environment: 'test' });
    expect(refused.status).toBe(403);
  });

  it('has no wrong amounts in its settings', async () => {
    for (const gasPerDay of [['x'], [`${CHAIN}/${token.address}/5`], [`${CHAIN}/coin/1`, `${CHAIN}/coin/2`]])
      await expect(anApplicationWithGas(app, [], { sends: { gasPerDay } })).rejects.toMatchObject({
        code: expect.stringMatching(/^request\./) as string,
      });
  });
});
