import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/runtime';
import { WalletDestruction, WalletExports } from '@countersign/embedded-wallets';
import { aPerson, times } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { OPEN_RULES } from '../support/custody';
import {
  acceptedExport,
  askForAct,
  aWalletApplication,
  anEmbeddedWallet,
  embed,
  environmentOf,
  exportWords,
  HELLO,
  perform,
  actFor,
  useCustody,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { aSteppedUp, walletSession, walletsOf, type WalletBody } from '../support/linked-wallets';
import { anOperator } from '../support/operator';
import { isLive, signInPerson, type PersonSession } from '../support/person-session';
import { acceptance, join, steppedUpFor, withGrant } from '../support/relaunch';
import { useCountersign } from '../support/run-countersign';
import { separate } from '../support/separations';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

const DAY_SECONDS = DAY / 1_000;

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const replica = useReplica(app);
const countersign = useCountersign(app);
const game = useFixture(() =>
  aWalletApplication(app, {}, { origins: [SITE], more: { wallets: { createsAccounts: true } } }),
);

const destroyed = (walletId: string): Promise<unknown> =>
  custody.client.describe(walletId).then(
    () => false,
    (error: unknown) => (error as { code: string }).code,
  );

const NOT_EXPORTED = 'account.forfeit_not_named';

const idsOf = (...wallets: readonly Pick<WalletBody, 'walletId'>[]) =>
  wallets.map(({ walletId }) => walletId).join(',');

function erase(session: PersonSession, forfeit?: string) {
  const query = new URLSearchParams({ confirm: session.userId });
  if (forfeit !== undefined) query.set('forfeit', forfeit);
  return session.delete(`/v1/me?${query.toString()}`);
}

describe('an identity that was attached', () => {
  it('does nothing with the wallets of the account until it cannot be separated any more', async () => {
    const victim = await anEmbeddedWallet(app, game);
    const thief = await signInPerson(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, victim.session, thief);

    const attached = await signInPerson(app, game, thief.person);

    expect(attached.userId).toBe(victim.session.userId);
    expectProblem(await askForAct(attached, victim.wallet), 409, 'wallet.came_by_merge');
    expect((await askForAct(victim.session, victim.wallet)).status).toBe(201);
  });
});

describe('an identity of a test environment', () => {
  it('acts with no wallet of production, and may freeze it', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const actId = await actFor(session, wallet);
    const path = `/v1/wallets/${wallet.walletId}/freeze`;
    const setEnvironment = (environment: string) =>
      app.database.query('UPDATE identities SET environment = $2 WHERE user_id = $1', [
        session.userId,
        environment,
      ]);
    await setEnvironment('test');

    expectProblem(await askForAct(session, wallet), 404, 'wallet.not_found');
    expectProblem(await perform(session, wallet, actId), 404, 'wallet.not_found');
    expect((await session.post(path)).status).toBe(204);

    await setEnvironment('production');
    expect(custody.command('unfreeze', wallet.walletId)).toMatch(/^0: /);
    expect((await perform(session, wallet, actId)).status).toBe(200);
  });
});

