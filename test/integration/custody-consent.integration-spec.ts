import { randomUUID } from 'node:crypto';
import { generateKeyRing } from '@countersign/crypto';
import { encodeFrame } from '@countersign/custody-protocol';
import type { Asked } from '@countersign/embedded-wallets';
import type { WalletAct } from '@countersign/wallet-acts';
import { FakeTelegram } from '@countersign/fake-telegram';
import { aBotToken, aPerson, times, type LaunchOptions, type Person } from '../factories';
import { opened } from '../support/consents';
import { anAuthorisation, aPermit } from '../support/embedded-wallets';
import {
  anAct,
  coins as coinsOf,
  outcomeOf,
  rawExchange,
  TestCustody,
  tonTransfer,
} from '../support/custody';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';

const CHAIN = 'eip155:1';
const TO = `0x${'22'.repeat(20)}`;
const GAS = 21_000n;
const amounts = (much: bigint) => ({ walletPerDay: String(much), allPerHour: String(10n * much) });
const rulesWith = (more: object = {}) => ({
  assets: [
    { chain: CHAIN, token: null, ...amounts(GAS + 10n), withConsent: amounts(10n * GAS + 1_000n) },
    { chain: 'ton:-239', token: null, ...amounts(0n), withConsent: amounts(10n ** 12n) },
  ],
  ...{ networks: { [CHAIN]: 'Ethereum' }, exportsPerHour: 100, exportDelayHours: 0 },
  ...more,
});
const ring = generateKeyRing();
const custody = useFixture(() => TestCustody.start(ring, rulesWith()), { close: (one) => one.close() });

const aWalletOf = async (person: Person) => custody.openNonces(await custody.page.aWalletOf(person));

/** Of 2 wei a gas. */
const coins = (value: bigint, nonce = 0, more: object = {}): WalletAct =>
  coinsOf(value, nonce, { maxFeePerGas: '2', ...more });

async function ask(walletId: string, act: WalletAct): Promise<Asked> {
  return custody.client.ask(anAct(walletId), await custody.signingOf(walletId, act));
}

async function sign(walletId: string, act: WalletAct, asked?: Asked, callId = randomUUID()): Promise<string> {
  const consent = asked ? opened(asked).consent : null;
  return outcomeOf(
    custody.client.sign({ callId, walletId }, await custody.signingOf(walletId, act), consent),
  );
}

const accept = (asked: Asked, person: Person, more: LaunchOptions = {}) =>
  custody.page.accept(asked, person, more);

