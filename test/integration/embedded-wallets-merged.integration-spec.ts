import { DAY } from '@countersign/clock';
import { aPerson, times } from '../factories';
import { linkIdentity, mergeAccounts } from '../support/accounts';
import {
  askForToken,
  aWalletApplication,
  anEmbeddedWallet,
  embed,
  environmentOf,
  signWith,
  tokenForExport,
  useCustody,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { walletsOf, type WalletBody } from '../support/linked-wallets';
import { signInPerson, type PersonSession } from '../support/person-session';
import { acceptance, steppedUpFor, withGrant } from '../support/relaunch';
import { separate } from '../support/separations';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

const WEEK_SECONDS = (7 * DAY) / 1_000;
const SETTLE = '/v1/wallets/embedded/settle';

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const replica = useReplica(app);
const game = useFixture(() => aWalletApplication(app, {}, { origins: [SITE] }));

const signInAgain = ({ person }: PersonSession) => signInPerson(app, game, person);

/** The identity of a session settles, by a launch of its own. */
async function settle(session: PersonSession) {
  const stepped = await steppedUpFor(app, game, await signInAgain(session), 'wallet.settle');
  return withGrant(stepped.post(SETTLE), stepped.grant);
}

async function signs(session: PersonSession, wallet: WalletBody): Promise<boolean> {
  const again = await signInAgain(session);
  const { status, body } = await askForToken(again, wallet);
  if (status !== 201) {
    expect((body as { code: string }).code).toBe('wallet.came_by_merge');
    return false;
  }
  const { walletToken } = body as { walletToken: string };
  expect((await signWith(again, wallet, walletToken)).status).toBe(200);
  return true;
}

async function grantsOf(session: PersonSession, { walletId }: WalletBody): Promise<readonly string[]> {
  const { body } = await session.get(`/v1/wallets/${walletId}/embedded`);
  return (body as { grants: readonly { applicationId: string }[] }).grants.map(
    ({ applicationId }) => applicationId,
  );
}

interface Merged {
  readonly thief: PersonSession;
  readonly victim: PersonSession;
  readonly wallet: WalletBody;
}

/** A victim's account with an embedded wallet, which a thief got into theirs. */
async function aMergedWallet(): Promise<Merged> {
  const { session: victim, wallet } = await anEmbeddedWallet(app, game);
  const thief = await signInPerson(app, game);
  app.clock.advance(1);
  await mergeAccounts(app, game, thief, victim);
  return { thief, victim, wallet };
}

describe('a wallet that came by a merge', () => {
  it('waits until an identity that came with it steps up by a launch of its own', async () => {
    const { thief, victim, wallet } = await aMergedWallet();
    expect([await signs(thief, wallet), await signs(victim, wallet)]).toEqual([false, false]);

    expect((await settle(victim)).status).toBe(204);

    expect([await signs(thief, wallet), await signs(victim, wallet)]).toEqual([true, true]);
    const exported = await tokenForExport(app, game, await signInAgain(victim), wallet);
    const path = `/v1/wallets/${wallet.walletId}/export`;
    expect((await exported.stepped.post(path, { walletToken: exported.walletToken })).status).toBe(200);
    expect((await settle(victim)).status).toBe(204);
  });

  it('is not settled by the asking side, however it steps up', async () => {
    const { thief, victim, wallet } = await aMergedWallet();

    expectProblem(await settle(thief), 409, 'wallet.came_by_merge');
    // A captured session of the victim, which the thief steps up with a proof of theirs.
    const captured = await signInAgain(victim);
    const proof = await thief.stepUp();
    expect(proof.status).toBe(200);
    expectProblem(await captured.post(SETTLE), 403, 'account.step_up_required');
    const own = await steppedUpFor(app, game, await signInAgain(thief), 'wallet.settle');
    expectProblem(await withGrant(captured.post(SETTLE), own.grant), 403, 'account.grant_invalid');
    const other = await steppedUpFor(app, game, await signInAgain(victim), 'wallet.export');
    expectProblem(await withGrant(other.post(SETTLE), other.grant), 403, 'account.grant_invalid');

    expect([await signs(thief, wallet), await signs(victim, wallet)]).toEqual([false, false]);
    app.clock.advance(WEEK_SECONDS - 60);
    expect(await signs(thief, wallet)).toBe(false);
    app.clock.advance(61);
    expect(await signs(thief, wallet)).toBe(true);
  });

  it('is settled again for each later merge, by those who came with it alone', async () => {
    const { thief, victim, wallet } = await aMergedWallet();
    const { session: own, wallet: second } = await anEmbeddedWallet(app, game);
    expect((await settle(victim)).status).toBe(204);
    app.clock.advance(1);
    await mergeAccounts(app, game, own, thief);

    expect([await signs(own, wallet), await signs(victim, wallet)]).toEqual([false, false]);
    expectProblem(await settle(own), 409, 'wallet.came_by_merge');
    expectProblem(await settle(thief), 409, 'wallet.came_by_merge');
    expect([await signs(own, second), await signs(victim, second), await signs(thief, second)]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await settle(victim)).status).toBe(204);
    expect(await signs(own, wallet)).toBe(true);
    expect(await signs(thief, second)).toBe(false);
  });

  it('is not settled by an identity that was linked a moment before', async () => {
    const { session: victim, wallet } = await anEmbeddedWallet(app, game);
    const mole = aPerson();
    await linkIdentity(app, game, victim, { person: mole });
    const thief = await signInPerson(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, thief, await signInAgain(victim));
    const moleSession = await signInPerson(app, game, mole);
    expect(moleSession.userId).toBe(thief.userId);

    expectProblem(await settle(moleSession), 409, 'wallet.came_by_merge');
    expect((await settle(victim)).status).toBe(204);
    expect(await signs(moleSession, wallet)).toBe(false);
    expect(await signs(victim, wallet)).toBe(true);
  });

  it('is neither granted nor unfrozen by the other side while it waits', async () => {
    const { session: victim, wallet } = await anEmbeddedWallet(app, game);
    expect((await victim.post(`/v1/wallets/${wallet.walletId}/freeze`)).status).toBe(204);
    const thief = await signInPerson(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, thief, victim);
    const shop = await aWalletApplication(app);

    const atShop = await steppedUpFor(app, shop, await signInPerson(app, shop, thief.person), 'wallet.grant');
    const grant = withGrant(atShop.post('/v1/wallets/embedded', { chain: 'evm' }), atShop.grant);
    expectProblem(await grant, 409, 'wallet.came_by_merge');
    const stepped = await steppedUpFor(app, game, thief, 'wallet.unfreeze');
    const unfreeze = withGrant(stepped.delete(`/v1/wallets/${wallet.walletId}/freeze`), stepped.grant);
    expectProblem(await unfreeze, 409, 'wallet.came_by_merge');

    expect(await grantsOf(thief, wallet)).toEqual([game.applicationId]);
    // What an identity that came would make stays with the account that it came to.
    const came = await signInAgain(victim);
    expectProblem(await came.post('/v1/wallets/embedded', { chain: 'ton' }), 409, 'wallet.came_by_merge');
    expect((await settle(victim)).status).toBe(204);
    const freed = await steppedUpFor(app, game, await signInAgain(victim), 'wallet.unfreeze');
    const end = withGrant(freed.delete(`/v1/wallets/${wallet.walletId}/freeze`), freed.grant);
    expect((await end).status).toBe(204);
  });
});