describe('the export of an account', () => {
  it('has its embedded wallets, and what each act signed', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const { wallet: foreign } = await anEmbeddedWallet(app, game);
    const { walletId } = wallet;
    await perform(session, wallet, await actFor(session, wallet));
    await actFor(session, wallet, { ...HELLO, request: { message: 'Never', encoding: 'text' } });
    await exportWords(app, custody, session, wallet);
    expect((await session.post(`/v1/wallets/${walletId}/freeze`)).status).toBe(204);
    const asked = await steppedUpFor(app, game, session, 'account.export');

    const answer = await withGrant(asked.get('/v1/me/export'), asked.grant);

    const { sections } = readExport(answer.text);
    const { applicationId } = game;
    const at = expect.any(String) as unknown;
    expect(sections['embeddedWallets']?.items).toEqual([
      {
        ...{ walletId, environment: 'production', provider: 'ethereum' },
        ...{ createdAt: at, exportedAt: at },
      },
    ]);
    const of = { actId: at, walletId, applicationId, isReadable: true };
    const said = (text: string) =>
      expect.objectContaining({ text, address: wallet.address.toLowerCase() }) as unknown;
    const { sessionId } = session;
    expect(sections['walletActs']?.items.filter(({ kind }) => kind !== 'bind')).toEqual([
      {
        ...{ ...of, sessionId, kind: HELLO.kind, allowedAt: at, doneAt: at, details: said('Hello') },
        request: { chainId: HELLO.chainId, request: HELLO.request },
      },
      {
        ...{ ...of, sessionId, kind: HELLO.kind, allowedAt: null, doneAt: null, details: said('Never') },
        request: { chainId: HELLO.chainId, request: { message: 'Never', encoding: 'text' } },
      },
      { ...of, sessionId, kind: 'export', allowedAt: at, doneAt: at, request: null, details: null },
    ]);
    expect(answer.text).not.toContain(foreign.walletId);
  });

  it('has all acts of several pages, and says whose details were changed from outside', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    await actFor(session, wallet);
    // What is sealed for one row does not open in another.
    await app.database.query(
      `INSERT INTO wallet_acts SELECT (clone).* FROM (
         SELECT jsonb_populate_record(a, jsonb_build_object(
           'id', gen_random_uuid())) AS clone
         FROM wallet_acts a, generate_series(1, 450) n WHERE wallet_id = $1 AND a.kind <> 'bind') AS clones`,
      [wallet.walletId],
    );
    const asked = await steppedUpFor(app, game, session, 'account.export');

    const answer = await withGrant(asked.get('/v1/me/export'), asked.grant);

    const items = readExport(answer.text).sections['walletActs']?.items ?? [];
    const acts = items.filter(({ kind }) => kind !== 'bind');
    expect(new Set(acts.map(({ actId }) => actId)).size).toBe(451);
    expect(acts.filter(({ isReadable }) => isReadable)).toHaveLength(1);
  });
});

describe('an erased account', () => {
  it('leaves no key, also where custody is away at first', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game, { person: aPerson() });
    expect(await destroyed(wallet.walletId)).toBe(false);
    const forfeited = `confirm=${session.userId}&forfeit=${wallet.walletId}`;
    expect((await session.delete(`/v1/me?${forfeited}`)).status).toBe(202);
    await app.nest
      .get(ErasureCompletion)
      .complete(session.userId, new Date(app.clock.now().getTime() + 8 * DAY));
    await custody.kill();
    const job = app.nest.get(WalletDestruction);
    await expect(job.run()).rejects.toMatchObject({ code: 'wallet.custody_unavailable' });

    await custody.run();
    await custody.reload({ ...OPEN_RULES, destructionsPerHour: 0 });
    expect(await job.run()).toBe(0);
    await custody.reload(OPEN_RULES);
    expect(await job.run()).toBe(1);
    expect(await job.run()).toBe(0);

    expect(await destroyed(wallet.walletId)).toBe('wallet_destroyed');
    const rows = await app.database.query('SELECT 1 FROM embedded_wallets WHERE wallet_id = $1', [
      wallet.walletId,
    ]);
    expect(rows).toEqual([]);
  });
});

describe('a wallet that was asked for and never made', () => {
  it('is given up after a day, and can be asked for again', async () => {
    const session = await signInPerson(app, game);
    await custody.kill();
    expectProblem(
      await session.post('/v1/wallets/embedded', { chain: 'ton' }),
      503,
      'wallet.custody_unavailable',
    );
    await custody.run();
    app.clock.advance(DAY_SECONDS + 1);

    expect(await app.nest.get(WalletDestruction).run()).toBe(1);

    const again = await signInPerson(app, game, session.person);
    expect((await again.post('/v1/wallets/embedded', { chain: 'ton' })).status).toBe(201);
  });
});