describe('an act', () => {
  it('is free within the amounts without consent, and asks for it above', async () => {
    const person = aPerson();
    const walletId = await aWalletOf(person);

    expect(await ask(walletId, coins(5n, 0, { maxFeePerGas: '1' }))).toEqual({ isFree: true });
    expect(await sign(walletId, coins(500n, 0))).toBe('above_day');
    const asked = await ask(walletId, coins(500n));
    expect(asked).toMatchObject({
      link: expect.stringMatching(/^https:\/\/t\.me\/consent_bot\?startapp=w_[\w-]{43}$/) as string,
    });
    expect(await sign(walletId, coins(500n, 0), asked)).toBe('consent_needed');

    expect(await accept(asked, person)).toEqual({ state: 'accepted' });
    expect(await accept(asked, person)).toEqual({ state: 'accepted' });
    expect(await sign(walletId, coins(500n, 0), asked)).toBe('done');
    expect(await custody.client.asked(opened(asked).consent)).toEqual({
      walletId,
      kind: 'sign',
      state: 'done',
    });
  });

  it('that lets somebody take something later is not free within the amounts, nor signed without consent', async () => {
    const person = aPerson();
    const walletId = await aWalletOf(person);
    const { evmAddress } = await custody.client.describe(walletId);
    const token = `0x${'11'.repeat(20)}`;
    const much = amounts(10n ** 30n);
    const calls = [`${CHAIN}/${TO}/0x12345678`];
    await custody.reload({
      assets: [null, token].map((one) => ({ chain: CHAIN, token: one, ...much, withConsent: much })),
      calls,
    });
    const typed = ({ request }: { readonly request?: object }) =>
      ({ kind: 'typed-data', ...request }) as WalletAct;
    const [permit, brief, late] = [
      typed(aPermit(evmAddress)),
      typed(anAuthorisation(evmAddress)),
      typed(anAuthorisation(evmAddress, 3_700)),
    ];
    const approve = coins(0n, 0, {
      to: token,
      data: `0x095ea7b3${'00'.repeat(12)}${'22'.repeat(20)}${'00'.repeat(31)}01`,
    });

    for (const act of [permit, late, approve, coins(0n, 1, { to: TO, data: '0x12345678' })]) {
      expect(await sign(walletId, act)).toBe('consent_needed');
      const asked = await ask(walletId, act);
      await accept(asked, person);
      expect(await sign(walletId, act, asked)).toBe('done');
    }
    expect(await ask(walletId, brief)).toEqual({ isFree: true });
    expect(await sign(walletId, brief)).toBe('done');
    const nobodys = await custody.aWallet();
    const { evmAddress: other } = await custody.client.describe(nobodys);
    expect(await outcomeOf(ask(nobodys, typed(aPermit(other))))).toBe('consent_unavailable');
    await custody.reload(rulesWith());
  });

  it('is what was consented to: with any nonce, once, and fees that are not above', async () => {
    const person = aPerson();
    const walletId = await aWalletOf(person);
    const asked = await ask(walletId, coins(500n));
    await accept(asked, person);

    for (const [what, act] of [
      ['another amount', coins(501n, 7)],
      ['another recipient', coins(500n, 7, { to: `0x${'23'.repeat(20)}` })],
      ['data', coins(500n, 7, { data: '0xa9059cbb' })],
      ['a higher fee', coins(500n, 7, { maxFeePerGas: '3' })],
      ['more gas', coins(500n, 7, { gas: String(GAS + 1n) })],
      ['a message', { kind: 'message', message: 'hello', encoding: 'text' }],
    ] as const)
      expect([what, await sign(walletId, act, asked)]).toEqual([
        what,
        expect.stringMatching(/consent_needed|act_refused/),
      ]);
    expect(await sign(walletId, coins(500n, 7, { maxFeePerGas: '1' }), asked)).toBe('done');
    // A replacement.
    expect(await sign(walletId, coins(500n, 7), asked)).toBe('done');
    expect(await sign(walletId, coins(500n, 8), asked)).toBe('consent_needed');
    const other = await aWalletOf(person);
    expect(await sign(other, coins(500n, 7), asked)).toBe('consent_needed');
  });

  it('of a transaction of TON moves what was consented to, by one message', async () => {
    const person = aPerson();
    const walletId = await aWalletOf(person);
    const coin = { kind: 'coin', to: `0:${'aa'.repeat(32)}`, bounce: false } as const;
    const transfer = (amount: bigint, seqno: number) =>
      custody.signingOf(walletId, tonTransfer([{ ...coin, amount, comment: null }], seqno), 'ton:-239');
    const signed = async (amount: bigint, seqno: number) =>
      outcomeOf(custody.client.sign(anAct(walletId), await transfer(amount, seqno), opened(asked).consent));
    const asked = await custody.client.ask(anAct(walletId), await transfer(1_000n, 0));
    await accept(asked, person);

    expect(await signed(1_001n, 4)).toBe('consent_needed');
    expect(await signed(1_000n, 4)).toBe('done');
    expect(await signed(1_000n, 4)).toBe('done');
    expect(await signed(1_000n, 5)).toBe('consent_needed');
    await custody.later(1, async () => {
      const again = tonTransfer([{ ...coin, amount: 1_000n, comment: null }], 4, { seconds: 3_630 });
      const signing = await custody.signingOf(walletId, again, 'ton:-239');
      const { consent } = opened(asked);
      expect(await outcomeOf(custody.client.sign(anAct(walletId), signing, consent))).toBe('consent_needed');
    });

    const two = (second: string) => {
      const sends = ['one', second].map((comment) => ({ ...coin, amount: 1n, comment }));
      return custody.signingOf(walletId, tonTransfer(sends, 6), 'ton:-239');
    };
    const asks = await custody.client.ask(anAct(walletId), await two('two'));
    await accept(asks, person);
    const { consent } = opened(asks);
    expect(await outcomeOf(custody.client.sign(anAct(walletId), await two('of a thief'), consent))).toBe(
      'consent_needed',
    );
    expect(await outcomeOf(custody.client.sign(anAct(walletId), await two('two'), consent))).toBe('done');
  });

  it('is accepted and signed once where custody is killed at either', async () => {
    const person = aPerson();
    const walletId = await aWalletOf(person);
    const asked = await ask(walletId, coins(500n));
    const killedAt = async (step: Promise<unknown>): Promise<void> => {
      await Promise.all([step.catch(() => undefined), custody.kill()]);
      await custody.run();
    };

    await killedAt(accept(asked, person));
    expect(await accept(asked, person)).toEqual({ state: 'accepted' });
    const callId = randomUUID();
    await killedAt(sign(walletId, coins(500n, 3), asked, callId));
    expect(await sign(walletId, coins(500n, 3), asked, callId)).toBe('done');
    expect(await sign(walletId, coins(500n, 4), asked)).toBe('consent_needed');
    const { rows } = await custody.asSuperuser((client) =>
      client.query(`SELECT call FROM custody.journal WHERE wallet_id = $1 ORDER BY sequence`, [walletId]),
    );
    expect(rows.map(({ call }) => call as string)).toEqual(['create', 'bind', 'sign']);
  });

  it('is no other one by a consent whose row was put back, which pulls the brake', async () => {
    const person = aPerson();
    const walletId = await aWalletOf(person);
    const stateOf = 'SELECT state FROM custody.consents WHERE digest = $1';
    const putBack = 'UPDATE custody.consents SET state = $2 WHERE digest = $1';
    const [asked, unfreeze] = [
      await ask(walletId, coins(500n)),
      await custody.client.askFor(anAct(walletId), 'unfreeze'),
    ];
    await accept(asked, person);
    for (const [one, use, again] of [
      [asked, () => sign(walletId, coins(500n, 3), asked), () => sign(walletId, coins(500n, 4), asked)],
      [unfreeze, () => accept(unfreeze, person), () => accept(unfreeze, person)],
    ] as const) {
      const digest = Buffer.from(opened(one).consent, 'hex');
      const { rows } = await custody.asSuperuser((client) => client.query(stateOf, [digest]));
      await use();
      await custody.asSuperuser((client) =>
        client.query(putBack, [digest, (rows[0] as { readonly state: string }).state]),
      );

      expect(JSON.stringify(await again())).toContain('braked');
      expect((await custody.client.health()).brake).not.toBeNull();
      expect(custody.command('release')).toBe('0: Wallets act again.');
    }
  });

  it('is refused above the amounts with consent too, counted exactly by parallel calls', async () => {
    const person = aPerson();
    const walletId = await aWalletOf(person);
    expect(await outcomeOf(ask(walletId, coins(10n * GAS + 1_001n)))).toBe('above_day');

    const asked = [];
    for (const act of times(5, () => coins(GAS))) {
      const one = await ask(walletId, act);
      await accept(one, person);
      asked.push(one);
    }
    const outcomes = await Promise.all(asked.map((one, nonce) => sign(walletId, coins(GAS, nonce), one)));

    // Three times the value and the fee of two of it.
    expect(outcomes.toSorted()).toEqual(['above_day', 'above_day', 'done', 'done', 'done']);
  });

  it('is asked for as a replacement by what it takes more', async () => {
    const walletId = await aWalletOf(aPerson());
    const fee = { maxFeePerGas: '1' };
    expect(await sign(walletId, coins(5n, 3, fee))).toBe('done');

    expect(await ask(walletId, coins(9n, 3, fee))).toEqual({ isFree: true });
    expect(await sign(walletId, coins(9n, 3, fee))).toBe('done');
    expect(await ask(walletId, coins(9n, 4, fee))).toMatchObject({ isFree: false });
  });

  it('waits with at most three others of its session, and is pushed out by none, however parallel they are', async () => {
    const person = aPerson();
    const walletId = await custody.page.aWalletOf(person);
    const askAs = async (session: string, act = coins(500n)) =>
      custody.client.ask(anAct(walletId), await custody.signingOf(walletId, act), { session });
    const [own, thief] = [randomUUID(), randomUUID()];
    const first = await askAs(own);

    const outcomes = await Promise.all(times(10, () => outcomeOf(askAs(thief))));
    expect(outcomes.toSorted()).toEqual([...times(4, () => 'done'), ...times(6, () => 'requests_waiting')]);
    const exporting = custody.client.askFor(anAct(walletId), 'export', { session: thief });
    expect(await outcomeOf(exporting)).toBe('requests_waiting');
    expect(await accept(first, person)).toEqual({ state: 'accepted' });
    for (let count = 0; count < 4; count += 1) await askAs(own);
    expect(await outcomeOf(askAs(own))).toBe('requests_waiting');
    // A session more is not another person.
    for (let count = 0; count < 8; count += 1) await askAs(randomUUID());
    expect(await outcomeOf(askAs(randomUUID()))).toBe('requests_waiting');
    expect(await sign(walletId, coins(500n), first)).toBe('done');
  });

  it('leaves at most four exports of a session that were accepted and not collected', async () => {
    const person = aPerson();
    const walletId = await custody.page.aWalletOf(person);
    const session = randomUUID();
    const asking = () => custody.client.askFor(anAct(walletId), 'export', { session });
    for (let count = 0; count < 4; count += 1) await accept(await asking(), person);

    expect(await outcomeOf(asking())).toBe('requests_waiting');
    // A signature waits for none of them.
    expect(await outcomeOf(ask(walletId, coins(500n)))).toBe('done');
    await custody.page.call({ call: 'clear-own', walletId }, custody.page.launch(person));
    expect(await outcomeOf(asking())).toBe('done');
  });

  it('ends with all others when its person says so at the bot, and comes back by no old row', async () => {
    const [person, other] = [aPerson(), aPerson()];
    const walletId = await custody.page.aWalletOf(person);
    const clear = (by: Person) => custody.page.call({ call: 'clear-own', walletId }, custody.page.launch(by));
    const [open, accepted] = [await ask(walletId, coins(500n)), await ask(walletId, coins(501n))];
    await accept(accepted, person);
    for (let count = 0; count < 3; count += 1) await ask(walletId, coins(500n));
    expect(await outcomeOf(ask(walletId, coins(500n)))).toBe('requests_waiting');

    expect(await clear(other)).toMatchObject({ code: 'wallet_unknown' });
    expect(await clear(person)).toEqual({});
    expect(await accept(open, person)).toMatchObject({ code: 'consent_unknown' });
    expect(await sign(walletId, coins(501n), accepted)).toBe('consent_needed');
    const again = await ask(walletId, coins(502n));
    // Of another wallet, by its unsealed column: the seal names the wallet.
    await custody.asSuperuser((client) =>
      client.query('UPDATE custody.consents SET wallet_id = $1 WHERE digest = $2', [
        ...[randomUUID(), Buffer.from(opened(open).consent, 'hex')],
      ]),
    );
    expect(await accept(open, person)).toMatchObject({ code: 'consent_unknown' });
    expect(await accept(again, person)).toEqual({ state: 'accepted' });
    expect(await sign(walletId, coins(502n), again)).toBe('done');
  });

  it('of a wallet without a person cannot be consented to', async () => {
    const walletId = randomUUID();
    await custody.client.create(anAct(walletId), 'production');

    expect(await outcomeOf(ask(walletId, coins(500n)))).toBe('consent_unavailable');
    expect(await outcomeOf(custody.client.askFor(anAct(walletId), 'export'))).toBe('consent_unavailable');
    expect(await outcomeOf(custody.client.askFor(anAct(walletId), 'unfreeze'))).toBe('consent_unavailable');
  });
});

