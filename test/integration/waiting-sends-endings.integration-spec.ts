import type { Address } from 'viem';
import { DetachmentService } from '@countersign/account';
import { WalletFreezing } from '@countersign/embedded-wallets';
import { aPerson } from '../factories';
import { linkIdentity, settleAttachments } from '../support/accounts';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { useFakeNode } from '../support/fake-node';
import type { WalletBody } from '../support/linked-wallets';
import { signInPerson, type PersonSession } from '../support/person-session';
import { relaunch, steppedUpFor, withGrant } from '../support/relaunch';
import {
  aFundedWallet,
  broadcast,
  CHAIN,
  coin,
  send,
  sendingOn,
  sendOf,
  settleWaiting,
  type SendBody,
} from '../support/sends';
import type { Demo } from '../support/test-app';
import { eventsOf, subscribe, unsubscribe } from '../support/told-events';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const HOURS_24 = 24 * 3_600;

interface Waiting {
  readonly demo: Demo;
  readonly session: PersonSession;
  readonly wallet: WalletBody;
  readonly address: Address;
  readonly sent: SendBody;
}

/** What ends a send that waits ends it at once: an attacker who waits for the end of it sends nothing. */
describeWithAnvil('the end of a send that waits', () => {
  const anvil = useAnvil();
  const [first, second] = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [first.url, second.url]));
  const sends = {
    firstSendDelayHours: 24,
    assets: [{ chain: CHAIN, token: null, perAct: null, perDay: null, launchAbove: '1000' }],
  };
  const aGame = () => aWalletApplication(app, { acts: ['send'] }, { more: { sends } });
  const game = useFixture(aGame);
  const freezing = () => app.nest.get(WalletFreezing, { strict: false });
  let strangers = 0;
  const aStranger = () => `0x${(0x6600_0000 + (strangers += 1)).toString(16).padStart(40, '0')}`;

  async function aWaiting(demo = game, amount = 1): Promise<Waiting> {
    const funded = await aFundedWallet(app, demo, anvil);
    const sent = await send(funded.session, funded.wallet, coin(amount, aStranger()));
    expect(sent.state).toBe('waiting');
    return { demo, ...funded, sent };
  }

  /** Its day passes, with two runs of the job. */
  async function passDay(): Promise<void> {
    app.clock.advance(HOURS_24);
    await settleWaiting(app);
    await settleWaiting(app);
    await broadcast(app);
  }

  async function expectNeverSent(of: Waiting, refusal: string | null, person = of.session.person) {
    await passDay();
    const reader = await signInPerson(app, of.demo, person);
    expect(await sendOf(reader, of.wallet, of.sent)).toMatchObject({
      state: 'not-sent',
      refusal,
      nonce: null,
    });
    expect(await anvil.client.getTransactionCount({ address: of.address })).toBe(0);
    expect(await app.database.query('SELECT 1 FROM send_waits WHERE send_id = $1', [of.sent.sendId])).toEqual(
      [],
    );
  }

  const freezeCodes = async () =>
    (await eventsOf(app.database)).flatMap(({ type, data }) =>
      type === 'wallet.send_waiting' ? [data['freezeCode'] ?? ''] : [],
    );

  const pathOf = ({ wallet }: Waiting, rest: string) => `/v1/wallets/${wallet.walletId}/${rest}`;

  async function unfreeze(of: Waiting): Promise<void> {
    const stepped = await steppedUpFor(app, of.demo, of.session, 'wallet.unfreeze');
    expect((await withGrant(stepped.delete(pathOf(of, 'freeze')), stepped.grant)).status).toBe(204);
  }

  afterEach(() => unsubscribe(app.database));

  describe('is not awaited by its warning', () => {
    const freezeBy = async (of: Waiting, code: string, demo = of.demo) =>
      (await relaunch(app, demo, of.session.person, `f_${code}`)).answers['frozenWallet'];
    const codeOf = async () => (await freezeCodes()).at(-1) ?? '';

    beforeEach(() => subscribe(app.database, ['wallet.send_waiting']));

    it('which freezes the wallet once, and not with the codes of before a freeze', async () => {
      const waiting = await aWaiting();
      const code = await codeOf();
      await send(waiting.session, waiting.wallet, coin(2, aStranger()));
      const second = await codeOf();
      const { walletId } = waiting.wallet;
      expect(await freezeBy(waiting, code)).toEqual({ walletId });
      expect(await freezeBy(waiting, code)).toBeUndefined();
      await unfreeze(waiting);
      for (const each of [code, second]) expect(await freezeBy(waiting, each)).toBeUndefined();
      expect((await waiting.session.get(pathOf(waiting, 'embedded'))).body).toMatchObject({ frozenBy: null });
    });

    it.each([
      ['was cancelled', true],
      ['was signed', false],
    ])('which is good for an hour after it %s, and no longer', async (_, isCancelled) => {
      const both = [await aWaiting(), await aWaiting()] as const;
      const [one, other] = both;
      const [first = '', second = ''] = (await freezeCodes()).slice(-2);
      if (isCancelled)
        for (const of of both) await of.session.post(pathOf(of, `sends/${of.sent.sendId}/cancel`), {});
      else await passDay();
      app.clock.advance(3_599);
      expect(await freezeBy(one, first)).toEqual({ walletId: one.wallet.walletId });
      app.clock.advance(1);
      expect(await freezeBy(other, second)).toBeUndefined();
    });

    it('which reaches other first-party applications of the person, with no more than they need', async () => {
      const [shop, partner, foreign] = [
        await app.createApplication(),
        await app.createApplication({ trust: 'third-party' }),
        await app.createApplication(),
      ];
      const funded = await aFundedWallet(app, game, anvil);
      for (const demo of [shop, partner]) await signInPerson(app, demo, funded.session.person);
      await signInPerson(app, foreign, aPerson());
      const sent = await send(funded.session, funded.wallet, coin(1, aStranger()));

      const told = (await eventsOf(app.database)).slice(-2);

      const code = await codeOf();
      const ids = { userId: funded.session.userId, walletId: funded.wallet.walletId, freezeCode: code };
      expect(told.map(({ applicationIds, data }) => ({ applicationIds, data }))).toEqual([
        {
          applicationIds: [game.applicationId],
          data: { ...ids, applicationId: game.applicationId, sendId: sent.sendId },
        },
        { applicationIds: [shop.applicationId], data: ids },
      ]);
      const waiting = { demo: game, ...funded, sent };
      // It confirms no send, and does nothing for another person.
      const stranger = await signInPerson(app, shop, aPerson());
      expect((await relaunch(app, shop, stranger, `f_${code}`)).answers).not.toHaveProperty('frozenWallet');
      const tried = await relaunch(app, shop, funded.session.person, `w_${code}`);
      expect(tried.answers).not.toHaveProperty('waitingSend');
      expect(await freezeBy(waiting, code, shop)).toEqual({ walletId: funded.wallet.walletId });
      await expectNeverSent(waiting, 'wallet.frozen');
    });
  });

  describe('by a freeze that is over before the job runs', () => {
    const ways: Record<string, (of: Waiting) => Promise<void>> = {
      'its person': async (of) => {
        expect((await of.session.post(pathOf(of, 'freeze'))).status).toBe(204);
        await unfreeze(of);
      },
      'its person, by the link of the event': async (of) => {
        const [code = ''] = (await freezeCodes()).slice(-1);
        const frozen = await relaunch(app, of.demo, of.session, `f_${code}`);
        expect(frozen.answers['frozenWallet']).toEqual({ walletId: of.wallet.walletId });
        await unfreeze(of);
      },
      'an operator': async ({ wallet: { walletId } }) => {
        await freezing().freezeByOperator(walletId, 'ticket-7');
        await freezing().unfreezeByOperator(walletId, 'ticket-7');
      },
    };

    it.each(Object.keys(ways))('of %s', async (name) => {
      await subscribe(app.database, ['wallet.send_waiting', 'wallet.send_not_sent']);
      const waiting = await aWaiting();
      await ways[name]?.(waiting);
      expect((await eventsOf(app.database)).at(-1)).toMatchObject({
        type: 'wallet.send_not_sent',
        data: { sendId: waiting.sent.sendId, userId: waiting.session.userId },
      });
      await expectNeverSent(waiting, 'wallet.frozen');
    });

    it('of its person, while all wallets are stopped', async () => {
      const waiting = await aWaiting();
      await freezing().applyBrake('incident-7');
      await ways['its person']?.(waiting);
      await settleWaiting(app);
      await freezing().releaseBrake('incident-7');
      await expectNeverSent(waiting, 'wallet.frozen');
    });
  });

  it('by a grant that is taken back, also where it is given again before the job runs', async () => {
    const waiting = await aWaiting();
    const shop = await aGame();
    const inShop = await signInPerson(app, shop, waiting.session.person);
    const stepped = await steppedUpFor(app, shop, inShop, 'wallet.grant');
    await withGrant(stepped.post('/v1/wallets/embedded', { chain: 'evm' }), stepped.grant);
    const other = await send(stepped, waiting.wallet, coin(2, aStranger()));
    expect((await waiting.session.delete(pathOf(waiting, `grants/${game.applicationId}`))).status).toBe(204);
    const again = await steppedUpFor(app, game, waiting.session, 'wallet.grant');
    const granted = await withGrant(again.post('/v1/wallets/embedded', { chain: 'evm' }), again.grant);
    expect(granted.status).toBe(200);
    // What another application asked for waits on.
    expect((await sendOf(waiting.session, waiting.wallet, other)).state).toBe('waiting');
    expect((await waiting.session.delete(pathOf(waiting, `grants/${shop.applicationId}`))).status).toBe(204);
    await expectNeverSent(waiting, 'wallet.not_granted');
  });

  describe('by its application', () => {
    it.each([
      ['has no embedded wallets any more', { embeddedWallets: { enabled: false } }, 'wallet.embedded_off'],
      ['sends no more', { embeddedWallets: { acts: [] } }, 'wallet.act_not_allowed'],
    ])('that %s at a run of the job, also where that is over later', async (_, settings, refusal) => {
      const demo = await aGame();
      const waiting = await aWaiting(demo);
      await app.applications.changeSettings(demo.applicationId, settings);
      await settleWaiting(app);
      const on = { embeddedWallets: { enabled: true, acts: ['send'] } };
      await app.applications.changeSettings(demo.applicationId, on);
      await expectNeverSent(waiting, refusal);
    });

    it('that is not first-party any more', async () => {
      const demo = await aGame();
      const waiting = await aWaiting(demo);
      const trust = (is: string) =>
        app.database.query('UPDATE applications SET trust = $1 WHERE id = $2', [is, demo.applicationId]);
      await trust('third-party');
      await passDay();
      await trust('first-party');
      app.clock.advance(60);
      await expectNeverSent(waiting, 'account.first_party_only');
    });
  });

  it('by the end of the identity whose session asked, though that session had run out', async () => {
    const { session, wallet, address } = await aFundedWallet(app, game, anvil);
    const mole = aPerson();
    const linked = await linkIdentity(app, game, session, { person: mole });
    await settleAttachments(app);
    const inside = await signInPerson(app, game, mole);
    const sent = await send(inside, wallet, coin(1, aStranger()));
    await app.database.query(`UPDATE sessions SET ended_at = $1, end_reason = 'idle' WHERE id = $2`, [
      app.clock.now(),
      inside.sessionId,
    ]);
    app.clock.advance(1);
    await app.nest.get(DetachmentService, { strict: false }).detach(linked);
    await expectNeverSent({ demo: game, session, wallet, address, sent }, 'session.ended');
  });
});