describe('the erasure of an account with embedded wallets', () => {
  it('is refused until each is exported or named, and destroys the key of the named one', async () => {
    const { session, wallet: evm } = await anEmbeddedWallet(app, game);
    const ton = await embed(session, 'ton');

    const refused = await erase(session);

    expectProblem(refused, 409, NOT_EXPORTED);
    expect(refused.body).toMatchObject({ forfeit: idsOf(evm, ton) });
    expect((await session.get('/v1/me/erasure')).body).toMatchObject({
      forfeit: [evm.walletId, ton.walletId],
    });
    expectProblem(await erase(session, idsOf(evm)), 409, NOT_EXPORTED);
    await exportWords(app, custody, session, ton);
    await session.stepUp();
    const left = await erase(session);
    expectProblem(left, 409, NOT_EXPORTED);
    expect(left.body).toMatchObject({ forfeit: evm.walletId });
    expect(await isLive(app, session)).toBe(true);

    const asked = await erase(session, evm.walletId.toUpperCase());

    expect(asked.status).toBe(202);
    expect(await destroyed(evm.walletId)).toBe(false);
    app.clock.advance(7 * DAY_SECONDS + 1);
    expect(await app.nest.get(ErasureCompletion).run()).toBeGreaterThan(0);
    await app.nest.get(WalletDestruction).run();
    for (const { walletId } of [evm, ton]) expect(await destroyed(walletId)).toBe('wallet_destroyed');
  });

  it('takes no wallet of another person for one of the account', async () => {
    const other = await anEmbeddedWallet(app, game);
    const { session, wallet } = await anEmbeddedWallet(app, game);

    const refused = await erase(session, idsOf(other.wallet));

    expectProblem(refused, 409, NOT_EXPORTED);
    expect(refused.body).toMatchObject({ forfeit: wallet.walletId });
    for (const wrong of [
      '',
      'all',
      'true',
      `${wallet.walletId},`,
      times(101, () => wallet.walletId).join(','),
    ])
      expectProblem(await erase(session, wrong), 400, 'request.invalid');
    expect((await erase(session, idsOf(other.wallet, wallet))).status).toBe(202);
  });

  it('asks again where the words were asked for and not shown yet', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const show = await acceptedExport(custody, session, wallet);
    expect(await app.nest.get(WalletExports).run()).toBe(0);
    await session.stepUp();

    const left = await erase(session);
    expectProblem(left, 409, NOT_EXPORTED);
    expect(left.body).toMatchObject({ forfeit: wallet.walletId });

    await show();
    expect(await app.nest.get(WalletExports).run()).toBe(1);
    expect((await erase(session)).status).toBe(202);
  });

  it('never takes a wallet that is made meanwhile', async () => {
    for (let round = 0; round < 6; round += 1) {
      const session = await signInPerson(app, game);
      const make = async (index: number) =>
        (index % 2 ? app : replica).http
          .post('/v1/wallets/embedded')
          .set('authorization', `Bearer ${session.accessToken}`)
          .send({ chain: 'evm' });

      const [erased, ...made] = await Promise.all([erase(session), ...times(3, make)]);

      const answers = made.map(({ status, body }) => `${status} ${(body as { code?: string }).code ?? ''}`);
      const isMade = answers.some((answer) => /^20[01]/.test(answer));
      expect({ isMade, status: erased.status }).toEqual({ isMade, status: isMade ? 409 : 202 });
      expect(['200 ', '201 ', '401 session.ended', '403 user.erasure_pending']).toEqual(
        expect.arrayContaining([...new Set(answers)]),
      );
    }
  });
});

describe('an operator who erases an account with embedded wallets', () => {
  it('names them in the administration API, and at the command line', async () => {
    const operator = await anOperator(app, ['users:erase']);
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const path = `/v1/admin/users/${session.userId}/erase`;
    const reason = 'ticket-1';

    const refused = await operator.post(path, { reason });
    expectProblem(refused, 409, NOT_EXPORTED);
    expect(refused.body).toMatchObject({ forfeit: wallet.walletId });
    expect(await isLive(app, session)).toBe(true);
    expect((await operator.post(path, { reason, forfeit: [wallet.walletId] })).status).toBe(200);

    const other = await anEmbeddedWallet(app, game);
    const command = `user erase ${other.session.userId} --reason ${reason} --now`;
    const sentence = await countersign.failure(command);
    expect(sentence).toContain(NOT_EXPORTED);
    expect(sentence).toContain(`forfeit: ${other.wallet.walletId}`);
    expect(await countersign.json(`${command} --forfeit ${other.wallet.walletId}`)).toMatchObject({
      erasesAt: null,
    });
  });
});