describe('a launch', () => {
  const stranger = new FakeTelegram();

  it.each<readonly [string, (asked: Asked, person: Person) => Promise<Record<string, unknown>>, string]>([
    ['of another person', (asked) => accept(asked, aPerson()), 'consent_unknown'],
    [
      'of the test environment',
      (asked, person) => accept(asked, person, { botToken: custody.page.testBotToken, environment: 'test' }),
      'consent_unknown',
    ],
    ['of another bot', (asked, person) => accept(asked, person, { botToken: aBotToken() }), 'launch_refused'],
    [
      'that another key signed',
      (asked, person) => {
        const { consent, startParam } = opened(asked);
        const launch = stranger.signInitData({
          ...{ botToken: custody.page.botToken, user: person, authDate: new Date(), startParam },
        });
        return custody.page.call({ call: 'accept', consent }, launch);
      },
      'launch_refused',
    ],
    [
      'by the token of the bot alone',
      (asked, person) => accept(asked, person, { omitSignature: true }),
      'launch_refused',
    ],
    [
      'of eleven minutes ago',
      (asked, person) => accept(asked, person, { authDate: new Date(Date.now() - 660_000) }),
      'launch_refused',
    ],
    [
      'for another act',
      (asked, person) => accept(asked, person, { startParam: `w_${'A'.repeat(43)}` }),
      'consent_unknown',
    ],
    [
      'without a start parameter',
      (asked, person) => {
        const { consent } = opened(asked);
        return custody.page.call({ call: 'accept', consent }, custody.page.launch(person));
      },
      'consent_unknown',
    ],
    [
      'with another start parameter under the same signature',
      (asked, person) => {
        const { consent, startParam } = opened(asked);
        const launch = custody.page.launch(person, `w_${'A'.repeat(43)}`);
        return custody.page.call(
          { call: 'accept', consent },
          launch.replace(`w_${'A'.repeat(43)}`, startParam),
        );
      },
      'launch_refused',
    ],
    [
      'that is no init data',
      (asked) => custody.page.call({ call: 'accept', consent: opened(asked).consent }, 'x'),
      'launch_refused',
    ],
  ])('%s consents to nothing', async (_, open, code) => {
    const person = aPerson();
    const walletId = await aWalletOf(person);
    const asked = await ask(walletId, coins(500n));

    expect(await open(asked, person)).toMatchObject({ ok: false, code });
    expect(await sign(walletId, coins(500n), asked)).toBe('consent_needed');
  });

  it("is the person's for whom the wallet was made, once and within a day", async () => {
    const [owner, thief] = [aPerson(), aPerson()];
    const walletId = await aWalletOf(owner);
    expect(await outcomeOf(custody.client.askFor(anAct(walletId), 'bind'))).toBe('consent_unavailable');

    const fresh = randomUUID();
    await custody.client.create(anAct(fresh), 'production');
    const [first, second] = [
      await custody.client.askFor(anAct(fresh), 'bind'),
      await custody.client.askFor(anAct(fresh), 'bind'),
    ];
    const outcomes = await Promise.all([accept(first, owner), accept(second, thief)]);
    expect(outcomes.filter(({ state }) => state === 'done')).toHaveLength(1);

    const old = randomUUID();
    await custody.client.create(anAct(old), 'production');
    const late = await custody.client.askFor(anAct(old), 'bind');
    expect(late).toMatchObject({ isFree: false });
    await custody.later(25, async () => {
      expect(await outcomeOf(custody.client.askFor(anAct(old), 'bind'))).toBe('consent_unavailable');
    });
    // Later the operator alone.
    expect(custody.command('bind', old, String(owner.id))).toBe(
      `0: The wallet ${old} is that of ${owner.id}.`,
    );
    expect(custody.command('bind', old, 'ada')).toBe('1: custody refuses it: malformed');
    expect((await custody.page.exported(old, owner)).split(' ')).toHaveLength(12);
  });
});

