import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { extendKeyRing, generateKeyRing } from '@countersign/crypto';
import { NO_WALLET, type Unsettled } from '@countersign/custody-protocol';
import { aPerson, times } from '../factories';
import { callAt } from '../support/consents';
import { anAct, coins, OPEN_RULES, outcomeOf, TestCustody } from '../support/custody';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';

interface Copy {
  readonly entropy: string;
  readonly state: string;
  readonly keyId: string;
}

const ring = generateKeyRing();
const custody = useFixture(() => TestCustody.start(ring, undefined, { hasCopy: true }), {
  close: (one) => one.close(),
});

const fileOf = (walletId: string) => join(custody.copyFolder, `${walletId}.json`);
const copyOf = (walletId: string) => JSON.parse(readFileSync(fileOf(walletId), 'utf8')) as Copy;

async function aWallet(): Promise<{ readonly walletId: string; readonly evmAddress: string }> {
  const walletId = randomUUID();
  return { walletId, ...(await custody.client.create(anAct(walletId), 'production')) };
}

const loseRow = (walletId: string) =>
  custody.asSuperuser((client) => client.query('DELETE FROM custody.wallets WHERE id = $1', [walletId]));

const swept = () => custody.output.split('wallets sealed under the active key').length - 1;
async function reload(rules: object = OPEN_RULES): Promise<void> {
  // That of the start.
  await until(() => swept() > 0);
  const before = swept();
  custody.writeRules(rules);
  custody.signal('SIGHUP');
  await until(() => swept() > before);
}

