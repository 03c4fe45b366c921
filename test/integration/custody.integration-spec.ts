import { randomUUID } from 'node:crypto';
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cell } from '@ton/core';
import { signVerify } from '@ton/crypto';
import { toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { extendKeyRing, generateKeyRing } from '@countersign/crypto';
import type { WalletAct } from '@countersign/wallet-acts';
import { findInMemory } from '@countersign/wallet-keys/testing';
import { aPerson } from '../factories';
import { anAct, outcomeOf, rawExchange, TestCustody, tonTransfer } from '../support/custody';
import { chainedHashes } from '../support/custody-journal';
import { findCanaries } from '../support/search-bytes';
import { dumpOfDatabase } from '../support/table-dump';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { canariesOfWallet, inMemory } from '../support/wallet-canaries';

const custody = useFixture(() => TestCustody.start(), { close: (running) => running.close() });

const TO = `0:${'5a'.repeat(32)}`;
const aWallet = () => custody.aWallet();
const signingOf = (...of: Parameters<TestCustody['signingOf']>) => custody.signingOf(...of);
/** Words stay a string here: this process is not searched. */
const wordsOf = (walletId: string): Promise<string> => custody.page.wordsOf(walletId);
const person = aPerson();

describe('a wallet', () => {
  it('signs as the account of its words does', async () => {
    const walletId = await aWallet();

    const { evmAddress } = await custody.client.describe(walletId);
    const signature = await custody.signText(anAct(walletId));

    const account = mnemonicToAccount(await wordsOf(walletId));
    expect(evmAddress).toBe(account.address);
    expect(toHex(signature)).toBe(await account.signMessage({ message: 'hello' }));
  });

  it('does nothing once it is destroyed', async () => {
    const walletId = await aWallet();
    const signing = await signingOf(walletId, { kind: 'message', message: 'hello', encoding: 'text' });
    await custody.client.destroy(anAct(walletId));

    expect(await outcomeOf(custody.client.sign(anAct(walletId), signing))).toBe('wallet_destroyed');
    expect(await outcomeOf(custody.client.askFor(anAct(walletId), 'export'))).toBe('wallet_destroyed');
    expect(await outcomeOf(custody.client.create(anAct(walletId), 'production'))).toBe('wallet_destroyed');
  });

  it('comes back by the operator alone, for a week', async () => {
    const [kept, gone] = [await aWallet(), await aWallet()];
    const { evmAddress } = await custody.client.describe(kept);
    const destruction = anAct(kept);
    await custody.client.destroy(destruction);
    await custody.client.destroy(anAct(gone));

    const restore = frameOf(JSON.stringify({ call: 'restore', ...anAct(kept) }));
    expect(await rawExchange(custody.socket, restore)).toContain('"code":"malformed"');
    expect(custody.command('restore-wallet', kept)).toBe(`0: The wallet ${kept} is as before.`);
    await custody.client.destroy(destruction);
    expect((await custody.client.describe(kept)).evmAddress).toBe(evmAddress);
    expect(custody.command('restore-wallet', randomUUID())).toBe('1: custody refuses it: wallet_unknown');
    expect(custody.command('restore-wallet')).toContain('2: countersign-custody');

    await custody.later(7 * 24 - 1);
    expect(custody.command('freeze', gone)).toMatch(/^0: /);
    await custody.later(8 * 24);
    const entropyOfGone = 'SELECT entropy FROM custody.wallets WHERE id = $1 AND entropy IS NOT NULL';
    expect((await custody.asSuperuser((client) => client.query(entropyOfGone, [gone]))).rows).toHaveLength(1);
    await custody.asSuperuser((client) =>
      client.query(`UPDATE custody.wallets SET destroyed_at = now() - interval '8 days' WHERE id = $1`, [
        gone,
      ]),
    );
    await custody.later(8 * 24, () =>
      until(async () => {
        const { rows } = await custody.asSuperuser((client) => client.query(entropyOfGone, [gone]));
        return rows.length === 0;
      }),
    );

    expect(custody.command('restore-wallet', gone)).toBe('1: custody refuses it: wallet_destroyed');
    const { rows } = await custody.asSuperuser((client) =>
      client.query('SELECT entropy, keys, state FROM custody.wallets WHERE id = $1', [gone]),
    );
    expect(rows).toEqual([{ entropy: null, keys: null, state: null }]);
    expect((await custody.client.describe(kept)).evmAddress).toBe(evmAddress);
  });

  it('that is unknown, and an act that is none of its kind, are refused without an entry', async () => {
    const known = await aWallet();
    const before = await custody.client.health();

    const signing = await signingOf(known, { kind: 'message', message: 'hello', encoding: 'text' });
    expect(await outcomeOf(custody.client.sign(anAct(), signing))).toBe('wallet_unknown');
    expect(await outcomeOf(custody.client.destroy(anAct()))).toBe('wallet_unknown');
    const malformed = { ...signing, act: { kind: 'transaction', transaction: 'hello' } } as const;
    expect(await outcomeOf(custody.client.sign(anAct(known), malformed))).toBe('act_refused');

    expect((await custody.client.health()).journal).toEqual(before.journal);
  });

  it.each([
    ['the row of another wallet', '(SELECT entropy, keys FROM custody.wallets WHERE id = $1)'],
    ['another column', '(SELECT keys, entropy FROM custody.wallets WHERE id = $2 AND $1::uuid IS NOT NULL)'],
  ])('does not open in %s', async (_, values) => {
    const [mine, theirs] = [await aWallet(), await aWallet()];
    await custody.asSuperuser((client) =>
      client.query(`UPDATE custody.wallets SET (entropy, keys) = ${values} WHERE id = $2`, [theirs, mine]),
    );

    expect(await outcomeOf(custody.signText(anAct(mine)))).toBe('wallet.custody_unavailable');
  });
});

describe('the journal', () => {
  it('has the words of an export again for a minute only', async () => {
    const act = anAct(await custody.page.aWalletOf(person));
    const asked = await custody.client.askFor(act, 'export');
    await custody.page.accept(asked, person);
    const words = await custody.page.collected(asked, person);
    expect(await custody.page.collected(asked, person)).toEqual(words);
    const shift = (seconds: number) =>
      custody.asSuperuser(async (client) => {
        await client.query('SET session_replication_role = replica');
        await client.query(
          'UPDATE custody.journal SET at = at + make_interval(secs => $2) WHERE call_id = $1',
          [act.callId, seconds],
        );
      });

    await shift(-61);
    expect(await outcomeOf(custody.page.collected(asked, person))).toBe('call_reused');
    await shift(61);
  });

  it('has a repeated call once, and refuses another call of the same id', async () => {
    const act = anAct(await aWallet());
    const first = await custody.signText(act);
    const { journal } = await custody.client.health();

    expect(await custody.signText(act)).toEqual(first);
    expect(await outcomeOf(custody.signText(act, 'other'))).toBe('call_reused');

    expect((await custody.client.health()).journal).toEqual(journal);
  });

  it('is a chain of hashes, and cannot be changed', async () => {
    await custody.signText(anAct(await aWallet()));

    expect((await custody.client.health()).journal.hash).toBe(await chainedHash());
    for (const statement of [
      'DELETE FROM custody.journal',
      'UPDATE custody.journal SET digest = NULL',
      'TRUNCATE custody.journal',
    ])
      await expect(
        custody.asRole(custody.names.custody, (client) => client.query(statement)),
      ).rejects.toThrow('append-only');
  });
});

describe('the database', () => {
  it('gives its sessions no search path of its owner', async () => {
    const { database, custody: role } = custody.names;
    await custody.asSuperuser((client) =>
      client.query(`ALTER DATABASE ${database} SET search_path = foreign_operators, pg_catalog`),
    );
    await custody.restart();
    await custody.client.health();

    await custody.asSuperuser(async (client) => {
      await client.query('CREATE SCHEMA foreign_operators');
      await client.query(`GRANT USAGE ON SCHEMA foreign_operators TO ${role}`);
      await client.query(
        `CREATE FUNCTION foreign_operators.differs(text, text) RETURNS boolean LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'as the custody role'; END $$`,
      );
      await client.query(
        'CREATE OPERATOR foreign_operators.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = foreign_operators.differs)',
      );
    });
    await aWallet();
    expect(await custody.client.health()).toMatchObject({ toRewrap: 0 });
  });

  it('shows no table to another role, the owner of the database included', async () => {
    await custody.asRole(custody.names.api, async (client) => {
      for (const table of ['wallets', 'journal', 'journal_head', 'sums', 'consents', 'migrations'])
        for (const statement of [`SELECT FROM custody.${table}`, `DELETE FROM custody.${table}`])
          await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
    });
  });
});

describe('a peer that speaks the protocol', () => {
  it.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a length of gigabytes', Buffer.from('ffffffff0002', 'hex')],
    ['an unknown call', frameOf('{"call":"sign-hash"}')],
    ['nested JSON', frameOf('['.repeat(1000))],
  ])('gets no answer but a refusal for %s', async (_, bytes) => {
    expect(await rawExchange(custody.socket, bytes)).toContain('"code":"malformed"');
  });

  it('has hostile acts of each kind refused, and other callers go on', async () => {
    const walletId = await aWallet();
    const deep = JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) as unknown;
    const junk = Buffer.alloc(60_000, 0xff).toString('base64');
    const acts: readonly [string, WalletAct][] = [
      ['eip155:1', { kind: 'transaction', transaction: deep }],
      ['eip155:1', { kind: 'transaction', transaction: { to: `0x${'ff'.repeat(100_000)}` } }],
      ['eip155:1', { kind: 'typed-data', typedData: deep }],
      ['eip155:1', { kind: 'message', message: `0x${'ff'.repeat(60_000)}`, encoding: 'hex' }],
      ['ton:-239', { kind: 'ton-transfer', payload: junk }],
      ['ton:-239', { kind: 'ton-transfer', payload: `te6cckEB${'B'.repeat(80_000)}` }],
    ];

    for (const [chain, act] of acts)
      expect(
        await outcomeOf(custody.client.sign(anAct(walletId), await signingOf(walletId, act, chain))),
      ).toMatch(/^(?:act_refused|malformed)$/);

    expect(await outcomeOf(custody.signText(anAct(walletId)))).toBe('done');
  });

  it('gets the answer of its first call alone', async () => {
    const answer = await rawExchange(
      custody.socket,
      frameOf('{"call":"health"}'),
      frameOf('{"call":"health"}'),
    );

    expect(answer.match(/"ok":/g)).toHaveLength(1);
  });

  it('keeps no connection open, whether it trickles bytes or takes no answer', async () => {
    const silent = Array.from({ length: 64 }, () => connect(custody.socket).on('error', () => undefined));
    for (const [index, socket] of silent.entries())
      if (index % 2 === 0) socket.pause().write(frameOf('{"call":"health"}'));
      else socket.write('00');
    const trickle = setInterval(() => silent[1]?.write('0'), 100);
    await sleep(200);
    expect(await outcomeOf(custody.client.health())).toBe('wallet.custody_unavailable');

    await until(async () => (await outcomeOf(custody.client.health())) === 'done');

    clearInterval(trickle);
    for (const socket of silent) socket.destroy();
  });

  it('is answered or cut off, however many calls it sends', async () => {
    const walletId = await aWallet();

    const acts = Array.from({ length: 300 }, () => outcomeOf(custody.signText(anAct(walletId))));

    const outcomes = new Set(await Promise.all(acts));
    expect(outcomes).toContain('done');
    for (const outcome of outcomes) expect(['done', 'wallet.custody_unavailable']).toContain(outcome);
    expect(await custody.client.health()).toMatchObject({ toRewrap: 0 });
  });
});

