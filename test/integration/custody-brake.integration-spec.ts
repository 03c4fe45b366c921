import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CustodyClient } from '@countersign/embedded-wallets';
import { encodeFrame } from '@countersign/custody-protocol';
import { aPerson } from '../factories';
import { patience } from '../runner/patience.cjs';
import { anAct, outcomeOf, rawExchange, TestCustody } from '../support/custody';
import { rewriteHashes } from '../support/custody-journal';
import { useFixture } from '../support/use-fixture';

const custody = useFixture(() => TestCustody.start(), { close: (one) => one.close() });
const person = aPerson();
const aWallet = () => custody.aWallet();
const sign = (walletId: string, callId = randomUUID()) => outcomeOf(custody.signText({ callId, walletId }));

/** The operator's socket, for what both take. */
const ofOperator = () => new CustodyClient(custody.operatorSocket, patience);

/** What a call answers that the client does not have. */
const answerOf = (path: string, header: object) => rawExchange(path, encodeFrame(header, Buffer.alloc(0)));

/** Entries of the journal in their order, from the first of these calls on. */
const entriesSince = (sequence: number) =>
  custody.asSuperuser(async (client) => {
    const { rows } = await client.query<{ call: string; wallet: string }>(
      'SELECT call, wallet_id AS wallet FROM custody.journal WHERE sequence > $1 ORDER BY sequence',
      [sequence],
    );
    return rows;
  });
const position = async () => (await custody.client.health()).journal.sequence;

/** Runs calls while another session has the head of the journal, so that they wait behind it in their order. */
async function queued<T>(...calls: (() => Promise<T>)[]): Promise<T[]> {
  return custody.asSuperuser(async (client) => {
    await client.query('BEGIN');
    await client.query('SELECT FROM custody.journal_head FOR UPDATE');
    const running = [];
    for (const call of calls) {
      running.push(call());
      await sleep(150);
    }
    await client.query('ROLLBACK');
    return Promise.all(running);
  });
}

describe('the brake', () => {
  afterEach(() => expect(custody.command('release')).toBe('0: Wallets act again.'));

  it('stops signatures and words of all wallets, and nothing else, until the operator releases it', async () => {
    const walletId = await custody.page.aWalletOf(person);
    await custody.client.brake(randomUUID(), 'api taken');

    expect(await sign(walletId)).toBe('braked');
    expect(await outcomeOf(custody.page.exported(walletId, person))).toBe('braked');
    const other = await aWallet();
    expect(await outcomeOf(custody.client.destroy(anAct(other)))).toBe('done');
    expect(custody.command('restore-wallet', other)).toMatch(/^0: /);
    expect(await custody.client.describe(other)).toMatchObject({ frozenAt: null });

    expect(custody.command('release')).toBe('0: Wallets act again.');
    expect(await sign(walletId)).toBe('done');
    expect((await custody.client.health()).brake).toBeNull();
  });

  it('stops a signature that is asked for again under its id, and the words of a minute ago', async () => {
    const [signature, words] = [anAct(await aWallet()), anAct(await custody.page.aWalletOf(person))];
    const asked = await custody.client.askFor(words, 'export');
    await custody.page.accept(asked, person);
    await custody.signText(signature);
    await custody.page.collected(asked, person);
    await custody.client.brake(randomUUID(), 'api taken');

    expect(await sign(signature.walletId, signature.callId)).toBe('braked');
    expect(await outcomeOf(custody.page.collected(asked, person))).toBe('braked');
  });

  it('keeps the first instant and reason, and has each call in the journal', async () => {
    const before = await position();
    await custody.client.brake(randomUUID(), 'first');
    const { brake } = await custody.client.health();
    expect(custody.command('brake', 'second', 'reason')).toBe(
      '0: All wallets are stopped, until `countersign-custody release`.',
    );

    expect(brake).toEqual({ since: expect.stringMatching(/Z$/) as string, reason: 'first' });
    expect((await custody.client.health()).brake).toEqual(brake);
    expect(custody.command('release')).toMatch(/^0: /);
    expect((await entriesSince(before)).map(({ call }) => call)).toEqual(['brake', 'brake', 'release']);
  });

  it('is on after a restart, and not taken back by a call that comes again', async () => {
    const [first, walletId] = [randomUUID(), await aWallet()];
    await custody.client.brake(first, 'api taken');
    await custody.restart();
    expect(await sign(walletId)).toBe('braked');

    expect(custody.command('release')).toMatch(/^0: /);
    await custody.client.brake(first, 'api taken');
    expect(await sign(walletId)).toBe('done');
    expect(await outcomeOf(custody.client.brake(first, 'another reason'))).toBe('call_reused');
  });
});

