import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { WalletDestruction } from '@countersign/embedded-wallets';
import { aPerson } from '../factories';
import { mergeAccounts } from '../support/accounts';
import {
  askForToken,
  aWalletApplication,
  anEmbeddedWallet,
  environmentOf,
  HELLO,
  signWith,
  tokenFor,
  tokenForExport,
  useCustody,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import { signInPerson } from '../support/person-session';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const game = useFixture(() => aWalletApplication(app));

const destroyed = (walletId: string): Promise<unknown> =>
  custody.client.describe(walletId).then(
    () => false,
    (error: unknown) => (error as { code: string }).code,
  );

describe('an identity that was attached', () => {
  it('does nothing with the wallets of the account until it cannot be separated any more', async () => {
    const victim = await anEmbeddedWallet(app, game);
    const thief = await signInPerson(app, game);
    app.clock.advance(1);
    await mergeAccounts(app, game, victim.session, thief);
    expect((await victim.session.post(`/v1/wallets/${victim.wallet.walletId}/freeze`)).status).toBe(204);

    const attached = await signInPerson(app, game, thief.person);

    expect(attached.userId).toBe(victim.session.userId);
    const stepped = await steppedUpFor(app, game, attached, 'wallet.unfreeze');
    const unfreeze = stepped.delete(`/v1/wallets/${victim.wallet.walletId}/freeze`);
    expectProblem(await withGrant(unfreeze, stepped.grant), 409, 'wallet.came_by_merge');
    const own = await steppedUpFor(app, game, victim.session, 'wallet.unfreeze');
    const end = own.delete(`/v1/wallets/${victim.wallet.walletId}/freeze`);
    expect((await withGrant(end, own.grant)).status).toBe(204);
    expectProblem(await askForToken(attached, victim.wallet), 409, 'wallet.came_by_merge');
    expect((await askForToken(victim.session, victim.wallet)).status).toBe(201);
  });
});

describe('an identity of a test environment', () => {
  it('acts with no wallet of production, nor unfreezes one', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const walletToken = await tokenFor(session, wallet);
    const path = `/v1/wallets/${wallet.walletId}/freeze`;
    const setEnvironment = (environment: string) =>
      app.database.query('UPDATE identities SET environment = $2 WHERE user_id = $1', [
        session.userId,
        environment,
      ]);
    await setEnvironment('test');

    expectProblem(await askForToken(session, wallet), 404, 'wallet.not_found');
    expectProblem(await signWith(session, wallet, walletToken), 404, 'wallet.not_found');
    expect((await session.post(path)).status).toBe(204);
    expectProblem(await session.delete(path), 404, 'wallet.not_found');

    await setEnvironment('production');
    const stepped = await steppedUpFor(app, game, session, 'wallet.unfreeze');
    expect((await withGrant(stepped.delete(path), stepped.grant)).status).toBe(204);
    expect((await signWith(session, wallet, walletToken)).status).toBe(200);
  });
});

describe('the export of an account', () => {
  it('has its embedded wallets, their applications, and what each act signed', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const { wallet: foreign } = await anEmbeddedWallet(app, game);
    const { walletId } = wallet;
    await signWith(session, wallet, await tokenFor(session, wallet));
    await tokenFor(session, wallet, { ...HELLO, request: { message: 'Never', encoding: 'text' } });
    const { stepped, walletToken } = await tokenForExport(app, game, session, wallet);
    expect((await stepped.post(`/v1/wallets/${walletId}/export`, { walletToken })).status).toBe(200);
    expect((await session.post(`/v1/wallets/${walletId}/freeze`)).status).toBe(204);
    const asked = await steppedUpFor(app, game, session, 'account.export');

    const answer = await withGrant(asked.get('/v1/me/export'), asked.grant);

    const { sections } = readExport(answer.text);
    const { applicationId } = game;
    const at = expect.any(String) as unknown;
    expect(sections['embeddedWallets']?.items).toEqual([
      {
        ...{ walletId, environment: 'production', provider: 'ethereum' },
        ...{ createdAt: at, exportedAt: at, frozenAt: at, frozenBy: 'person' },
      },
    ]);
    expect(sections['walletGrants']?.items).toEqual([{ walletId, applicationId, grantedAt: at }]);
    const of = { actId: at, walletId, applicationId, isReadable: true };
    const said = (text: string) =>
      expect.objectContaining({ text, address: wallet.address.toLowerCase() }) as unknown;
    const { sessionId } = session;
    expect(sections['walletActs']?.items).toEqual([
      { ...of, sessionId, act: HELLO.act, allowedAt: at, doneAt: at, details: said('Hello') },
      { ...of, sessionId, act: HELLO.act, allowedAt: null, doneAt: null, details: said('Never') },
      { ...of, sessionId: stepped.sessionId, act: 'export', allowedAt: at, doneAt: at, details: null },
    ]);
    expect(answer.text).not.toContain(foreign.walletId);
    expect(answer.text).not.toContain(walletToken);
  });

  it('has all acts of several pages, and says whose details were changed from outside', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    await tokenFor(session, wallet);
    // What is sealed for one row does not open in another.
    await app.database.query(
      `INSERT INTO wallet_acts SELECT (clone).* FROM (
         SELECT jsonb_populate_record(a, jsonb_build_object(
           'id', gen_random_uuid(), 'token_digest', '\\x' || md5(n::text))) AS clone
         FROM wallet_acts a, generate_series(1, 450) n WHERE wallet_id = $1) AS clones`,
      [wallet.walletId],
    );
    const asked = await steppedUpFor(app, game, session, 'account.export');

    const answer = await withGrant(asked.get('/v1/me/export'), asked.grant);

    const acts = readExport(answer.text).sections['walletActs']?.items ?? [];
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
    app.clock.advance(DAY / 1_000 + 1);

    expect(await app.nest.get(WalletDestruction).run()).toBe(1);

    const again = await signInPerson(app, game, session.person);
    expect((await again.post('/v1/wallets/embedded', { chain: 'ton' })).status).toBe(201);
  });
});