describe('a transfer of TON', () => {
  const send = { kind: 'coin', to: TO, amount: 1n, bounce: false, comment: null } as const;
  const entriesOf = ({ callId }: ReturnType<typeof anAct>) =>
    custody.asSuperuser(async (client) => {
      const statement = 'SELECT kind, digest FROM custody.journal WHERE call_id = $1';
      return (await client.query(statement, [callId])).rows as unknown[];
    });

  it('is signed for the key of the wallet, and is in the journal', async () => {
    const act = anAct(await aWallet());
    const signing = await signingOf(act.walletId, tonTransfer([send], 0, { seconds: 60 }), 'ton:-239');

    const signature = await custody.client.sign(act, signing);

    const { tonPublicKey } = await custody.client.describe(act.walletId);
    const digest = Cell.fromBase64((signing.act as { payload: string }).payload).hash();
    expect(signVerify(digest, signature, Buffer.from(tonPublicKey, 'hex'))).toBe(true);
    expect(await entriesOf(act)).toEqual([{ kind: 'ton-transaction', digest }]);
  });

  it.each([1e9, 120, -1])(
    'is not signed when it is valid for %d seconds, and leaves no entry',
    async (seconds) => {
      const act = anAct(await aWallet());
      const signing = await signingOf(act.walletId, tonTransfer([send], 0, { seconds }), 'ton:-239');

      expect(await outcomeOf(custody.client.sign(act, signing))).toBe('act_refused');
      expect(await entriesOf(act)).toEqual([]);
    },
  );
});