describe('a frozen wallet', () => {
  it('signs nothing, beside others that do', async () => {
    const [walletId, other] = [await aWallet(), await aWallet()];
    const before = await position();
    await custody.client.freeze(anAct(walletId));

    expect(await sign(walletId)).toBe('wallet_frozen');
    expect(await sign(other)).toBe('done');
    const { frozenAt } = await custody.client.describe(walletId);
    expect(frozenAt).toMatch(/Z$/);
    // It keeps the instant.
    expect(custody.command('freeze', walletId)).toBe(`0: The wallet ${walletId} is stopped.`);
    expect(await custody.client.describe(walletId)).toMatchObject({ frozenAt });

    expect(custody.command('unfreeze', walletId)).toBe(`0: The wallet ${walletId} acts again.`);
    expect(await sign(walletId)).toBe('done');
    expect(await entriesSince(before)).toEqual(
      ['freeze', 'sign', 'freeze', 'unfreeze', 'sign'].map((call, index) => ({
        call,
        wallet: index === 1 ? other : walletId,
      })),
    );
  });

  it('has to exist', async () => {
    expect(await outcomeOf(custody.client.freeze(anAct(randomUUID())))).toBe('wallet_unknown');
    expect(custody.command('unfreeze', randomUUID())).toBe('1: custody refuses it: wallet_unknown');
  });
});

it.each([
  ['brake', () => ofOperator().brake(randomUUID(), 'api taken'), 'braked', () => custody.command('release')],
  [
    'freeze',
    (walletId: string) => ofOperator().freeze(anAct(walletId)),
    'wallet_frozen',
    (walletId: string) => custody.command('unfreeze', walletId),
  ],
])('a %s waits for a signature that has begun, and refuses those behind it', async (_, stop, code, end) => {
  const walletId = await aWallet();
  const text = { kind: 'message', message: 'hello', encoding: 'text' } as const;
  const signing = await custody.signingOf(walletId, text);
  const signed = () => outcomeOf(custody.client.sign(anAct(walletId), signing));
  const stopped = () => outcomeOf(stop(walletId));

  expect(await queued(signed, stopped, signed, signed)).toEqual(['done', 'done', code, code]);
  expect(end(walletId)).toMatch(/^0: /);
  expect(await signed()).toBe('done');
});

