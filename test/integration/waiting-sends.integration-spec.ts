import type { Hex } from 'viem';
import { aPerson, times } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, askForToken, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { useFakeNode } from '../support/fake-node';
import { anOperator } from '../support/operator';
import { signInPerson, type PersonSession } from '../support/person-session';
import { relaunch, steppedUpFor, withGrant } from '../support/relaunch';
import {
  aFundedWallet,
  aKey,
  broadcast,
  callSend,
  CHAIN,
  coin,
  FRIEND,
  look,
  permit,
  send,
  sendingOn,
  sendOf,
  settleWaiting,
  type SendBody,
} from '../support/sends';
import { eventsOf, subscribe, unsubscribe } from '../support/told-events';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';
import type { WalletBody } from '../support/linked-wallets';

const HOURS_24 = 24 * 3_600;

interface Launched {
  readonly sendId: string;
  readonly walletId: string;
  readonly grant: string;
}

describeWithAnvil('a send that waits', () => {
  const anvil = useAnvil();
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [first.url, second.url]));
  const [replica, third] = [useReplica(app), useReplica(app)];
  const sends = {
    firstSendDelayHours: 24,
    assets: [{ chain: CHAIN, token: null, perAct: null, perDay: null, launchAbove: '1000' }],
  };
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }, { more: { sends } }));
  const count = (address: Hex) => anvil.client.getTransactionCount({ address });
  let friends = 0;
  const aStranger = () => `0x${(0x7700_0000 + (friends += 1)).toString(16).padStart(40, '0')}` as const;

  async function aWaiting(request: object = coin(1, aStranger())) {
    const { session, wallet, address } = await aFundedWallet(app, game, anvil);
    const { journal } = await custody.client.health();
    const sent = await send(session, wallet, request);
    expect((await custody.client.health()).journal.sequence).toBe(journal.sequence);
    return { session, wallet, address, sent };
  }

  const cancel = (session: PersonSession, { walletId }: WalletBody, { sendId }: SendBody) =>
    session.post(`/v1/wallets/${walletId}/sends/${sendId}/cancel`, {});
  const confirm = (session: PersonSession, { walletId }: WalletBody, { sendId }: SendBody, grant: string) =>
    withGrant(session.post(`/v1/wallets/${walletId}/sends/${sendId}/confirm`), grant);

  /** Its day passes, and each replica looks twice. */
  async function passDay(): Promise<void> {
    app.clock.advance(HOURS_24);
    const all = [app, replica, third];
    await Promise.all(all.map((each) => settleWaiting(each)));
    await Promise.all(all.map((each) => settleWaiting(each)));
    await Promise.all(all.map((each) => broadcast(each)));
  }

  async function expectNeverSent(
    of: Awaited<ReturnType<typeof aWaiting>>,
    refusal: string | null,
  ): Promise<void> {
    await passDay();
    const reader = await again(of);
    expect(await sendOf(reader, of.wallet, of.sent)).toMatchObject({
      state: 'not-sent',
      refusal,
      nonce: null,
    });
    expect(await count(of.address)).toBe(0);
    expect(await app.database.query('SELECT 1 FROM send_waits WHERE send_id = $1', [of.sent.sendId])).toEqual(
      [],
    );
  }

  /** The person is in again after a day. */
  const again = ({ session }: { readonly session: PersonSession }) => signInPerson(app, game, session.person);

  describe('for the delay of a new recipient', () => {
    it('is signed after it, once, by one of three replicas', async () => {
      const { session, wallet, address, sent } = await aWaiting();
      const asked = app.clock.now().getTime();
      expect(sent).toMatchObject({
        state: 'waiting',
        nonce: null,
        versions: [],
        launch: null,
        refusal: null,
      });
      expect(Date.parse(sent.waitsUntil ?? '')).toBe(asked + HOURS_24 * 1_000);
      app.clock.advance(HOURS_24 - 1);
      await Promise.all([app, replica, third].map((each) => settleWaiting(each)));
      expect(await count(address)).toBe(0);

      app.clock.advance(1);
      await passDay();

      await until(async () => (await count(address)) === 1);
      await anvil.mine(70);
      await look(app);
      const reader = await again({ session });
      expect(await sendOf(reader, wallet, sent)).toMatchObject({
        ...{ state: 'final', nonce: 0, waitsUntil: null },
        versions: [{ kind: 'first' }],
      });
      expect(await count(address)).toBe(1);
    });

    it('has no nonce for operators either, and then its own', async () => {
      const { session, wallet, sent } = await aWaiting();
      const read = async (query: string) =>
        (await (await anOperator(app)).get(`/v1/admin/sends${query}`)).body as object;
      const of = `?walletId=${wallet.walletId}`;
      const { sendId } = sent;
      expect(await read(`${of}&state=waiting`)).toMatchObject({ items: [{ sendId, nonce: null }] });
      await cancel(session, wallet, sent);
      expect(await read(`${of}&state=not-sent`)).toMatchObject({ items: [{ sendId, nonce: null }] });
      const other = await aWaiting();

      await passDay();

      expect(await read(`/${other.sent.sendId}`)).toMatchObject({ nonce: 0 });
    });

    it('is answered by its key, and is in the list and in the export of its person', async () => {
      const { session, wallet } = await aFundedWallet(app, game, anvil);
      const call = { ...(await permit(session, wallet, coin(1, aStranger()))), key: aKey() };
      const sent = (await callSend(session, wallet, call)).body as SendBody;
      expect((await callSend(session, wallet, call)).body).toEqual(sent);
      const { body } = await session.get(`/v1/wallets/${wallet.walletId}/sends`);
      expect((body as { items: SendBody[] }).items).toEqual([sent]);
      await session.stepUp();
      const { sections } = readExport((await session.get('/v1/me/export')).text);
      expect(sections['sends']?.items).toMatchObject([{ sendId: sent.sendId, state: 'waiting' }]);
    });

    it('of a stolen session is cancelled by its person, from any session', async () => {
      const waiting = await aWaiting();
      const person = await signInPerson(app, game, waiting.session.person);
      const stranger = await signInPerson(app, game, aPerson());
      expectProblem(await cancel(stranger, waiting.wallet, waiting.sent), 404, 'wallet.not_found');

      const answer = await cancel(person, waiting.wallet, waiting.sent);

      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ state: 'not-sent', refusal: null });
      expectProblem(await cancel(person, waiting.wallet, waiting.sent), 409, 'send.settled');
      await expectNeverSent(waiting, null);
    });

    it('that was cancelled leaves its recipient as unknown as it was', async () => {
      const recipient = aStranger();
      const { session, wallet, address, sent } = await aWaiting(coin(1, recipient));
      expect((await cancel(session, wallet, sent)).status).toBe(200);
      await passDay();

      const later = await again({ session });
      expect(await send(later, wallet, coin(900, recipient))).toMatchObject({ state: 'waiting' });
      const big = await send(later, wallet, coin(5_000, aStranger()));
      expect(big.launch).not.toBeNull();
      expect(
        (await app.database.query('SELECT 1 FROM send_recipients WHERE wallet_id = $1', [wallet.walletId]))
          .length,
      ).toBe(1);
      expect(await count(address)).toBe(0);
    });

    it('is not signed for a session that logged out: a thief would be out of reach', async () => {
      const waiting = await aWaiting();
      await waiting.session.post('/v1/auth/logout');
      await expectNeverSent(waiting, 'session.ended');
    });

    it('is not signed for a session that its person ended, nor after all were', async () => {
      const one = await aWaiting();
      const owner = await signInPerson(app, game, one.session.person);
      expect((await owner.delete(`/v1/me/sessions/${one.session.sessionId}`)).status).toBe(204);
      await expectNeverSent(one, 'session.ended');

      const all = await aWaiting();
      await all.session.post('/v1/auth/logout');
      const other = await signInPerson(app, game, all.session.person);
      expect((await other.delete('/v1/me/sessions')).status).toBeLessThan(300);
      await expectNeverSent(all, 'session.ended');
    });

    it('is not signed after its wallet was frozen, though it is not any more', async () => {
      const waiting = await aWaiting();
      const path = `/v1/wallets/${waiting.wallet.walletId}/freeze`;
      expect((await waiting.session.post(path)).status).toBe(204);
      await settleWaiting(app);
      expect(await sendOf(waiting.session, waiting.wallet, waiting.sent)).toMatchObject({
        ...{ state: 'not-sent', refusal: 'wallet.frozen', waitsUntil: null },
      });
      const stepped = await steppedUpFor(app, game, waiting.session, 'wallet.unfreeze');
      expect((await withGrant(stepped.delete(path), stepped.grant)).status).toBe(204);
      await expectNeverSent(waiting, 'wallet.frozen');
    });

    it('is not signed after its grant was taken, or its application sends no more', async () => {
      const ungranted = await aWaiting();
      const { applicationId } = game;
      const path = `/v1/wallets/${ungranted.wallet.walletId}/grants/${applicationId}`;
      expect((await ungranted.session.delete(path)).status).toBe(204);
      await expectNeverSent(ungranted, 'wallet.not_granted');
      const off = await aWaiting();
      const settings = (acts: readonly string[]) => ({ embeddedWallets: { acts } });
      await app.applications.changeSettings(applicationId, settings([]));
      await expectNeverSent(off, 'wallet.act_not_allowed');
      await app.applications.changeSettings(applicationId, settings(['send']));
    });

    it('is not signed for an account that was deactivated, though it is active again', async () => {
      const waiting = await aWaiting();
      await waiting.session.post('/v1/auth/logout');
      const { userId } = waiting.session;
      await app.accounts.setStatus(userId, 'deactivated');
      await app.accounts.setStatus(userId, 'active');
      await expectNeverSent(waiting, 'session.ended');
    });

    it('is not signed after a merge, on either side', async () => {
      const [one, other] = [await aWaiting(), await aWaiting()];
      await mergeAccounts(app, game, one.session, other.session);
      const reader = await again(one);
      for (const each of [one, other])
        expect(await sendOf(reader, each.wallet, each.sent)).toMatchObject({
          ...{ state: 'not-sent', refusal: 'wallet.came_by_merge' },
        });
      await expectNeverSent(one, 'wallet.came_by_merge');
    });

    it('is not signed again when a restored database does not know that it was', async () => {
      const waiting = await aWaiting();
      // The chain has a transaction of the wallet: the send itself, after the backup.
      await anvil.request('anvil_setNonce', [waiting.address, '0x1']);
      await passDay();
      expect(await sendOf(await again(waiting), waiting.wallet, waiting.sent)).toMatchObject({
        ...{ state: 'not-sent', refusal: 'send.used_elsewhere' },
      });
      expect(await count(waiting.address)).toBe(1);
    });

    it('is ended by another send that notices that first', async () => {
      const waiting = await aWaiting();
      await anvil.request('anvil_setNonce', [waiting.address, '0x1']);
      app.clock.advance(1);
      const later = await send(waiting.session, waiting.wallet, coin(1, aStranger()));
      expect(await sendOf(waiting.session, waiting.wallet, waiting.sent)).toMatchObject({
        ...{ state: 'not-sent', refusal: 'send.used_elsewhere' },
      });
      await passDay();
      await anvil.mine(70);
      // What waited after that is sent.
      expect(await sendOf(await again(waiting), waiting.wallet, later)).toMatchObject({ nonce: 1 });
    });

    it('waits on while nodes are away or all wallets are stopped, and is not sent without its coins', async () => {
      const [sent, poor] = [await aWaiting(), await aWaiting()];
      await anvil.request('anvil_setBalance', [poor.address, '0x0']);
      first.goAway();
      await passDay();
      expect(await sendOf(await again(sent), sent.wallet, sent.sent)).toMatchObject({ state: 'waiting' });
      first.recover();
      app.clock.advance(60);
      await settleWaiting(app);
      await broadcast(app);
      expect(await sendOf(await again(sent), sent.wallet, sent.sent)).toMatchObject({
        state: 'broadcasting',
      });
      expect(await sendOf(await again(poor), poor.wallet, poor.sent)).toMatchObject({
        ...{ state: 'not-sent', refusal: 'send.funds_too_low' },
      });
    });

    it('costs at most what the person has seen', async () => {
      const waiting = await aWaiting();
      for (const node of [first, second])
        node.lie('eth_feeHistory', async (_params: unknown, truth: () => Promise<object>) => ({
          ...(await truth()),
          baseFeePerGas: times(21, () => '0x174876e800'),
        }));
      await passDay();
      for (const node of [first, second]) node.recover();
      await expectNeverSent(waiting, 'send.fee_above_cap');
    });

    it('is one of sixteen of a wallet at most', async () => {
      const { session, wallet } = await aFundedWallet(app, game, anvil);
      for (const amount of times(16, (index) => index + 1))
        await send(session, wallet, coin(amount, aStranger()));
      const call = { ...(await permit(session, wallet, coin(1, aStranger()))), key: aKey() };
      expectProblem(await callSend(session, wallet, call), 409, 'send.too_many_open');
    });

    it('can neither be sped up, nor be cancelled as one that nodes have', async () => {
      const { session, wallet, sent } = await aWaiting();
      const wanted = { act: 'send', chainId: CHAIN, request: { kind: 'speed-up', sendId: sent.sendId } };
      expectProblem(await askForToken(session, wallet, wanted), 409, 'send.settled');
      const path = `/v1/wallets/${wallet.walletId}/sends/${sent.sendId}/cancel`;
      expectProblem(await session.post(path, { walletToken: 'cs_wt_junk' }), 403, 'wallet.token_invalid');
      expect(await sendOf(session, wallet, sent)).toMatchObject({ state: 'waiting' });
    });
  });

  describe('for a launch that names it', () => {
    /** Above the amount that needs a launch, to a recipient whose day has passed. */
    async function aLarge(amount = 1_001) {
      const made = await aWaiting(coin(amount, FRIEND));
      expect(made.sent).toMatchObject({ state: 'waiting', waitsUntil: null, nonce: null });
      return { ...made, code: made.sent.launch?.code ?? '' };
    }

    async function launch(person: PersonSession, code: string) {
      const second = await relaunch(app, game, person, `w_${code}`);
      return { session: second, launched: second.answers['waitingSend'] as Launched | undefined };
    }

    it('is confirmed in that launch, and by no other session', async () => {
      const { session, wallet, address, sent, code } = await aLarge();
      expect(sent.launch?.links).toMatchObject([
        { url: expect.stringContaining(`startapp=w_${code}`) as unknown },
      ]);
      expect(code).toMatch(/^[\w-]{43}$/);
      const { session: launched, launched: named } = await launch(session, code);
      expect(named).toMatchObject({ sendId: sent.sendId, walletId: wallet.walletId });
      const grant = named?.grant ?? '';
      expectProblem(
        await session.post(`/v1/wallets/${wallet.walletId}/sends/${sent.sendId}/confirm`),
        403,
        'account.step_up_required',
      );
      expectProblem(await confirm(session, wallet, sent, grant), 403, 'account.grant_invalid');
      const other = await send(session, wallet, coin(1_002, FRIEND));
      expectProblem(await confirm(launched, wallet, other, grant), 403, 'account.grant_invalid');

      app.clock.advance(1);

      const answer = await confirm(launched, wallet, sent, grant);

      expect(answer.status).toBe(200);
      // The recipient is new: the delay comes on top.
      expect(answer.body).toMatchObject({ state: 'waiting', launch: null });
      expectProblem(await confirm(launched, wallet, sent, grant), 403, 'account.grant_invalid');
      await passDay();
      await until(async () => (await count(address)) === 1);
      const reader = await again({ session });
      expect((await sendOf(reader, wallet, sent)).state).toBe('broadcasting');
      expect(await sendOf(reader, wallet, other)).toMatchObject({ refusal: 'send.not_confirmed' });
    });

    it('is signed at once where no delay is', async () => {
      const quick = await aWalletApplication(
        app,
        { acts: ['send'] },
        { more: { sends: { ...sends, firstSendDelayHours: 0 } } },
      );
      const { session, wallet, address } = await aFundedWallet(app, quick, anvil);
      const sent = await send(session, wallet, coin(1_001));
      const second = await relaunch(app, quick, session, `w_${sent.launch?.code ?? ''}`);
      const { grant } = second.answers['waitingSend'] as Launched;
      const answer = await confirm(second, wallet, sent, grant);
      expect(answer.body).toMatchObject({ state: 'broadcasting', nonce: 0 });
      await broadcast(app);
      await until(async () => (await count(address)) === 1);
    });

    it('is named by no other person, application or code, and by no code twice', async () => {
      const { session, wallet, sent, code } = await aLarge();
      const stranger = await signInPerson(app, game, aPerson());
      expect((await launch(stranger, code)).launched).toBeUndefined();
      const other = await aWalletApplication(app, { acts: ['send'] });
      await signInPerson(app, other, session.person);
      expect(
        (await relaunch(app, other, session.person, `w_${code}`)).answers['waitingSend'],
      ).toBeUndefined();
      const forged = code.slice(0, -3) + (code.endsWith('AAA') ? 'BBB' : 'AAA');
      expect((await launch(session, forged)).launched).toBeUndefined();
      expect((await launch(session, 'A'.repeat(43))).launched).toBeUndefined();

      expect((await launch(session, code)).launched).toBeDefined();
      expect((await launch(session, code)).launched).toBeUndefined();
      expect((await sendOf(session, wallet, sent)).launch).toBeNull();
    });

    it('is not named by a captured launch that is replayed', async () => {
      const { session, code } = await aLarge();
      const initData = app.initDataOf(game, session.person, { startParam: `w_${code}` });
      const body = { applicationId: game.applicationId, initData };
      expect((await app.postSignIn(body)).body).toMatchObject({ waitingSend: { grant: expect.any(String) } });
      const replayed = await app.postSignIn(body);
      expect(replayed.status).toBe(200);
      expect(replayed.body).not.toHaveProperty('waitingSend');
    });

    it('is not sent without one within ten minutes', async () => {
      const { session, wallet, sent, code, address } = await aLarge();
      app.clock.advance(600);
      expect((await launch(session, code)).launched).toBeUndefined();
      await settleWaiting(app);
      expect(await sendOf(session, wallet, sent)).toMatchObject({
        ...{ state: 'not-sent', refusal: 'send.not_confirmed', launch: null },
      });
      expect(await count(address)).toBe(0);
    });

    it('is confirmed within five minutes of the launch', async () => {
      const { session, wallet, sent, code } = await aLarge();
      app.clock.advance(599);
      const { session: launched, launched: named } = await launch(session, code);
      await settleWaiting(app);
      app.clock.advance(301);
      expectProblem(await confirm(launched, wallet, sent, named?.grant ?? ''), 403, 'account.grant_invalid');
      await settleWaiting(app);
      expect((await sendOf(session, wallet, sent)).refusal).toBe('send.not_confirmed');
    });

    it('leaves its recipient unknown where it is cancelled after that launch', async () => {
      const { session, wallet, sent, code } = await aLarge();
      const { session: launched, launched: named } = await launch(session, code);
      expect((await confirm(launched, wallet, sent, named?.grant ?? '')).status).toBe(200);

      expect((await cancel(launched, wallet, sent)).body).toMatchObject({ state: 'not-sent' });

      const { walletId } = wallet;
      expect(
        await app.database.query('SELECT 1 FROM send_recipients WHERE wallet_id = $1', [walletId]),
      ).toEqual([]);
    });
  });

  describe('has an event', () => {
    afterEach(() => unsubscribe(app.database));

    it('with ids and a code by which its person freezes the wallet in one launch', async () => {
      await subscribe(app.database, ['wallet.send_waiting']);
      const waiting = await aWaiting();
      const [told] = (await eventsOf(app.database))
        .filter(({ type }) => type === 'wallet.send_waiting')
        .slice(-1);
      const { freezeCode = '', ...ids } = told?.data ?? {};
      expect(ids).toEqual({
        ...{ userId: waiting.session.userId, walletId: waiting.wallet.walletId },
        ...{ applicationId: game.applicationId, sendId: waiting.sent.sendId },
      });
      expect(told?.applicationIds).toEqual([game.applicationId]);
      const stranger = await signInPerson(app, game, aPerson());
      const byStranger = await relaunch(app, game, stranger, `f_${freezeCode}`);
      expect(byStranger.answers['frozenWallet']).toBeUndefined();
      // It confirms nothing.
      expect(
        (await relaunch(app, game, waiting.session, `w_${freezeCode}`)).answers['waitingSend'],
      ).toBeUndefined();

      const frozen = await relaunch(app, game, waiting.session, `f_${freezeCode}`);

      const { walletId } = waiting.wallet;
      expect(frozen.answers['frozenWallet']).toEqual({ walletId });
      const { body } = await frozen.get(`/v1/wallets/${walletId}/embedded`);
      expect(body).toMatchObject({ frozenBy: 'person' });
      await expectNeverSent(waiting, 'wallet.frozen');
    });
  });

  it('has no address, amount and code in a dump and in the log', async () => {
    await subscribe(app.database, ['wallet.send_waiting']);
    const stranger = aStranger();
    const { sent, address } = await aWaiting(coin(1_234_567_890_123, stranger));
    const tables = ['sends', 'send_waits', 'audit_records', 'events', 'wallet_acts', 'step_ups'];
    const rows = await Promise.all(tables.map((table) => app.database.query(`SELECT * FROM ${table}`)));
    const text = `${JSON.stringify(rows)}${app.logLines.join('')}`.toLowerCase();
    for (const secret of [address, stranger, '1234567890123', sent.launch?.code ?? ''])
      expect(text).not.toContain(secret.toLowerCase().replace(/^0x/, ''));
    await unsubscribe(app.database);
  });
});