describe('the consent page', () => {
  it('shows a person what is asked for, and their wallets, and no one else', async () => {
    const [person, other] = [aPerson(), aPerson()];
    const walletId = await aWalletOf(person);
    const signing = await custody.signingOf(walletId, coins(500n));
    const asked = await custody.client.ask(anAct(walletId), signing, { application: 'A game' });
    const { consent } = opened(asked);
    const { evmAddress } = await custody.client.describe(walletId);

    const shown = await custody.page.call({ call: 'show', consent }, custody.page.launch(person));
    expect(shown).toMatchObject({
      kind: 'sign',
      application: 'A game',
      act: {
        moves: [{ title: 'Send 0.0000000000000005 coins of Ethereum', rows: [['To', TO]] }],
        rows: [['Network', 'Ethereum'], ['Network fee', 'at most 0.000000000000042 coins of Ethereum'], {}],
      },
      state: 'open',
      wallet: { id: walletId, addresses: { evm: evmAddress } },
    });
    expect(await custody.page.call({ call: 'show', consent }, custody.page.launch(other))).toEqual({
      ...{ ok: false, code: 'consent_unknown' },
    });

    const own = (one: Person) => custody.page.call({ call: 'own' }, custody.page.launch(one));
    expect(await own(person)).toMatchObject({
      wallets: [
        { id: walletId, isDestroyed: false, last: [{ call: 'bind', kind: 'consented' }, { call: 'create' }] },
      ],
    });
    expect(await own(other)).toEqual({ wallets: [] });
  });

  it('freezes a wallet at once, and ends the freeze by consent', async () => {
    const [person, other] = [aPerson(), aPerson()];
    const walletId = await aWalletOf(person);
    const freeze = (one: Person) =>
      custody.page.call({ call: 'freeze-own', walletId }, custody.page.launch(one));

    expect(await freeze(other)).toMatchObject({ code: 'wallet_unknown' });
    const [accepted, early] = [
      await ask(walletId, coins(500n)),
      await custody.client.askFor(anAct(walletId), 'unfreeze'),
    ];
    await accept(accepted, person);
    for (let again = 0; again < 3; again += 1) expect(await freeze(person)).toEqual({});
    expect(await accept(early, person)).toMatchObject({ code: 'consent_unknown' });
    expect(await outcomeOf(custody.client.askFor(anAct(walletId), 'export'))).toBe('wallet_frozen');
    const { rows } = await custody.asSuperuser((client) =>
      client.query("SELECT FROM custody.journal WHERE wallet_id = $1 AND call = 'freeze'", [walletId]),
    );
    expect(rows).toHaveLength(1);
    expect(await sign(walletId, coins(1n, 0, { maxFeePerGas: '1' }))).toBe('wallet_frozen');

    const asked = await custody.client.askFor(anAct(walletId), 'unfreeze');
    expect(await accept(asked, other)).toMatchObject({ code: 'consent_unknown' });
    expect(await accept(asked, person)).toEqual({ state: 'done' });
    expect(await sign(walletId, coins(500n), accepted)).toBe('consent_needed');
    expect(await sign(walletId, coins(1n, 0, { maxFeePerGas: '1' }))).toBe('done');
  });

  it('gets the words of an export after a delay, sealed to it; a freeze ends the export', async () => {
    await custody.reload(rulesWith({ exportDelayHours: 24 }));
    const person = aPerson();
    const walletId = await aWalletOf(person);
    const asked = await custody.client.askFor(anAct(walletId), 'export');
    const collect = () => outcomeOf(custody.page.collected(asked, person));
    expect(await collect()).toBe('consent_needed');
    await accept(asked, person);
    expect(await collect()).toBe('too_early');

    const later = await custody.client.askFor(anAct(walletId), 'export');
    await accept(later, person);
    await custody.later(25, async () => {
      expect((await custody.page.collected(later, person)).split(' ')).toHaveLength(12);
      await custody.client.freeze(anAct(walletId));
      expect(await collect()).toBe('consent_unknown');
      // The API has yet to hear of the words that were shown.
      expect(await custody.client.asked(opened(later).consent)).toMatchObject({ state: 'done' });
    });
    custody.command('unfreeze', walletId);
    expect(await collect()).toBe('consent_unknown');
    await custody.reload(rulesWith());
    expect((await custody.page.exported(walletId, person)).split(' ')).toHaveLength(12);
  });

  it('knows its persons by an index key that stays in the ring', async () => {
    const person = aPerson();
    const walletId = await aWalletOf(person);
    for (const index of [generateKeyRing().index, ring.index]) {
      custody.writeKeyRing({ ...ring, index });
      custody.signal('SIGHUP');
      await until(() => custody.output.includes('which says whose wallets are'));
    }

    expect((await custody.page.exported(walletId, person)).split(' ')).toHaveLength(12);
  });

  it('holds up no signature by calls that prove nothing', async () => {
    const walletId = await custody.aWallet();
    const calls = [
      { call: 'freeze-own', walletId },
      { call: 'stop-way-out', walletId },
      { call: 'ask-way-out', walletId, address: TO, signature: '0x00' },
      { call: 'accept', consent: '00'.repeat(32) },
    ];
    await custody.asSuperuser(async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT FROM custody.journal_head FOR UPDATE');
      for (const call of calls)
        expect(await rawExchange(custody.consentSocket, encodeFrame(call, Buffer.from('junk')))).toMatch(
          /launch_refused|way_out_refused/,
        );
      await client.query('ROLLBACK');
    });
  });

  it('cannot be reached by the API, and reaches nothing of it', async () => {
    const walletId = await aWalletOf(aPerson());
    for (const header of [
      { call: 'describe', walletId },
      { call: 'destroy', ...anAct(walletId) },
    ])
      expect(await custody.page.call(header, '')).toMatchObject({ code: 'malformed' });
  });
});