describe('who writes the database of custody alone', () => {
  const write = (statement: string, ...values: readonly string[]) =>
    custody.asSuperuser((client) => client.query(statement, [...values]));
  const rowOf = async (walletId: string) => {
    const { rows } = await write('SELECT state, owner FROM custody.wallets WHERE id = $1', walletId);
    return rows[0] as { readonly state: string; readonly owner: string };
  };
  const putBack = (walletId: string, { state, owner }: Awaited<ReturnType<typeof rowOf>>) =>
    write('UPDATE custody.wallets SET state = $2, owner = $3 WHERE id = $1', walletId, state, owner);

  it('neither thaws a wallet by its earlier row nor shows its words, and pulls the brake', async () => {
    const walletId = await custody.page.aWalletOf(person);
    const other = await aWallet();
    const earlier = await rowOf(walletId);
    const signing = await custody.signingOf(walletId, { kind: 'message', message: 'hi', encoding: 'text' });
    await custody.client.freeze(anAct(walletId));
    const frozen = await rowOf(walletId);
    const before = await position();

    await putBack(walletId, earlier);
    expect(await outcomeOf(custody.client.sign(anAct(walletId), signing))).toBe('braked');
    expect(await sign(other)).toBe('braked');
    expect((await custody.client.health()).brake?.reason).toBe('a row was not written by custody');
    expect(await entriesSince(before)).toEqual([expect.objectContaining({ call: 'brake' })]);
    // Others are stopped once.
    custody.command('release');
    expect(await outcomeOf(custody.page.exported(walletId, person))).toBe('braked');
    expect(await outcomeOf(custody.client.sign(anAct(walletId), signing))).toBe('braked');
    expect(await sign(other)).toBe('done');
    expect(custody.command('way-out')).toBe('0:');
    expect((await custody.client.health()).brake).toBeNull();

    await putBack(walletId, frozen);
    custody.command('release');
    expect(await sign(walletId)).toBe('wallet_frozen');
  });

  it('releases no brake by an entry of its own', async () => {
    const walletId = await aWallet();
    custody.command('release');
    await custody.client.brake(randomUUID(), 'api taken');
    const signing = await custody.signingOf(walletId, { kind: 'message', message: 'hi', encoding: 'text' });

    await custody.asSuperuser(async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(
        `INSERT INTO custody.journal (sequence, call_id, call, wallet_id, digest, at, hash)
         SELECT h.sequence + 1, gen_random_uuid(), j.call, j.wallet_id, j.digest, now(), ''
         FROM custody.journal_head h, custody.journal j WHERE j.call = 'release' ORDER BY j.sequence DESC LIMIT 1`,
      );
      await rewriteHashes(client);
    });
    expect(await outcomeOf(custody.client.sign(anAct(walletId), signing))).toBe('braked');
    expect(await outcomeOf(custody.client.freeze(anAct(walletId)))).toBe('done');
    custody.command('unfreeze', walletId);
    custody.command('release');
    expect(await sign(walletId)).toBe('done');
  });

  it('gives no wallet to another person', async () => {
    const thief = aPerson();
    const [victim, own] = [await custody.page.aWalletOf(person), await custody.page.aWalletOf(thief)];
    const [row, ofThief] = [await rowOf(victim), await rowOf(own)];

    // The column finds wallets, and does not say whose they are.
    await putBack(victim, { ...row, owner: ofThief.owner });
    const asked = await custody.client.askFor(anAct(victim), 'export');
    expect(await custody.page.accept(asked, thief)).toMatchObject({ code: 'consent_unknown' });
    expect(await custody.page.call({ call: 'own' }, custody.page.launch(thief))).toMatchObject({
      wallets: [{ id: own }],
    });
    await putBack(victim, ofThief);
    expect(await custody.page.accept(asked, thief)).toMatchObject({ code: 'braked' });
    await putBack(victim, row);
    custody.command('release');
    await custody.page.accept(asked, person);
    expect((await custody.page.collected(asked, person)).split(' ')).toHaveLength(12);
  });
});

it('refuses at the socket of the API what is of the operator, and the reverse', async () => {
  const walletId = await aWallet();
  await custody.client.freeze(anAct(walletId));
  await custody.client.brake(randomUUID(), 'api taken');

  for (const header of [
    { call: 'release', callId: randomUUID() },
    { call: 'unfreeze', ...anAct(walletId) },
    { call: 'restore', ...anAct(walletId) },
  ])
    expect(await answerOf(custody.socket, header)).toContain('"code":"malformed"');
  for (const header of [{ call: 'destroy', ...anAct(walletId) }, { call: 'health' }])
    expect(await answerOf(custody.operatorSocket, header)).toContain('"code":"malformed"');

  expect((await custody.client.health()).brake).toMatchObject({ reason: 'api taken' });
  expect(await custody.client.describe(walletId)).toMatchObject({ frozenAt: expect.any(String) as string });
  expect(custody.command('release', 'all')).toContain('2: countersign-custody');
  expect(custody.command('release')).toMatch(/^0: /);
});