describe('a separation', () => {
  it('gives a wallet back with the applications that it had, and what it signed', async () => {
    const { session: victim, wallet } = await anEmbeddedWallet(app, game);
    expect(await signs(victim, wallet)).toBe(true);
    const thief = await signInPerson(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, thief, victim);
    expect((await settle(victim)).status).toBe(204);
    // In those days another application gets it, and the earlier one is taken away.
    const shop = await aWalletApplication(app);
    const atShop = await steppedUpFor(app, shop, await signInPerson(app, shop, thief.person), 'wallet.grant');
    const granted = await withGrant(atShop.post('/v1/wallets/embedded', { chain: 'evm' }), atShop.grant);
    expect(granted.status).toBe(200);
    const path = `/v1/wallets/${wallet.walletId}`;
    expect((await thief.delete(`${path}/grants/${game.applicationId}`)).status).toBe(204);
    expect(await grantsOf(thief, wallet)).toEqual([shop.applicationId]);
    app.clock.advance(1);

    await separate(app, game, victim.person);

    const back = await signInAgain(victim);
    expect(await grantsOf(back, wallet)).toEqual([game.applicationId]);
    expect(await signs(back, wallet)).toBe(true);
    expect(await walletsOf(await signInAgain(thief))).toEqual([]);
    expectProblem(await askForToken(await signInAgain(thief), wallet), 404, 'wallet.not_found');
    const shopping = await signInPerson(app, shop, victim.person);
    expectProblem(await askForToken(shopping, wallet), 403, 'wallet.not_granted');
    const trail = await app.database.query<{ action: string; actor: string; applicationId: string }>(
      `SELECT action, actor, application_id AS "applicationId" FROM audit_records
       WHERE subject = $1 AND actor = 'system' ORDER BY action`,
      [wallet.walletId],
    );
    expect(trail).toEqual([
      { action: 'wallet.granted', actor: 'system', applicationId: game.applicationId },
      { action: 'wallet.ungranted', actor: 'system', applicationId: shop.applicationId },
    ]);
    const asked = await steppedUpFor(app, game, back, 'account.export');
    const { text } = await withGrant(asked.get('/v1/me/export'), asked.grant);
    const acts = readExport(text).sections['walletActs']?.items ?? [];
    expect(acts.map(({ isReadable, details }) => [isReadable, details === null])).toEqual([
      [true, false],
      [true, false],
    ]);
  });

  it('has exactly the grants of before, however parallel a merge and a grant are', async () => {
    for (const round of times(5, (index) => index)) {
      const { session: victim, wallet } = await anEmbeddedWallet(app, game);
      const shop = await aWalletApplication(app);
      const atShop = await signInPerson(app, shop, victim.person);
      const stepped = await steppedUpFor(app, shop, atShop, 'wallet.grant');
      const thief = await signInPerson(app, game);
      const accept = await acceptance(app, game, thief, victim);
      const grant = async () =>
        (round % 2 ? app : replica).http
          .post('/v1/wallets/embedded')
          .set('authorization', `Bearer ${stepped.accessToken}`)
          .set('x-step-up-grant', stepped.grant)
          .send({ chain: 'evm' });

      const [merged, granted] = await Promise.all(
        round < 3 ? [accept(), grant()] : [grant().then(() => accept()), grant()],
      );

      expect(merged.status).toBe(200);
      const hasShop = round < 3 ? granted.status === 200 : null;
      const inDays = await grantsOf(thief, wallet);
      if (hasShop !== null) expect(inDays.includes(shop.applicationId)).toBe(hasShop);
      app.clock.advance(1);
      await separate(app, game, victim.person);
      expect(await grantsOf(await signInAgain(victim), wallet)).toEqual(inDays);
      expect(await walletsOf(await signInAgain(thief))).toEqual([]);
    }
  });

  it('leaves the wallets of the account that stays, with their grants', async () => {
    const { session: own, wallet } = await anEmbeddedWallet(app, game);
    const { session: victim } = await anEmbeddedWallet(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, own, victim);
    expect((await embed(own)).walletId).toBe(wallet.walletId);
    const shop = await aWalletApplication(app);
    const atShop = await steppedUpFor(app, shop, await signInPerson(app, shop, own.person), 'wallet.grant');
    const granted = await withGrant(atShop.post('/v1/wallets/embedded', { chain: 'evm' }), atShop.grant);
    expect(granted.body).toMatchObject({ walletId: wallet.walletId });
    app.clock.advance(1);

    await separate(app, game, victim.person);

    const again = await signInAgain(own);
    expect(await grantsOf(again, wallet)).toEqual([game.applicationId, shop.applicationId]);
    expect(await signs(again, wallet)).toBe(true);
  });
});
