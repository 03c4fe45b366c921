import { randomUUID } from 'node:crypto';
import { ErasureCompletion } from '@countersign/account';
import { DAY, Metrics } from '@countersign/runtime';
import { JournalSeal, WalletDestruction } from '@countersign/embedded-wallets';
import { anAct } from '../support/custody';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import {
  actFor,
  anEmbeddedWallet,
  aWalletApplication,
  exportWords,
  perform,
  useCustody,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { useTwoNodes } from '../support/fake-node';
import { Countersign } from '../support/run-countersign';
import { aFundedWallet, callSend, permit, replaceSend, send, sendingOn } from '../support/sends';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp, useTestDatabase } from '../support/use-test-app';

const REASON = 'a signature has no act of the API';

describeWithAnvil('the journal of custody, beside what the API allowed', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const database = useTestDatabase();
  const custody = useCustody();
  const app = useTestApp(() => ({ ...sendingOn(custody, [first.url, second.url]), database }));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send', 'sign-message', 'export'] }));
  const verified = () => new Countersign(app, { CUSTODY_SOCKET: custody.socket }).run('audit verify --json');
  const metric = async () => {
    await app.nest.get(JournalSeal).run();
    const text = await app.nest.get(Metrics).expose();
    return /^countersign_custody_signatures_without_act\{.*\} (\d+)$/m.exec(text)?.[1];
  };

  const compare = () => custody.compare(database.name);

  /** It compares where a test says so. */
  beforeEach(async () => {
    custody.comparedWith = null;
    await custody.restart();
  });

  it('has an act for each message, send, replacement and export, also of sends that were given up and of erased people', async () => {
    const { session, wallet } = await aFundedWallet(app, game, anvil);
    expect((await perform(session, wallet, await actFor(session, wallet))).status).toBe(200);
    await anvil.request('evm_setAutomine', [false]);
    const { sendId } = await send(session, wallet);
    expect((await replaceSend(session, wallet, sendId, 'speed-up')).status).toBe(200);
    expect((await replaceSend(session, wallet, sendId, 'cancel')).status).toBe(200);
    await anvil.request('evm_setAutomine', [true]);
    await exportWords(app, custody, session, wallet);

    // As where the API ends between the signature and the commit.
    const other = await aFundedWallet(app, game, anvil);
    const call = await permit(other.session, other.wallet);
    await database.query(`ALTER TABLE send_versions ADD CONSTRAINT chk_away CHECK (number = 0) NOT VALID`);
    expect((await callSend(other.session, other.wallet, call)).status).toBe(500);
    await database.query('ALTER TABLE send_versions DROP CONSTRAINT chk_away');
    expect((await callSend(other.session, other.wallet, call)).status).toBe(200);

    const erased = await anEmbeddedWallet(app, game);
    const { walletId } = erased.wallet;
    await perform(erased.session, erased.wallet, await actFor(erased.session, erased.wallet));
    const asked = `/v1/me?confirm=${erased.session.userId}&forfeit=${walletId}`;
    expect((await erased.session.delete(asked)).status).toBe(202);
    app.clock.advance((8 * DAY) / 1_000);
    await app.nest.get(ErasureCompletion, { strict: false }).run();
    expect(await database.query('SELECT 1 FROM wallets WHERE id = $1', [walletId])).toEqual([]);

    // Before custody hears of the erasure, and after it.
    expect(await compare()).toMatchObject({ brake: null, comparison: { withoutAct: 0 } });
    expect(await app.nest.get(WalletDestruction, { strict: false }).run()).toBeGreaterThan(0);
    await custody.asSuperuser((client) => client.query('UPDATE custody.journal_head SET compared = 0'));
    expect(await compare()).toMatchObject({ brake: null, comparison: { withoutAct: 0 } });
    expect(await metric()).toBe('0');
    const { exitCode, output } = await verified();
    expect([exitCode, JSON.parse(output)]).toEqual([
      0,
      expect.objectContaining({ signatures: { compared: 8, withoutAct: [] } }),
    ]);
    app.clock.catchUp();
  });

  it('pulls the brake once over a signature that the API knows nothing of, also of a wallet that was destroyed then', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const { walletId } = wallet;
    await actFor(session, wallet);
    const honest = await actFor(session, wallet);
    const [row] = await database.query<{ id: string }>('SELECT id FROM wallet_acts WHERE allowed_at IS NULL');
    const acts = [anAct(walletId), { callId: row?.id ?? '', walletId }, anAct(randomUUID())];
    await custody.client.create(anAct(acts[2]?.walletId ?? ''), 'production');
    for (const act of acts) await custody.signText(act);
    await custody.client.destroy(anAct(walletId));
    expect(custody.command('restore-wallet', walletId)).toMatch(/^0: /);
    const destroyed = await anEmbeddedWallet(app, game);
    const last = anAct(destroyed.wallet.walletId);
    await custody.signText(last);
    await custody.client.destroy(anAct(last.walletId));

    expect(await compare()).toMatchObject({
      brake: { reason: REASON },
      comparison: { withoutAct: 4 },
    });
    const lines = () => custody.output.split('\n').filter((line) => line.includes('signature_without_act'));
    await until(() => lines().length === 4);
    expect(lines().map((line) => JSON.parse(line) as object)).toEqual(
      [...acts, last].map((act) => expect.objectContaining({ ...act, level: 'error' }) as unknown),
    );
    expectProblem(await perform(session, wallet, honest), 403, 'wallet.acts_stopped');
    expect(await metric()).toBe('4');
    const { exitCode, output } = await verified();
    expect(exitCode).toBe(3);
    expect(JSON.parse(output)).toMatchObject({ signatures: { withoutAct: [...acts, last] } });

    expect(custody.command('release')).toMatch(/^0: /);
    expect(await compare()).toMatchObject({ brake: null, comparison: { withoutAct: 4 } });
  });

  it('is judged by no read that failed, and not at all without the database of the API', async () => {
    const { wallet } = await anEmbeddedWallet(app, game);
    expect(custody.output).toContain('CUSTODY_API_DATABASE_URL is not set');
    const { walletId } = wallet;
    await custody.signText(anAct(walletId));
    expect(await custody.client.health()).toMatchObject({ brake: null, comparison: null });
    await database.query('ALTER FUNCTION calls_without_act(uuid[], uuid[]) RENAME TO away');
    custody.comparedWith = database.name;
    await custody.restart();
    await until(() => custody.output.includes('work in the background failed'));
    expect(await custody.client.health()).toMatchObject({ brake: null, comparison: { comparedAt: null } });
    await database.query('ALTER FUNCTION away(uuid[], uuid[]) RENAME TO calls_without_act');

    expect(await compare()).toMatchObject({ brake: { reason: REASON } });
    expect(custody.command('release')).toMatch(/^0: /);
  });

  it('lets the role of the comparison read nothing else of the API', async () => {
    await custody.asRole(
      custody.names.api,
      async (client) => {
        for (const table of ['wallets', 'wallet_acts', 'send_signings'])
          await expect(client.query(`SELECT FROM ${table}`)).rejects.toMatchObject({ code: '42501' });
      },
      database.name,
    );
  });
});