const isLinux = process.platform === 'linux';

describe('a secret', () => {
  it('is neither in memory after its use, nor in the database or the log', async () => {
    const walletId = await aWallet();
    await custody.signText(anAct(walletId));
    const proof = { kind: 'ton-proof', domain: 'example.com', payload: 'nonce' } as const;
    await custody.client.sign(anAct(walletId), await signingOf(walletId, proof, 'ton:-239'));
    const words = await wordsOf(walletId);

    await custody.client.describe(await aWallet());
    await sleep(1_000);

    if (isLinux) expect(findInMemory(inMemory(words), custody.pid)).toEqual([]);
    const started = isLinux ? readFileSync(`/proc/${custody.pid}/cmdline`, 'utf8') : '';
    const stored = Buffer.from(`${await everything()}${custody.output}${started}`);
    expect(findCanaries(stored, canariesOfWallet(words))).toEqual([]);
  });
});

describe('the process', () => {
  it('has a socket for its user alone, and for the group that may enter its folder', async () => {
    const folder = dirname(custody.socket);
    expect(statSync(custody.socket).mode & 0o777).toBe(0o600);
    await custody.kill();
    chmodSync(folder, 0o750);
    await custody.run();
    expect(statSync(custody.socket).mode & 0o777).toBe(0o660);
    chmodSync(folder, 0o700);
  });

  it('opens no debugger by a signal', async () => {
    custody.signal('SIGUSR1');
    await custody.client.health();
    await sleep(200);

    expect(custody.output).not.toContain('Debugger');
  });

  it('does each act once or not at all when it is killed in the middle', async () => {
    const walletId = await aWallet();
    const acts = Array.from({ length: 40 }, () => anAct(walletId));
    const running = Promise.allSettled(acts.map((act) => custody.signText(act)));
    await sleep(15);

    await custody.kill();
    const outcomes = await running;
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({
          code: 'wallet.custody_unavailable',
          kind: 'unavailable',
          options: { retryAfterSeconds: 2 },
        });
    await custody.run();
    const again = [];
    for (const act of acts) again.push(await custody.signText(act));

    expect(new Set(again.map((signature) => toHex(signature))).size).toBe(1);
    const ids = acts.map(({ callId }) => callId);
    const { rows } = await custody.asSuperuser((client) =>
      client.query('SELECT count(*)::int FROM custody.journal WHERE call_id = ANY($1)', [ids]),
    );
    expect(rows).toEqual([{ count: 40 }]);
    expect((await custody.client.health()).journal.hash).toBe(await chainedHash());
  });
});

