import type request from 'supertest';
import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { RecoveryUpkeep } from '@countersign/embedded-wallets';
import { mergeAccounts } from '../support/accounts';
import {
  askForToken,
  aWalletApplication,
  embed,
  environmentOf,
  signWith,
  tokenFor,
  useCustody,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { walletsOf } from '../support/linked-wallets';
import { signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';
import {
  acceptRecovery,
  aLostWallet,
  anOpenRecovery,
  makeRecoverySecret,
  RECOVERIES,
  recoveriesOf,
  RECOVERY_SECRET,
  recoverWith,
  type LostWallet,
} from '../support/wallet-recoveries';

const HOURS_72 = 72 * 3_600;

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const replica = useReplica(app);
const countersign = useCountersign(app, {
  get CUSTODY_SOCKET() {
    return custody.socket;
  },
});
const game = useFixture(() => aWalletApplication(app));

const again = (session: PersonSession): Promise<PersonSession> => signInPerson(app, game, session.person);
const open = () => anOpenRecovery(app, { demo: game });

async function ready(): Promise<LostWallet & { readonly recoveryId: string }> {
  const lost = await open();
  app.clock.advance(HOURS_72);
  const [asker, session] = [await again(lost.asker), await again(lost.old.session)];
  return { ...lost, asker, old: { ...lost.old, session } };
}

/** Calls that are stepped up already, so that they can run at once. */
async function steppedCalls(lost: LostWallet, count: number): Promise<(() => request.Test)[]> {
  const calls: (() => request.Test)[] = [];
  for (let index = 0; index < count; index += 1) {
    const { accessToken, grant } = await steppedUpFor(app, game, lost.asker, 'wallet.recover');
    calls.push(() =>
      withGrant((index % 2 ? app : replica).http.post(RECOVERIES), grant)
        .set('authorization', `Bearer ${accessToken}`)
        .send({ secret: lost.secret }),
    );
  }
  return calls;
}

const addressesOf = async (session: PersonSession) =>
  (await walletsOf(session)).map(({ address }) => address).toSorted();

describe('a recovery by the secret', () => {
  it('moves all wallets after 72 hours, with their keys, and nothing of the old account acts with them', async () => {
    const lost = await aLostWallet(app, { demo: game });
    const { secret, old } = lost;
    const ton = await embed(old.session, 'ton');
    const shop = await aWalletApplication(app);
    const inShop = await signInPerson(app, shop, old.session.person);
    const granting = await steppedUpFor(app, shop, inShop, 'wallet.grant');
    const granted = await withGrant(granting.post('/v1/wallets/embedded', { chain: 'evm' }), granting.grant);
    expect(granted.status).toBe(200);

    expectProblem(await lost.asker.post(RECOVERIES, { secret }), 403, 'account.step_up_required');
    const pending = await recoverWith(app, lost, lost.asker);
    expectProblem(pending, 409, 'wallet.recovery_pending');
    const readyAt = new Date(app.clock.now().getTime() + HOURS_72 * 1_000).toISOString();
    expect(pending.headers['retry-after']).toBe(String(HOURS_72));
    expect((pending.body as { detail: string }).detail).toContain(readyAt);
    expect(await recoveriesOf(old.session)).toMatchObject([{ isOwn: false, state: 'waiting', readyAt }]);

    app.clock.advance(HOURS_72 - 1);
    const [asker, owner] = [await again(lost.asker), await again(old.session)];
    // Without a step-up: only what opens or completes it asks for one.
    const early = await asker.post(RECOVERIES, { secret });
    expectProblem(early, 409, 'wallet.recovery_pending');
    expect(early.headers['retry-after']).toBe('1');
    app.clock.advance(1);
    const walletToken = await tokenFor(owner, old.wallet);
    expectProblem(await asker.post(RECOVERIES, { secret }), 403, 'account.step_up_required');

    const done = await recoverWith(app, lost, asker);

    expect({ status: done.status, body: done.body as unknown }).toMatchObject({
      status: 200,
      body: { state: 'done', isOwn: true },
    });
    expect(await addressesOf(asker)).toEqual([old.wallet.address, ton.address].toSorted());
    expect((await signWith(asker, old.wallet, await tokenFor(asker, old.wallet))).status).toBe(200);
    const state = await asker.get(`/v1/wallets/${old.wallet.walletId}/embedded`);
    expect((state.body as { grants: unknown[] }).grants).toMatchObject([
      { applicationId: game.applicationId },
    ]);

    expect(await walletsOf(owner)).toEqual([]);
    expectProblem(await signWith(owner, old.wallet, walletToken), 404, 'wallet.not_found');
    expectProblem(await signWith(asker, old.wallet, walletToken), 403, 'wallet.token_invalid');
    const path = `/v1/wallets/${old.wallet.walletId}`;
    for (const answer of [
      await askForToken(owner, old.wallet),
      await owner.get(`${path}/embedded`),
      await owner.post(`${path}/freeze`),
      await owner.post(`${path}/export`, { walletToken }),
      await owner.delete(`${path}/grants/${game.applicationId}`),
    ])
      expectProblem(answer, 404, 'wallet.not_found');
    expectProblem(await recoverWith(app, lost, asker), 403, 'wallet.recovery_secret_wrong');
    const fresh = await embed(owner);
    expect(fresh.address).not.toBe(old.wallet.address);
    expect((await asker.post('/v1/wallets/embedded', { chain: 'evm' })).body).toMatchObject({
      walletId: old.wallet.walletId,
    });
  });

  it('is done at once where the old account accepts after a step-up', async () => {
    const lost = await open();
    const [path, body] = [`${RECOVERIES}/accept`, { recoveryId: lost.recoveryId }];
    expectProblem(await lost.old.session.post(path, body), 403, 'account.step_up_required');
    expectProblem(await lost.asker.post(path, body), 404, 'wallet.recovery_not_found');

    await acceptRecovery(app, lost);

    expect(await recoveriesOf(lost.asker)).toMatchObject([{ state: 'accepted' }]);
    expect((await recoverWith(app, lost, lost.asker)).status).toBe(200);
    expect(await addressesOf(lost.asker)).toEqual([lost.old.wallet.address]);
  });

  it('leaves a frozen wallet frozen, and waits while all are stopped', async () => {
    const lost = await ready();
    const path = `/v1/wallets/${lost.old.wallet.walletId}/freeze`;
    expect((await lost.old.session.post(path)).status).toBe(204);
    await countersign.json('wallet stop --reason ticket-1');
    expectProblem(await recoverWith(app, lost, lost.asker), 403, 'wallet.acts_stopped');
    await countersign.json('wallet release --reason ticket-2');

    expect((await recoverWith(app, lost, lost.asker)).status).toBe(200);

    expectProblem(await askForToken(lost.asker, lost.old.wallet), 409, 'wallet.frozen');
  });

  it('waits while an operator has frozen a wallet of the old account', async () => {
    const lost = await ready();
    await countersign.json(`wallet freeze ${lost.old.wallet.walletId} --reason ticket-3`);

    expectProblem(await recoverWith(app, lost, lost.asker), 409, 'wallet.frozen');

    await countersign.json(`wallet unfreeze ${lost.old.wallet.walletId} --reason ticket-4`);
    expect((await recoverWith(app, lost, lost.asker)).status).toBe(200);
  });

  it('gives nothing to an account that is about to be erased', async () => {
    const lost = await ready();
    const [call] = await steppedCalls(lost, 1);
    const weak = await signInByWidget(app, game, lost.asker.person);
    expect((await weak.delete(`/v1/me?confirm=${weak.userId}`)).status).toBe(202);

    const answer = await call?.();
    expectProblem(answer as request.Response, 403, 'user.erasure_pending');

    expect(await addressesOf(lost.old.session)).toEqual([lost.old.wallet.address]);
  });

  it('gives nothing to a session whose identity was attached a short time ago', async () => {
    const lost = await ready();
    const joined = await signInPerson(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, lost.asker, joined);
    const arrived = await signInPerson(app, game, joined.person);

    expectProblem(await recoverWith(app, lost, arrived), 409, 'wallet.came_by_merge');
  });

  it('stays the primary one of an account that has wallets already', async () => {
    const lost = await ready();
    const own = await embed(lost.asker);

    expect((await recoverWith(app, lost, lost.asker)).status).toBe(200);

    const primary = (await walletsOf(lost.asker)).filter(({ isPrimary }) => isPrimary);
    expect(primary.map(({ walletId }) => walletId)).toEqual([own.walletId]);
    expect(await addressesOf(lost.asker)).toEqual([own.address, lost.old.wallet.address].toSorted());
  });

  it('moves the wallets once, however parallel the calls of two replicas', async () => {
    const lost = await ready();
    const calls = await steppedCalls(lost, 6);

    const answers = await Promise.all(calls.map((call) => call()));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200))
      expectProblem(answer, 403, 'wallet.recovery_secret_wrong');
    const moves = await app.database.query(
      `SELECT 1 FROM audit_records WHERE action = 'wallet.recovered' AND subject = $1`,
      [lost.old.wallet.walletId],
    );
    expect(moves).toHaveLength(1);
  });

  it('is opened once, however parallel the calls', async () => {
    const lost = await aLostWallet(app, { demo: game });
    const calls = await steppedCalls(lost, 4);

    for (const answer of await Promise.all(calls.map((call) => call())))
      expectProblem(answer, 409, 'wallet.recovery_pending');

    expect(await recoveriesOf(lost.asker)).toHaveLength(1);
  });
});