describe('a wallet that is made', () => {
  it('is in a file of its own before it is answered, sealed and for its user alone', async () => {
    const { walletId } = await aWallet();

    const sealed = expect.stringMatching(/^v1:/) as string;
    expect(copyOf(walletId)).toEqual({
      ...{ entropy: sealed, keys: sealed, state: sealed, keyId: ring.sealing[0]?.id },
    });
    expect(statSync(fileOf(walletId)).mode & 0o777).toBe(0o600);
    expect(statSync(custody.copyFolder).mode & 0o777).toBe(0o700);
    expect(readdirSync(custody.copyFolder).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });

  it('is still frozen, and that of its person, where its row was lost', async () => {
    const person = aPerson();
    const walletId = await custody.page.aWalletOf(person);
    const { state } = copyOf(walletId);
    await custody.client.freeze(anAct(walletId));
    // By somebody who writes the database: the copy is not made of that.
    await custody.asSuperuser((client) =>
      client.query('UPDATE custody.wallets SET state = $2 WHERE id = $1', [walletId, state]),
    );
    await reload();
    await loseRow(walletId);
    expect(custody.command('restore-keys')).toBe('0: 1 wallets are back.');

    expect((await custody.client.describe(walletId)).frozenAt).not.toBeNull();
    custody.command('unfreeze', walletId);
    expect((await custody.page.exported(walletId, person)).split(' ')).toHaveLength(12);
  });

  it('has one file for its id, however parallel the calls, whatever an earlier call left', async () => {
    const walletId = randomUUID();
    writeFileSync(join(custody.copyFolder, `${walletId}.tmp`), '{"entropy":"half');

    const made = await Promise.all(times(10, () => custody.client.create(anAct(walletId), 'production')));

    expect(new Set(made.map(({ evmAddress }) => evmAddress)).size).toBe(1);
    await loseRow(walletId);
    expect(custody.command('restore-keys')).toBe('0: 1 wallets are back.');
    expect(await custody.client.describe(walletId)).toEqual(made[0]);
  });

  it('is that of its file where custody was killed before the row was committed', async () => {
    const act = anAct(randomUUID());
    await custody.asSuperuser(async (client) => {
      await client.query('BEGIN');
      // Reading goes on, and the row waits.
      await client.query('LOCK TABLE custody.wallets IN SHARE MODE');
      const lost = outcomeOf(custody.client.create(act, 'production'));
      await until(() => existsSync(fileOf(act.walletId)));
      await custody.kill();
      expect(await lost).toBe('wallet.custody_unavailable');
      await client.query('ROLLBACK');
    });
    const before = copyOf(act.walletId);
    await custody.run();
    expect(await outcomeOf(custody.client.describe(act.walletId))).toBe('wallet_unknown');

    const made = await custody.client.create(act, 'production');

    expect(copyOf(act.walletId)).toEqual(before);
    await loseRow(act.walletId);
    expect(custody.command('restore-keys')).toBe('0: 1 wallets are back.');
    expect(await custody.client.describe(act.walletId)).toEqual(made);
  });

  it('is not made while its file cannot be written', async () => {
    const { walletId } = anAct(randomUUID());
    rmSync(custody.copyFolder, { recursive: true });
    expect(await outcomeOf(custody.client.create(anAct(walletId), 'production'))).toBe(
      'wallet.custody_unavailable',
    );
    expect(await outcomeOf(custody.client.describe(walletId))).toBe('wallet_unknown');

    mkdirSync(custody.copyFolder, { mode: 0o700 });
    expect(await outcomeOf(custody.client.create(anAct(walletId), 'production'))).toBe('done');
    expect(existsSync(fileOf(walletId))).toBe(true);
    await reload();
  });
});

it('is not marked as destroyed by a destruction that the rules refuse', async () => {
  const { walletId } = await aWallet();
  const before = copyOf(walletId);
  await reload({ destructionsPerHour: 0 });

  expect(await outcomeOf(custody.client.destroy(anAct(walletId)))).toBe('above_hour');

  expect(copyOf(walletId)).toEqual(before);
  await reload();
});

describe('restore-keys', () => {
  it('puts back the wallets whose rows are lost, each with an entry, and no other', async () => {
    const [kept, lost] = [await aWallet(), await aWallet()];
    await loseRow(lost.walletId);
    const { sequence } = (await custody.client.health()).journal;

    expect(custody.command('restore-keys')).toBe('0: 1 wallets are back.');
    expect(custody.command('restore-keys')).toBe('0: 0 wallets are back.');

    const { rows } = await custody.asSuperuser((client) =>
      client.query('SELECT call, wallet_id AS wallet FROM custody.journal WHERE sequence > $1', [sequence]),
    );
    expect(rows).toEqual([{ call: 'restore-key', wallet: lost.walletId }]);
    expect((await custody.client.describe(lost.walletId)).evmAddress).toBe(lost.evmAddress);
    expect(await outcomeOf(custody.signText(anAct(lost.walletId)))).toBe('done');
    expect((await custody.client.describe(kept.walletId)).evmAddress).toBe(kept.evmAddress);
  });

  it('leaves a wallet destroyed that was destroyed, and one that the operator took back as it is', async () => {
    const [destroyed, back] = [await aWallet(), await aWallet()];
    for (const { walletId } of [destroyed, back]) {
      const before = copyOf(walletId);
      await custody.client.destroy(anAct(walletId));
      expect(copyOf(walletId).state).not.toBe(before.state);
    }
    expect(custody.command('restore-wallet', back.walletId)).toMatch(/^0: /);
    for (const { walletId } of [destroyed, back]) await loseRow(walletId);

    expect(custody.command('restore-keys')).toBe('0: 2 wallets are back.');

    expect(await outcomeOf(custody.client.describe(destroyed.walletId))).toBe('wallet_destroyed');
    expect(await outcomeOf(custody.client.describe(back.walletId))).toBe('done');
  });

  it('names files that do not open, and needs a folder', async () => {
    const [mine, theirs] = [await aWallet(), await aWallet()];
    await loseRow(mine.walletId);
    writeFileSync(fileOf(mine.walletId), JSON.stringify(copyOf(theirs.walletId)));

    expect(custody.command('restore-keys')).toBe(
      `1: 0 wallets are back.\n${mine.walletId}: custody refuses it: away`,
    );
    rmSync(fileOf(mine.walletId));
    custody.hasCopy = false;
    expect(custody.command('restore-keys')).toBe('1: CUSTODY_COPY is missing: the folder of the copies');
    custody.hasCopy = true;
  });
});

describe('a copy', () => {
  it('is deleted with the keys, a week after the wallet was destroyed', async () => {
    const { walletId } = await aWallet();
    await custody.client.destroy(anAct(walletId));
    await custody.asSuperuser((client) =>
      client.query(`UPDATE custody.wallets SET destroyed_at = now() - interval '8 days' WHERE id = $1`, [
        walletId,
      ]),
    );
    await custody.later(8 * 24, () => until(() => !existsSync(fileOf(walletId))));

    expect(existsSync(fileOf(walletId))).toBe(false);
    expect(await outcomeOf(custody.client.create(anAct(walletId), 'production'))).toBe('wallet_destroyed');
    expect(existsSync(fileOf(walletId))).toBe(false);
    await reload();
    expect(existsSync(fileOf(walletId))).toBe(false);
  });

  it('that is missing is written at a start and at SIGHUP', async () => {
    const { walletId } = await aWallet();
    const before = copyOf(walletId);
    rmSync(fileOf(walletId));
    await reload();
    expect(copyOf(walletId)).toMatchObject(before);
    writeFileSync(fileOf(walletId), '{"entropy":');
    await reload();
    expect(copyOf(walletId)).toMatchObject(before);

    await custody.kill();
    custody.hasCopy = false;
    await custody.run();
    expect(custody.output).toContain('wallets made since the last backup are lost with the database');
    const later = await aWallet();
    expect(existsSync(fileOf(later.walletId))).toBe(false);
    await custody.kill();
    custody.hasCopy = true;
    await custody.run();
    await until(() => existsSync(fileOf(later.walletId)));
    expect(custody.output).not.toContain('lost with the database');
  });

  it('is sealed under the active key too before a former one can go', async () => {
    const { walletId, evmAddress } = await aWallet();
    const unswept = await aWallet();
    const former = copyOf(unswept.walletId);
    const { document, id } = extendKeyRing(ring, 'sealing');
    const both = { ...document, sealing: document.sealing.toReversed() };
    const frozen = await aWallet();
    // As a batch of many wallets with their copies takes.
    await custody.asSuperuser((client) =>
      client.query(`CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_catalog.pg_sleep(1); RETURN NEW; END $$;
        GRANT USAGE ON SCHEMA public TO PUBLIC;
        CREATE TRIGGER wait BEFORE UPDATE OF key_id ON custody.wallets FOR EACH ROW
          WHEN (NEW.id = '${frozen.walletId}') EXECUTE FUNCTION public.wait()`),
    );

    custody.writeKeyRing(both);
    const reloaded = reload();
    await custody.asSuperuser((client) =>
      until(async () => {
        const asked = "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        return (await client.query(asked)).rows.length > 0;
      }),
    );
    await custody.client.freeze(anAct(frozen.walletId));
    await reloaded;
    expect(copyOf(walletId).keyId).toBe(id);
    expect(copyOf(frozen.walletId)).toMatchObject({
      keyId: id,
      state: expect.stringContaining(id) as string,
    });
    // As when the copy was off during the rotation.
    writeFileSync(fileOf(unswept.walletId), JSON.stringify(former));
    await reload();
    expect(copyOf(unswept.walletId).keyId).toBe(id);

    custody.writeKeyRing({ ...both, sealing: both.sealing.filter((key) => key.id === id) });
    await reload();
    expect((await custody.client.describe(frozen.walletId)).frozenAt).not.toBeNull();
    for (const one of [walletId, unswept.walletId]) await loseRow(one);
    expect(custody.command('restore-keys')).toBe('0: 2 wallets are back.');
    expect((await custody.client.describe(walletId)).evmAddress).toBe(evmAddress);
  });
});

describe('a folder of copies', () => {
  const prepared = useFixture(() => TestCustody.prepare(), { close: (one) => one.close() });
  const start = (folder: string) =>
    prepared.refusal('ulimit -c 0', { environment: { CUSTODY_COPY: folder } });

  it('stops the start where others may enter it, or where nothing is mounted', async () => {
    mkdirSync(prepared.copyFolder);
    chmodSync(prepared.copyFolder, 0o750);
    expect(await start(prepared.copyFolder)).toContain('has to belong to the user of custody');
    expect(await start(join(prepared.copyFolder, 'none', 'keys'))).toContain('cannot be made (ENOENT)');
    expect(await start('copies')).toContain('CUSTODY_COPY must be an absolute path');
  });
});

describe('a restored database', () => {
  const headFile = () => join(custody.copyFolder, 'journal-head.json');
  const head = () => JSON.parse(readFileSync(headFile(), 'utf8')) as { readonly sequence: string };
  const wayOut = privateKeyToAccount(generatePrivateKey());
  const restores = () =>
    custody.asSuperuser(async (client) => {
      const { rows } = await client.query(`SELECT kind FROM custody.journal WHERE call = 'restored'`);
      return rows.length;
    });
  /** Backs the database up while custody does not run. */
  const backUp = async () => {
    await custody.kill();
    const restore = await custody.backUp();
    await custody.run();
    return async () => {
      await custody.kill();
      await restore();
      await custody.run();
    };
  };
  const asking = async () => {
    const person = aPerson();
    const walletId = await custody.page.aWalletOf(person);
    const asked = await custody.page.askForWayOut(walletId, wayOut);
    await custody.page.acceptWayOut(asked, person, wayOut);
    return { person, walletId };
  };
  const listed = async () => (await custody.client.waysOut()).map(({ walletId }) => walletId);

  it('ends what waited in the backup, which is in the journal once', async () => {
    custody.writeRules({ ...OPEN_RULES, exportDelayHours: 24 });
    await custody.restart();
    const { person, walletId } = await asking();
    await custody.later(73, async () => {
      expect(await custody.page.askWayOut(walletId, wayOut)).toMatchObject({
        readyAt: expect.any(String) as string,
      });
    });
    const asked = await custody.client.askFor(anAct(walletId), 'export');
    await custody.page.accept(asked, person);
    const open = await custody.client.askFor(anAct(walletId), 'unfreeze');
    const restore = await backUp();
    await custody.page.call({ call: 'stop-way-out', walletId }, custody.page.launch(person));
    await custody.client.freeze(anAct(walletId));
    const before = await restores();

    await restore();
    expect(custody.output).toContain('the database of custody was restored');
    expect(await restores()).toBe(before + 1);
    expect(await listed()).not.toContain(walletId);
    expect(custody.command('way-out', walletId)).toContain('way_out_refused');
    expect(await custody.page.accept(open, person)).toMatchObject({ code: 'consent_unknown' });
    await custody.later(8 * 24, async () => {
      expect(await outcomeOf(custody.page.collected(asked, person))).toBe('consent_unknown');
    });
    // A wait that begins now is not of the backup.
    await custody.restart();
    expect(await restores()).toBe(before + 1);
    await custody.page.askWayOut(walletId, wayOut);
    await custody.restart();
    expect(await listed()).toContain(walletId);
    custody.writeRules(OPEN_RULES);
    await custody.restart();
  });

  it('has all nonces cancelled that may have been signed after the backup', async () => {
    const rpcUrls = ['http://127.0.0.1:1/', 'http://127.0.0.1:2/'];
    custody.writeRules({ ...OPEN_RULES, chains: [{ chain: 'eip155:1', rpcUrls }] });
    await custody.restart();
    const signs = async (walletId: string, nonce: number) =>
      outcomeOf(custody.client.sign(anAct(walletId), await custody.signingOf(walletId, coins(1n, nonce))));
    const known = await custody.aWallet();
    const [used, later] = [await custody.aWallet(), randomUUID()];
    const wallets = [known, used, later];
    expect(await signs(used, 0)).toBe('done');
    const restore = await backUp();
    await custody.client.create(anAct(later), 'production');
    for (const walletId of [known, later]) expect(await signs(walletId, 0)).toBe('done');
    for (const nonce of [1, 2, 3]) expect(await signs(used, nonce)).toBe('done');

    await restore();
    expect(custody.command('restore-keys')).toMatch(/^0: [1-9]/);
    expect(custody.command('brake', 'api-taken')).toMatch(/^0/);
    await until(async () => {
      const answer = await callAt(custody.operatorSocket, { call: 'unsettled', after: NO_WALLET });
      const all = JSON.parse(String(answer?.body)) as readonly Unsettled[];
      return all.filter(({ walletId, next }) => wallets.includes(walletId) && next === 0).length === 3;
    });
    const cancelled = custody.command('cancel', '7');
    for (const walletId of wallets)
      for (const nonce of times(16, (index) => index))
        expect(cancelled).toMatch(new RegExp(`"walletId":"${walletId}".*"nonce":${nonce},`));
    expect(custody.command('release')).toMatch(/^0/);
    custody.writeRules(OPEN_RULES);
    await custody.restart();
  });

  it('is noticed also where it was replaced while custody ran', async () => {
    const walletId = await custody.aWallet();
    await custody.kill();
    const replace = await custody.backUp();
    await custody.run();
    await custody.client.freeze(anAct(walletId));
    const before = await restores();

    await replace();
    await until(async () => (await outcomeOf(custody.client.freeze(anAct(walletId)))) === 'done');
    expect(await restores()).toBe(before + 1);
    await until(() => custody.output.includes('the database of custody was restored'));
  });

  it('is noticed by a signature alone, and a database that goes on is none', async () => {
    const walletId = await custody.aWallet();
    const before = await restores();
    await custody.restart();
    expect(await restores()).toBe(before);
    const restore = await backUp();
    const { sequence } = head();
    await custody.signText(anAct(walletId));
    await until(() => head().sequence !== sequence);

    await restore();
    expect(await restores()).toBe(before + 1);
  });

  it.each<readonly [string, () => void]>([
    ['missing', () => rmSync(headFile())],
    ['damaged', () => writeFileSync(headFile(), '{')],
    ['not by this ring', () => writeFileSync(headFile(), JSON.stringify({ ...head(), sequence: '999999' }))],
  ])('is assumed at the start where the head is %s, and then once', async (_, change) => {
    const { walletId } = await asking();
    await custody.later(73, async () => {
      await custody.page.askWayOut(walletId, wayOut);
    });
    expect(await listed()).toContain(walletId);
    const [before, { sequence }] = [await restores(), head()];
    await custody.kill();
    change();
    await custody.run();

    expect(custody.output).toContain('is missing, or not by this ring');
    expect(await restores()).toBe(before + 1);
    expect(await listed()).not.toContain(walletId);
    expect(Number(head().sequence)).toBeGreaterThan(Number(sequence));
    await custody.restart();
    expect(await restores()).toBe(before + 1);
  });
});