describe('an account with an embedded wallet', () => {
  it('joins no other account, and keeps its wallet', async () => {
    const { session: owner, wallet } = await anEmbeddedWallet(app, game);
    const { session: other } = await anEmbeddedWallet(app, game);
    const bare = await signInPerson(app, game);
    app.clock.advance(1);

    for (const survivor of [other, bare])
      expectProblem(await join(app, game, survivor, owner), 409, 'account.cannot_join');

    const again = await signInPerson(app, game, owner.person);
    expect(again.userId).toBe(owner.userId);
    expect((await perform(again, wallet, await actFor(again, wallet))).status).toBe(200);
  });

  it('is not merged by a linked wallet either, and the proof is not used up', async () => {
    const linked = anEvmWallet();
    const owner = await walletSession(app, game, linked);
    const survivor = await aSteppedUp(app, game);
    expect((await owner.post('/v1/wallets/embedded', { chain: 'evm' })).status).toBe(201);

    const proof = await walletProof(survivor, linked, 'merge');

    expectProblem(await survivor.post('/v1/me/merges', proof), 409, 'account.cannot_join');
    expect((await walletSession(app, game, linked)).userId).toBe(owner.userId);
  });

  it('takes in another account, and has the same wallet then and after a separation', async () => {
    const { session: owner, wallet } = await anEmbeddedWallet(app, game);
    const other = await signInPerson(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, owner, other);
    expect((await embed(owner)).walletId).toBe(wallet.walletId);
    const came = await signInPerson(app, game, other.person);
    expect(came.userId).toBe(owner.userId);
    // What an identity that came would make stays with the account that it came to.
    expectProblem(await came.post('/v1/wallets/embedded', { chain: 'ton' }), 409, 'wallet.came_by_merge');
    expectProblem(await askForAct(came, wallet), 409, 'wallet.came_by_merge');

    await separate(app, game, other.person);

    const back = await signInPerson(app, game, other.person);
    expect(await walletsOf(back)).toEqual([]);
    const again = await signInPerson(app, game, owner.person);
    expect((await perform(again, wallet, await actFor(again, wallet))).status).toBe(200);
  });
});

describe('a merge while a wallet is created', () => {
  it('takes the account before the wallet is there, or is refused', async () => {
    const outcomes = new Set<string>();
    for (const round of times(12, (index) => index)) {
      const loser = await signInPerson(app, game);
      const survivor = await signInPerson(app, game);
      const accept = await acceptance(app, game, survivor, loser);
      const wait = (milliseconds: number) =>
        new Promise((resolve) => {
          setTimeout(resolve, milliseconds);
        });
      const create = async () => {
        await wait(round % 3 === 1 ? 5 * round : 0);
        return (round % 2 ? app : replica).http
          .post('/v1/wallets/embedded')
          .set('authorization', `Bearer ${loser.accessToken}`)
          .send({ chain: 'evm' });
      };
      const merge = async () => {
        await wait(round % 3 === 2 ? 5 * round : 0);
        return accept();
      };

      const [merged, created] = await Promise.all([merge(), create()]);

      const again = await signInPerson(app, game, loser.person);
      const isMerged = merged.status === 200;
      outcomes.add(`${merged.status} ${created.status}`);
      if (!isMerged) expectProblem(merged, 409, 'account.cannot_join');
      expect(again.userId).toBe(isMerged ? survivor.userId : loser.userId);
      expect({ isMerged, isCreated: created.status === 201 }).toEqual({ isMerged, isCreated: !isMerged });
      const owners = await app.database.query(
        `SELECT user_id AS owner FROM wallets WHERE kind = 'embedded' AND user_id = ANY($1)`,
        [[loser.userId, survivor.userId]],
      );
      expect(owners).toEqual(isMerged ? [] : [{ owner: loser.userId }]);
    }
    expect(outcomes.size).toBeGreaterThan(0);
  });
});