describe('a thief of the secret', () => {
  it('gets nothing where the old account refuses, without a step-up, and the secret is used up', async () => {
    const lost = await open();
    app.clock.advance(HOURS_72 - 1);
    const [thief, owner] = [await again(lost.asker), await again(lost.old.session)];
    const [path, body] = [`${RECOVERIES}/refuse`, { recoveryId: lost.recoveryId }];
    expectProblem(await thief.post(path, body), 404, 'wallet.recovery_not_found');

    expect((await owner.post(path, body)).status).toBe(204);

    app.clock.advance(1);
    expectProblem(await recoverWith(app, lost, thief), 403, 'wallet.recovery_secret_wrong');
    expectProblem(await owner.post(path, body), 404, 'wallet.recovery_not_found');
    expect(await recoveriesOf(owner)).toEqual([]);
    expect(await recoveriesOf(thief)).toMatchObject([{ state: 'refused' }]);
    expect(await addressesOf(owner)).toEqual([lost.old.wallet.address]);
    expect(await addressesOf(thief)).toEqual([]);
  });

  it('gets all wallets or none where the refusal meets the completion', async () => {
    for (let round = 0; round < 5; round += 1) {
      const lost = await ready();
      const [call] = await steppedCalls(lost, 1);
      const [refused, completed] = await Promise.all([
        lost.old.session.post(`${RECOVERIES}/refuse`, { recoveryId: lost.recoveryId }),
        call?.(),
      ]);

      const isMoved = completed?.status === 200;
      expect(refused.status).toBe(isMoved ? 404 : 204);
      expect(await addressesOf(lost.asker)).toEqual(isMoved ? [lost.old.wallet.address] : []);
      expect(await addressesOf(lost.old.session)).toEqual(isMoved ? [] : [lost.old.wallet.address]);
    }
  });

  it('is stopped by another secret too, and cannot take the turn of another account', async () => {
    const lost = await open();
    const other = await signInPerson(app, game);
    expectProblem(await recoverWith(app, lost, other), 409, 'wallet.recovery_by_another');

    const secret = await makeRecoverySecret(app, game, lost.old.session);

    expectProblem(await recoverWith(app, lost, lost.asker), 403, 'wallet.recovery_secret_wrong');
    expectProblem(await recoverWith(app, { demo: game, secret }, other), 409, 'wallet.recovery_pending');
    const stepped = await steppedUpFor(app, game, lost.old.session, 'wallet.make_recovery_secret');
    expect((await withGrant(stepped.delete(RECOVERY_SECRET), stepped.grant)).status).toBe(204);
    expectProblem(await recoverWith(app, { demo: game, secret }, other), 403, 'wallet.recovery_secret_wrong');
  });

  it('does not wait for an account that an operator deactivated', async () => {
    const lost = await ready();
    await countersign.json(`user set ${lost.old.session.userId} --status deactivated`);

    expectProblem(await recoverWith(app, lost, lost.asker), 403, 'wallet.recovery_secret_wrong');
  });

  it('takes no wallet that came by a merge before the merge can no longer be undone', async () => {
    const lost = await aLostWallet(app, { demo: game });
    const victim = await signInPerson(app, game);
    await embed(victim);
    app.clock.advance(1);
    await mergeAccounts(app, game, lost.old.session, victim);
    expectProblem(await recoverWith(app, lost, lost.asker), 409, 'wallet.recovery_pending');
    const [asked] = await recoveriesOf(lost.asker);
    await acceptRecovery(app, { ...lost, recoveryId: asked?.recoveryId ?? '' });

    expectProblem(await recoverWith(app, lost, lost.asker), 409, 'wallet.came_by_merge');
  });
});