it('does not begin a call whose caller has gone', async () => {
  const walletId = await aWallet();
  const { sequence } = (await custody.client.health()).journal;

  await custody.asSuperuser(async (client) => {
    await client.query('BEGIN');
    await client.query('SELECT FROM custody.journal_head FOR UPDATE');
    const first = custody.signText(anAct(walletId));
    await sleep(50);
    const gone = connect(custody.socket);
    gone.write(frameOf(JSON.stringify({ call: 'create', ...anAct() })));
    await sleep(50);
    gone.destroy();
    await sleep(50);
    await client.query('ROLLBACK');
    await first;
  });

  expect((await custody.client.health()).journal.sequence).toBe(sequence + 1);
});

describe('surroundings in which memory could be read', () => {
  const idle = useFixture(() => TestCustody.prepare(), { close: (prepared) => prepared.close() });

  it('stop the start, each with a sentence', async () => {
    const said = await idle.refusal('ulimit -c unlimited 2>/dev/null || ulimit -c 1', {
      nodeOptions: ['--inspect=0', '--heapsnapshot-signal=SIGUSR2'],
      environment: { NODE_OPTIONS: '--trace-warnings' },
    });

    expect(said).toMatch(/^1: /m);
    for (const sentence of [
      'A debugger is attached.',
      'NODE_OPTIONS is set',
      'Node has options (--inspect, --heapsnapshot-signal)',
      'Core files are not limited',
    ])
      expect(said).toContain(sentence);
  });
});