describe('who takes the API, with all bots but that of consent', () => {
  it('gets what the rules allow without consent, however many links people tap', async () => {
    const free = GAS + 10n;
    await custody.reload({
      assets: [
        {
          ...{ chain: CHAIN, token: null, walletPerDay: String(free), allPerHour: String(3n * free) },
          withConsent: amounts(10n ** 18n),
        },
      ],
      ...{ exportsPerHour: 100, exportDelayHours: 0, destructionsPerHour: 2 },
    });
    // What the tests before have signed.
    await custody.asSuperuser((client) => client.query('TRUNCATE custody.sums, custody.outstanding'));
    const { journal: before } = await custody.client.health();
    const [thief, botOfProduct] = [aPerson(), aBotToken()];
    const people = times(12, () => aPerson());
    const wallets = await Promise.all(people.map((person) => aWalletOf(person)));
    const outcomes: Record<string, number> = {};
    const note = (what: string): void => void (outcomes[what] = (outcomes[what] ?? 0) + 1);

    await Promise.all(
      wallets.map(async (walletId, index) => {
        const person = people[index] as Person;
        note(`small: ${await sign(walletId, coins(10n, 0, { maxFeePerGas: '1' }))}`);
        const much = coins(10n ** 17n, 1);
        const asked = await ask(walletId, much);
        const exported = await custody.client.askFor(anAct(walletId), 'export');
        for (const one of [asked, exported]) {
          // The person taps the link in a product's bot, whose launch the thief has; the thief opens the consent bot.
          note(`accepted: ${String((await accept(one, person, { botToken: botOfProduct }))['code'])}`);
          note(`accepted: ${String((await accept(one, thief))['code'])}`);
        }
        note(`much: ${await sign(walletId, much)}`);
        note(`much: ${await sign(walletId, much, asked)}`);
        note(`words: ${await outcomeOf(custody.page.collected(exported, thief))}`);
        note(`bound: ${await outcomeOf(custody.client.askFor(anAct(walletId), 'bind'))}`);
        note(`destroyed: ${await outcomeOf(custody.client.destroy(anAct(walletId)))}`);
      }),
    );

    expect(outcomes).toEqual({
      ...{ 'small: done': 3, 'small: above_hour': 9 },
      ...{ 'accepted: launch_refused': 24, 'accepted: consent_unknown': 24 },
      ...{ 'much: above_day': 12, 'much: consent_needed': 12 },
      ...{ 'words: consent_unknown': 12, 'bound: consent_unavailable': 12 },
      ...{ 'destroyed: done': 2, 'destroyed: above_hour': 10 },
    });
    // Each act is in the journal, and none that was refused.
    const { rows } = await custody.asSuperuser((client) =>
      client.query<{ call: string; count: number }>(
        `SELECT call, count(*)::int AS count FROM custody.journal
         WHERE sequence > $1 AND call <> 'rules' GROUP BY call ORDER BY call`,
        [before.sequence],
      ),
    );
    expect(rows).toEqual([
      { call: 'bind', count: 12 },
      { call: 'create', count: 12 },
      { call: 'destroy', count: 2 },
      { call: 'sign', count: 3 },
    ]);
    await custody.reload(rulesWith());
  });
});