describe('a thief of a session', () => {
  it('makes, removes and accepts nothing without a step-up, and asks for nothing', async () => {
    const lost = await open();
    const stolen = lost.old.session;
    app.clock.advance(301);

    for (const answer of [
      await stolen.put(RECOVERY_SECRET, {}),
      await stolen.delete(RECOVERY_SECRET),
      await stolen.post(`${RECOVERIES}/accept`, { recoveryId: lost.recoveryId }),
    ])
      expectProblem(answer, 403, 'account.step_up_required');
    const other = await aLostWallet(app, { demo: game });
    app.clock.advance(301);
    expectProblem(
      await lost.asker.post(RECOVERIES, { secret: other.secret }),
      403,
      'account.step_up_required',
    );
    app.clock.advance(HOURS_72);
    const asker = await again(lost.asker);
    expectProblem(await asker.post(RECOVERIES, { secret: lost.secret }), 403, 'account.step_up_required');
  });
});

describe('a recovery secret', () => {
  it('is wrong in one way, and a typing error is shown', async () => {
    const one = await aLostWallet(app, { demo: game });
    const { asker } = one;
    const replaced = one.secret;
    await makeRecoverySecret(app, game, one.old.session);
    const unknown = '0000-0000-0000-0000-0000-0000-000A-PRKS';
    const mistyped = `${replaced.slice(0, -1)}${replaced.endsWith('0') ? '1' : '0'}`;

    expectProblem(
      await recoverWith(app, { demo: game, secret: replaced }, asker),
      403,
      'wallet.recovery_secret_wrong',
    );
    for (const secret of [mistyped, unknown.slice(0, -1), 'x'])
      expectProblem(await asker.post(RECOVERIES, { secret }), 400, 'wallet.recovery_secret_mistyped');
    expectProblem(await asker.post(RECOVERIES, { secret: 7 }), 400, 'request.invalid');
  });

  it('is good as a person types it, and not for its own account or an application without wallets', async () => {
    const lost = await aLostWallet(app, { demo: game });
    const typed = lost.secret.toLowerCase().replaceAll('-', ' ');

    expectProblem(await recoverWith(app, lost, lost.old.session), 409, 'wallet.recovery_of_own_account');
    expectProblem(
      await recoverWith(app, { ...lost, secret: typed }, lost.asker),
      409,
      'wallet.recovery_pending',
    );
    const plain = await signInPerson(app, await app.createApplication());
    expectProblem(await plain.post(RECOVERIES, { secret: typed }), 403, 'wallet.embedded_off');
    expectProblem(await plain.put(RECOVERY_SECRET, {}), 403, 'wallet.embedded_off');
  });

  it('is not in the database, in the log or in an event, nor is an address', async () => {
    const lost = await ready();
    expect((await recoverWith(app, lost, lost.asker)).status).toBe(200);
    const secret = await makeRecoverySecret(app, game, lost.asker);

    const tables = await app.database.query<{ name: string }>(
      `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const dump = JSON.stringify(
      await Promise.all(tables.map(({ name }) => app.database.query(`SELECT t::text FROM ${name} t`))),
    );
    const { address } = lost.old.wallet;
    for (const clear of [lost.secret, secret, secret.replaceAll('-', ''), address, address.toLowerCase()]) {
      expect(dump).not.toContain(clear);
      expect(app.logLines.join('\n')).not.toContain(clear);
    }
  });
});

describe('a recovery', () => {
  it('ends with the erasure of the old account', async () => {
    const lost = await open();
    const forfeited = `forfeitWallets=${lost.old.wallet.walletId}`;
    await lost.old.session.delete(`/v1/me?confirm=${lost.old.session.userId}&${forfeited}`);
    expectProblem(await recoverWith(app, lost, lost.asker), 403, 'wallet.recovery_secret_wrong');
    await app.nest
      .get(ErasureCompletion)
      .complete(lost.old.session.userId, new Date(app.clock.now().getTime() + 8 * DAY));

    expect(await recoveriesOf(lost.asker)).toEqual([]);
    expectProblem(await recoverWith(app, lost, lost.asker), 403, 'wallet.recovery_secret_wrong');
  });

  it('ends with a merge of either account, and is deleted 30 days after it ended', async () => {
    const ids: string[] = [];
    for (const side of ['asker', 'old'] as const) {
      const lost = await open();
      ids.push(lost.recoveryId);
      const session = side === 'old' ? lost.old.session : lost.asker;
      const survivor = await signInPerson(app, game);
      app.clock.advance(1);
      await mergeAccounts(app, game, survivor, session);

      const [other] = await recoveriesOf(side === 'old' ? lost.asker : survivor);
      expect(other).toMatchObject({ state: 'ended', recoveryId: lost.recoveryId });
    }
    const stored = () => app.database.query('SELECT 1 FROM wallet_recoveries WHERE id = ANY($1)', [ids]);
    app.clock.advance((29 * DAY) / 1_000);
    const upkeep = app.nest.get(RecoveryUpkeep);
    await upkeep.run();
    expect(await stored()).toHaveLength(2);
    app.clock.advance((2 * DAY) / 1_000);
    expect(await upkeep.run()).toBeGreaterThan(0);
    expect(await stored()).toEqual([]);
  });

  it('appears in the export of both accounts', async () => {
    const lost = await open();
    for (const [session, isOwn] of [
      [lost.asker, true],
      [lost.old.session, false],
    ] as const) {
      const stepped = await steppedUpFor(app, game, session, 'account.export');
      const { body } = await withGrant(stepped.get('/v1/me/export'), stepped.grant);
      const { sections } = body as { sections: Record<string, { items: unknown[] }> };
      expect(sections['walletRecoveries']?.items).toMatchObject([{ isOwn, recoveryId: lost.recoveryId }]);
      expect(sections['walletRecoverySecrets']?.items).toHaveLength(isOwn ? 0 : 1);
    }
  });
});