describe('a start that another user could have prepared', () => {
  const prepared = useFixture(() => TestCustody.prepare(), { per: 'test', close: (one) => one.close() });

  it('stops where others may replace the socket, or own its folder', async () => {
    chmodSync(dirname(prepared.socket), 0o777);
    expect(await prepared.refusal('ulimit -c 0')).toContain('the folder of CUSTODY_SOCKET has to belong');

    chmodSync(dirname(prepared.socket), 0o700);
    chownSync(dirname(prepared.socket), 65_534, 65_534);
    expect(await prepared.refusal('ulimit -c 0')).toContain('the folder of CUSTODY_SOCKET has to belong');
  });

  it('stops at a file in place of the socket, which stays', async () => {
    writeFileSync(prepared.socket, 'of another process');

    expect(await prepared.refusal('ulimit -c 0')).toMatch(/^1: /);
    expect(readFileSync(prepared.socket, 'utf8')).toBe('of another process');
  });

  it('stops where another process listens, which goes on', async () => {
    expect(
      await prepared.refusal('ulimit -c 0', { environment: { CUSTODY_SOCKET: custody.socket } }),
    ).toContain('another process listens on CUSTODY_SOCKET');
    expect(await custody.client.health()).toMatchObject({ toRewrap: 0 });
  });

  it('stops at a schema of another role, which could read what is written there', async () => {
    await prepared.asSuperuser((client) =>
      client.query(`ALTER SCHEMA custody OWNER TO ${prepared.names.api}`),
    );

    expect(await prepared.refusal('ulimit -c 0')).toContain('the schema custody belongs to another role');
  });
});

describe('the key ring', () => {
  const first = generateKeyRing();
  const rotated = useFixture(() => TestCustody.start(first), { close: (running) => running.close() });

  it('rotates without a stop: another key, sealed again, the old one removed', async () => {
    const walletId = randomUUID();
    const { evmAddress } = await rotated.client.create(anAct(walletId), 'production');
    const { document, id } = extendKeyRing(first, 'sealing');
    const both = { ...document, sealing: document.sealing.toReversed() };
    const alone = { ...both, sealing: both.sealing.filter((key) => key.id === id) };

    rotated.writeKeyRing(alone);
    rotated.signal('SIGHUP');
    await until(() => rotated.output.includes('key ring refused'));
    expect(await rotated.client.describe(walletId)).toMatchObject({ evmAddress });

    rotated.writeKeyRing(both);
    rotated.signal('SIGHUP');
    await until(() => rotated.output.split('wallets sealed under the active key').length === 3);
    expect((await rotated.client.health()).toRewrap).toBe(0);

    rotated.writeKeyRing(alone);
    rotated.signal('SIGHUP');
    await until(() => rotated.output.split('key ring read').length === 3);
    expect(await rotated.client.describe(walletId)).toMatchObject({ evmAddress });
    const { rows } = await rotated.asSuperuser((client) =>
      client.query('SELECT key_id FROM custody.wallets'),
    );
    expect(rows).toEqual([{ key_id: id }]);
  });

  it('of another installation stops the start', async () => {
    await rotated.kill();
    rotated.writeKeyRing(generateKeyRing());

    expect(await rotated.refusal('ulimit -c 0')).toContain('the key ring lacks');
  });
});

function frameOf(header: string): Buffer {
  const lengths = Buffer.alloc(6);
  lengths.writeUInt32BE(2 + header.length);
  lengths.writeUInt16BE(header.length, 4);
  return Buffer.concat([lengths, Buffer.from(header)]);
}

async function chainedHash(): Promise<string> {
  const hashes = await custody.asSuperuser(chainedHashes);
  return [...hashes.values()].at(-1)?.toString('hex') ?? '';
}

const everything = (): Promise<string> =>
  custody.asSuperuser((client) =>
    dumpOfDatabase({ query: async <Row>(text: string) => (await client.query(text)).rows as Row[] }),
  );
