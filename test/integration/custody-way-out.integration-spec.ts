import { until } from '../support/until';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFunctionData, erc20Abi, getAddress, maxUint256, type Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { generateKeyRing, extendKeyRing } from '@countersign/crypto';
import { messageOf, tonTransferPayload, type TonSend } from '@countersign/transfers';
import type { WalletAct } from '@countersign/wallet-acts';
import { tonWalletOf } from '@countersign/wallet-keys';
import { showTonAddress } from '@countersign/wallet-proofs';
import { startCustody } from '../../apps/custody/src/custody';
import { runCommand } from '../../apps/custody/src/operator';
import { aPerson, type Person } from '../factories';
import { callAt, opened } from '../support/consents';
import { TestCustody } from '../support/custody';
import { FakeClock } from '../support/fake-clock';
import { useFixture } from '../support/use-fixture';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const CHAIN = 'eip155:1';
const GAS = 21_000n;
const TOKEN = `0x${'ab'.repeat(20)}`;
const TON = `0:${'0f'.repeat(32)}`;
const STRANGER = `0:${'1f'.repeat(32)}`;
const SHOWN_TON = showTonAddress(TON, { isTest: false });
const NOTHING = { walletPerDay: '0', allPerHour: '0' };
const consented = (much: bigint) => ({ walletPerDay: String(much), allPerHour: String(much * 100n) });
/** Without consent nothing, and with it the fees of two transactions, or one of TON with what goes along. */
const rules = {
  assets: [
    { chain: CHAIN, token: null, ...NOTHING, withConsent: consented(2n * GAS) },
    { chain: 'ton:-239', token: null, ...NOTHING, withConsent: consented(110_000_000n) },
  ],
};
const ring = generateKeyRing();
const clock = new FakeClock();
const custody = useFixture(
  async () => {
    const one = await TestCustody.prepare(ring);
    one.hasCopy = true;
    one.writeRules(rules);
    one.page.now = () => clock.now();
    return Object.assign(one, {
      running: await startCustody({ ...one.environment, LOG_LEVEL: 'silent' }, { clock }),
    });
  },
  {
    close: async (one) => {
      await one.running.close();
      await one.close();
    },
  },
);

type Account = ReturnType<typeof privateKeyToAccount>;
const anAccount = (): Account => privateKeyToAccount(generatePrivateKey());
const anAct = (walletId: string) => ({ callId: randomUUID(), walletId });
const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );
const atPage = (header: object, person?: Person) =>
  custody.page.call(header, person ? custody.page.launch(person) : '');

async function atOperator(call: string, walletId: string): Promise<Record<string, unknown>> {
  const frame = await callAt(custody.operatorSocket, { call, ...anAct(walletId) });
  return frame?.header as Record<string, unknown>;
}

/** @returns the exit code, and what the command says */
async function command(words: readonly string[]): Promise<readonly [number, string]> {
  let said = '';
  for (const stream of ['stdout', 'stderr'] as const)
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  try {
    return [await runCommand(words, custody.environment), said.trim()];
  } finally {
    jest.restoreAllMocks();
  }
}

async function name(person: Person, walletId: string, wayOut: Account): Promise<void> {
  const asked = await custody.page.askForWayOut(walletId, wayOut, TON);
  expect(await custody.page.acceptWayOut(asked, person, wayOut)).toEqual({ state: 'done' });
}

const ask = (walletId: string, wayOut: Account) => custody.page.askWayOut(walletId, wayOut);
const textFor = (walletId: string, wayOut: Account) => custody.page.wayOutText(walletId, wayOut);

async function aWallet() {
  const person = aPerson();
  const walletId = await custody.page.aWalletOf(person);
  const wayOut = anAccount();
  await name(person, walletId, wayOut);
  clock.advance(72 * HOUR);
  return { person, walletId, wayOut };
}

async function shown(person: Person): Promise<Record<string, unknown>> {
  const { wallets } = await atPage({ call: 'own' }, person);
  return (wallets as readonly { wayOut: Record<string, unknown> }[])[0]?.wayOut ?? {};
}

const transaction = (to: string, value: bigint, nonce: number, data: Hex = '0x'): WalletAct => ({
  kind: 'transaction',
  transaction: {
    ...{ to, value: String(value), data, nonce, gas: String(GAS) },
    ...{ maxFeePerGas: '1', maxPriorityFeePerGas: '0' },
  },
});

async function sign(walletId: string, act: WalletAct): Promise<string> {
  const { evmAddress } = await custody.client.describe(walletId);
  const at = Math.floor(clock.now().getTime() / 1_000);
  const signing = { chain: CHAIN, address: evmAddress.toLowerCase(), at, act };
  const isFree = await custody.client.ask(anAct(walletId), signing).then(
    (asked) => asked.isFree,
    () => false,
  );
  const code = await codeOf(custody.client.sign(anAct(walletId), signing));
  expect(isFree).toBe(code === 'done');
  return code;
}

async function signTon(walletId: string, ...sends: readonly TonSend[]): Promise<string> {
  const { tonPublicKey } = await custody.client.describe(walletId);
  const { address } = tonWalletOf(Buffer.from(tonPublicKey, 'hex'), -239);
  const at = Math.floor(clock.now().getTime() / 1_000);
  const payload = tonTransferPayload({
    ...{ network: -239, seqno: 1, validUntil: at + 50, messages: sends.map(messageOf) },
  });
  const act = { kind: 'ton-transfer', payload: payload.toString('base64') } as const;
  return codeOf(custody.client.sign(anAct(walletId), { chain: 'ton:-239', address, at, act }));
}

/** The same secret with another instant in it. */
function laterBy(seconds: number, param: string): string {
  const secret = Buffer.from(param.slice(45), 'base64url');
  secret.writeUInt32BE(secret.readUInt32BE() + seconds);
  return param.slice(0, 45) + secret.toString('base64url');
}

describe('a way out', () => {
  it('opens a week after its wallet asked, for what goes there alone', async () => {
    const { person, walletId, wayOut } = await aWallet();
    const to = wayOut.address;
    expect(await sign(walletId, transaction(to, 10n ** 20n, 0))).toBe('above_day');
    const { readyAt } = await ask(walletId, wayOut);
    expect(readyAt).toBe(new Date(clock.now().getTime() + 7 * DAY * 1_000).toISOString());
    expect(await shown(person)).toMatchObject({ readyAt, openedAt: null });
    expect(await custody.client.waysOut()).toContainEqual(
      expect.objectContaining({ walletId, readyAt, openedAt: null }),
    );

    clock.advance(7 * DAY - 1);
    expect(await atOperator('open-way-out', walletId)).toMatchObject({
      code: 'too_early',
      retryAfterSeconds: 1,
    });
    expect(await sign(walletId, transaction(to, 10n ** 20n, 0))).toBe('above_day');
    clock.advance(1);
    // Time alone opens nothing.
    expect(await sign(walletId, transaction(to, 10n ** 20n, 0))).toBe('above_day');
    const listed = `${walletId}: from ${String(readyAt)}`;
    expect(await command(['way-out'])).toEqual([0, expect.stringContaining(listed)]);
    expect(await command(['way-out', walletId])).toEqual([
      ...[0, `The wallet ${walletId} may send everything to its way out.`],
    ]);

    const transfer = (receiver: string, method: 'transfer' | 'approve' = 'transfer') =>
      encodeFunctionData({ abi: erc20Abi, functionName: method, args: [getAddress(receiver), maxUint256] });
    const thief = anAccount().address;
    for (const [what, act, code] of [
      ['coins of another', transaction(thief, 1n, 0), 'above_day'],
      ['tokens of another', transaction(TOKEN, 0n, 0, transfer(thief)), 'asset_not_allowed'],
      ['an approval', transaction(TOKEN, 0n, 0, transfer(to, 'approve')), 'asset_not_allowed'],
      ['coins beside tokens', transaction(TOKEN, 1n, 0, transfer(to)), 'asset_not_allowed'],
      ['coins', transaction(to, 10n ** 20n, 0), 'done'],
      ['tokens without a rule', transaction(TOKEN, 0n, 1, transfer(to)), 'done'],
      // The fees of two are what the rules allow.
      ['a third fee', transaction(to, 1n, 2), 'above_day'],
    ] as const)
      expect([what, await sign(walletId, act)]).toEqual([what, code]);

    expect(await atPage({ call: 'stop-way-out', walletId }, person)).toEqual({});
    clock.advance(2 * DAY);
    expect(await sign(walletId, transaction(to, 1n, 3))).toBe('above_day');
  });

  it('on TON leads to the address that the person gave, and what goes along counts', async () => {
    const { walletId, wayOut } = await aWallet();
    await ask(walletId, wayOut);
    clock.advance(7 * DAY);
    await atOperator('open-way-out', walletId);
    const { tonPublicKey } = await custody.client.describe(walletId);
    const { address: responseTo } = tonWalletOf(Buffer.from(tonPublicKey, 'hex'), -239);
    const coin = (to: string): TonSend => ({
      ...{ kind: 'coin', to, amount: 10n ** 15n, bounce: false, comment: null },
    });
    const jetton = (to: string, attached: bigint): TonSend => ({
      ...{ kind: 'jetton', jettonWallet: `0:${'ef'.repeat(32)}`, to, amount: 5n, comment: null },
      ...{ attached, forward: 1n, responseTo, queryId: 7n },
    });

    expect(await signTon(walletId, coin(STRANGER))).toBe('above_day');
    expect(await signTon(walletId, coin(TON), coin(STRANGER))).toBe('above_day');
    expect(await signTon(walletId, jetton(STRANGER, 10n))).toBe('asset_not_allowed');
    // To the contract that a taken API names as the wallet of its jettons.
    expect(await signTon(walletId, jetton(TON, 70_000_000n))).toBe('above_day');
    expect(await signTon(walletId, jetton(TON, 50_000_000n))).toBe('done');
    clock.advance(DAY + HOUR);
    expect(await signTon(walletId, coin(TON), coin(TON))).toBe('done');
  });

  it('is named by two launches of its person, between which the wallet at its address signs', async () => {
    const [person, thief, wayOut] = [aPerson(), aPerson(), anAccount()];
    const walletId = await custody.page.aWalletOf(person);
    const [asked, other] = [
      await custody.page.askForWayOut(walletId, wayOut),
      await custody.page.askForWayOut(walletId, wayOut),
    ];
    const { consent, startParam } = opened(asked);
    const { text, address } = await atPage({ call: 'naming-text', consent });
    expect(address).toBe(wayOut.address.toLowerCase());
    expect(text).toContain(`Wallet: ${walletId}\nWay out: ${wayOut.address.toLowerCase()}\n`);
    const { text: otherText } = await atPage({ call: 'naming-text', consent: opened(other).consent });
    const link = (signature: string, launch: string) =>
      custody.page.call({ call: 'accept-link', consent, signature }, launch);
    const first = () => custody.page.launch(person, startParam);
    for (const [what, by, message] of [
      ['another key', anAccount(), text],
      ['another text', wayOut, 'hello'],
      ['the text to ask', wayOut, await textFor(walletId, wayOut)],
      ['the text of another naming', wayOut, otherText],
    ] as const)
      expect([what, await link(await by.signMessage({ message: String(message) }), first())]).toEqual([
        what,
        { ok: false, code: 'way_out_refused' },
      ]);
    expect(await link('0x', first())).toMatchObject({ code: 'way_out_refused' });

    const signature = await wayOut.signMessage({ message: String(text) });
    for (const launch of [
      custody.page.launch(person),
      custody.page.launch(person, opened(other).startParam),
      custody.page.launch(thief, startParam),
    ])
      expect(await link(signature, launch)).toMatchObject({ code: 'consent_unknown' });
    expect(await link(signature, '')).toMatchObject({ code: 'launch_refused' });

    const second = (await link(signature, first())) as { link: string };
    const secret = opened(second).startParam;
    expect(secret.slice(0, 45)).toBe(startParam.replace('w_', 'a_'));
    expect(secret).toHaveLength(64);
    expect(await custody.page.accept(asked, person)).toMatchObject({ code: 'consent_needed' });
    const accept = (by: Person, param: string) =>
      custody.page.call({ call: 'accept', consent }, custody.page.launch(by, param));
    const ofOther = opened((await custody.page.acceptLink(other, person, wayOut)) as { link: string });
    for (const param of [
      startParam.replace('w_', 'a_'),
      ofOther.startParam,
      secret.slice(0, 45) + ofOther.startParam.slice(45),
      laterBy(1, secret),
    ])
      expect(await accept(person, param)).toMatchObject({ code: 'consent_unknown' });
    expect(await accept(thief, secret)).toMatchObject({ code: 'consent_unknown' });
    clock.advance(121);
    expect(await accept(person, secret)).toMatchObject({ code: 'consent_unknown' });
    expect(await shown(person)).toEqual({});

    const again = opened((await link(signature, first())) as { link: string }).startParam;
    clock.advance(119);
    expect(await accept(person, again)).toEqual({ state: 'done' });
    expect(await accept(person, again)).toEqual({ state: 'done' });
    expect(await link(signature, first())).toMatchObject({ code: 'consent_unknown' });
    expect(await shown(person)).toMatchObject({ to: null, next: { to: { evm: wayOut.address } } });
    expect(await custody.client.asked(consent)).toMatchObject({ kind: 'way-out', state: 'done' });
  });

  it('waits for 72 hours, also the first one, in which the API and its person can stop it', async () => {
    const [person, wayOut] = [aPerson(), anAccount()];
    const walletId = await custody.page.aWalletOf(person);
    const state = async () => (await custody.client.describe(walletId)).wayOut;
    const at = new Date(clock.now().getTime() + 72 * HOUR * 1_000).toISOString();
    await name(person, walletId, wayOut);
    expect(await state()).toMatchObject({
      to: null,
      next: { at, to: { evm: wayOut.address, ton: SHOWN_TON } },
    });
    clock.advance(72 * HOUR - 1);
    expect(await ask(walletId, wayOut)).toMatchObject({ code: 'way_out_refused' });
    await custody.client.stopNaming(anAct(walletId));
    clock.advance(1);
    expect(await state()).toBeNull();

    await name(person, walletId, wayOut);
    expect(await atPage({ call: 'stop-way-out', walletId }, aPerson())).toMatchObject({
      code: 'wallet_unknown',
    });
    expect(await atPage({ call: 'stop-way-out', walletId }, person)).toEqual({});
    clock.advance(72 * HOUR);
    expect(await state()).toBeNull();

    await name(person, walletId, wayOut);
    clock.advance(72 * HOUR);
    // One that is there stays, whatever the API says.
    await custody.client.stopNaming(anAct(walletId));
    expect(await state()).toMatchObject({ to: { evm: wayOut.address }, next: null });
    expect(await ask(walletId, wayOut)).toMatchObject({ readyAt: expect.any(String) as string });
    await custody.client.stopNaming(anAct(walletId));
    expect(await state()).toMatchObject({ readyAt: expect.any(String) as string });
  });

  it('is not named by the consent page alone, whatever launches it has', async () => {
    const [person, thief, wayOut] = [aPerson(), anAccount(), anAccount()];
    const walletId = await custody.page.aWalletOf(person);
    const launches = [custody.page.launch(person), custody.page.launch(person, `w_${'A'.repeat(43)}`)];
    const to = { evm: thief.address, ton: null };
    for (const launch of launches) {
      const calls = [
        { call: 'ask-for', ...anAct(walletId), kind: 'way-out', application: '', to },
        { call: 'accept', consent: '00'.repeat(32) },
        { call: 'accept-link', consent: '00'.repeat(32), signature: '0x' },
      ];
      for (const call of calls)
        expect(await custody.page.call(call, launch)).toMatchObject({
          code: expect.stringMatching(/malformed|consent_unknown/) as string,
        });
    }
    // The person asked for a way out of their own: the page puts no other wallet in its place.
    const asked = await custody.page.askForWayOut(walletId, wayOut);
    expect(await custody.page.acceptWayOut(asked, person, thief)).toMatchObject({ code: 'way_out_refused' });
    await custody.page.acceptWayOut(asked, person, wayOut);
    clock.advance(72 * HOUR);
    expect(await ask(walletId, thief)).toMatchObject({ code: 'way_out_refused' });
    expect(await shown(person)).toMatchObject({ to: { evm: wayOut.address, ton: null } });
  });

  it('is asked for by its own wallet, once for each text', async () => {
    const { person, walletId, wayOut } = await aWallet();
    const second = await custody.page.aWalletOf(person);
    await name(person, second, wayOut);
    clock.advance(72 * HOUR);
    const thief = anAccount();
    const message = await textFor(walletId, wayOut);
    const signature = await wayOut.signMessage({ message });
    const call = { call: 'ask-way-out', walletId, address: wayOut.address, signature };

    expect(await atPage({ ...call, walletId: second })).toMatchObject({ code: 'way_out_refused' });
    expect(await atPage({ ...call, signature: await thief.signMessage({ message }) })).toMatchObject({
      code: 'way_out_refused',
    });
    expect(await ask(walletId, thief)).toMatchObject({ code: 'way_out_refused' });
    expect(await ask(await custody.page.aWalletOf(aPerson()), wayOut)).toMatchObject({
      code: 'way_out_refused',
    });

    expect(await atPage(call)).toMatchObject({ readyAt: expect.any(String) as string });
    expect(await atPage({ call: 'stop-way-out', walletId }, aPerson())).toMatchObject({
      code: 'wallet_unknown',
    });
    expect(await atPage({ call: 'stop-way-out', walletId }, person)).toEqual({});
    expect(await shown(person)).toMatchObject({ readyAt: null });
    // The signature that began it, again.
    expect(await atPage(call)).toMatchObject({ code: 'way_out_refused' });
    clock.advance(8 * DAY);
    expect(await atOperator('open-way-out', walletId)).toMatchObject({ code: 'way_out_refused' });
    expect((await custody.client.waysOut()).map((one) => one.walletId)).not.toContain(walletId);
  });

  it('changes after 72 hours, in which the earlier one stays', async () => {
    const { person, walletId, wayOut } = await aWallet();
    const next = anAccount();
    await name(person, walletId, next);
    clock.advance(72 * HOUR - 1);
    expect(await ask(walletId, next)).toMatchObject({ code: 'way_out_refused' });
    expect(await ask(walletId, wayOut)).toMatchObject({ readyAt: expect.any(String) as string });

    clock.advance(1);
    expect(await shown(person)).toMatchObject({ to: { evm: next.address }, readyAt: null });
    expect(await ask(walletId, wayOut)).toMatchObject({ code: 'way_out_refused' });
    clock.advance(7 * DAY);
    expect(await atOperator('open-way-out', walletId)).toMatchObject({ code: 'way_out_refused' });
    expect(await ask(walletId, next)).toMatchObject({ readyAt: expect.any(String) as string });
  });

  it('can be asked for while the wallet is frozen or the brake is on, and opens and signs nothing then', async () => {
    const { walletId, wayOut } = await aWallet();
    const stopped = await aWallet();
    await custody.client.freeze(anAct(walletId));
    await ask(walletId, wayOut);
    await ask(stopped.walletId, stopped.wayOut);
    clock.advance(7 * DAY);

    expect(await atOperator('open-way-out', walletId)).toMatchObject({ code: 'wallet_frozen' });
    await atOperator('unfreeze', walletId);
    await custody.client.brake(randomUUID(), 'test');
    expect(await atOperator('open-way-out', walletId)).toMatchObject({ code: 'braked' });
    await runCommand(['release'], custody.environment);
    expect(await atOperator('open-way-out', walletId)).toMatchObject({ ok: true });
    await custody.client.freeze(anAct(walletId));
    expect(await sign(walletId, transaction(wayOut.address, 1n, 0))).toBe('wallet_frozen');
    await atOperator('unfreeze', walletId);
    await custody.client.brake(randomUUID(), 'test');
    expect(await sign(walletId, transaction(wayOut.address, 1n, 0))).toBe('braked');
    await runCommand(['release'], custody.environment);
    expect(await sign(walletId, transaction(wayOut.address, 1n, 0))).toBe('done');
  });

  it('is named, asked for and opened by nothing that the API can do alone', async () => {
    const { person, walletId, wayOut } = await aWallet();
    const thief = anAccount();
    const signature = await wayOut.signMessage({ message: await textFor(walletId, wayOut) });
    const { address } = wayOut;
    const asked = await custody.page.askForWayOut(walletId, thief);
    const { consent, startParam } = opened(asked);
    expect(asked).toMatchObject({ link: expect.stringContaining('?startapp=w_') as string });
    for (const [header, body] of [
      [{ call: 'naming-text', consent }, ''],
      [{ call: 'accept-link', consent, signature }, custody.page.launch(person, startParam)],
      [{ call: 'accept', consent }, custody.page.launch(person, startParam)],
      [{ call: 'ask-way-out', walletId, address, signature }, ''],
      [{ call: 'way-out-text', walletId, address }, ''],
      [{ call: 'open-way-out', ...anAct(walletId) }, ''],
    ] as const) {
      const frame = await callAt(custody.socket, header, body);
      expect([header.call, frame?.header]).toEqual([header.call, { ok: false, code: 'malformed' }]);
    }
    // Its own wallet signs. At the page, which all may call, it lacks a launch of the person for this link.
    const text = String((await atPage({ call: 'naming-text', consent }))['text']);
    const own = await thief.signMessage({ message: text });
    for (const launch of ['', custody.page.launch(aPerson(), startParam), custody.page.launch(person)])
      expect(
        await custody.page.call({ call: 'accept-link', consent, signature: own }, launch),
      ).not.toHaveProperty('link');
    expect(await custody.page.accept(asked, person)).toMatchObject({ code: 'consent_needed' });
    clock.advance(72 * HOUR);
    expect(await ask(walletId, thief)).toMatchObject({ code: 'way_out_refused' });
    for (const to of [null, { evm: 'nowhere', ton: null }, { evm: address, ton: 'nowhere' }]) {
      const refusal = custody.client.askFor(anAct(walletId), 'way-out', {}, to);
      expect(await codeOf(refusal)).toBe(to ? 'act_refused' : 'malformed');
    }
    expect(
      await codeOf(custody.client.askFor(anAct(walletId), 'export', {}, { evm: address, ton: null })),
    ).toBe('malformed');
    expect(
      await codeOf(
        custody.client.askFor(anAct(await custody.aWallet()), 'way-out', {}, { evm: address, ton: null }),
      ),
    ).toBe('consent_unavailable');
  });

  it('is no wallet that custody has: it signs no such text', async () => {
    const { person, walletId } = await aWallet();
    const own = await custody.page.aWalletOf(person);
    const { evmAddress } = await custody.client.describe(own);
    const { text } = await atPage({ call: 'way-out-text', walletId, address: evmAddress });
    const hex = `0x${Buffer.from(String(text)).toString('hex')}`;

    expect(await codeOf(custody.signText(anAct(own), String(text)))).toBe('act_refused');
    expect(await sign(own, { kind: 'message', message: hex, encoding: 'hex' })).toBe('act_refused');
  });
});

describe('the row of a way out', () => {
  const column = async (walletId: string): Promise<unknown> =>
    custody.asSuperuser(async (client) => {
      const { rows } = await client.query<{ state: string }>(
        'SELECT state FROM custody.wallets WHERE id = $1',
        [walletId],
      );
      return rows[0]?.state;
    });
  it('is none for another person, whom the operator bound the wallet to', async () => {
    const { walletId, wayOut } = await aWallet();
    await ask(walletId, wayOut);
    const next = aPerson();
    await callAt(custody.operatorSocket, { call: 'bind', ...anAct(walletId), userId: String(next.id) });
    clock.advance(7 * DAY);

    expect(await shown(next)).toEqual({});
    expect(await atOperator('open-way-out', walletId)).toMatchObject({ code: 'way_out_refused' });
  });

  it('is sealed again when the ring changes', async () => {
    const { person, walletId } = await aWallet();
    const { document, id } = extendKeyRing(ring, 'sealing');
    const both = document.sealing.toReversed();
    const keyOf = async () => String(await column(walletId)).split(':')[1];
    custody.writeKeyRing({ ...document, sealing: both });
    await custody.running.reload();
    await until(async () => (await keyOf()) === id);
    custody.writeKeyRing({ ...document, sealing: both.filter((key) => key.id === id) });
    await custody.running.reload();

    expect(await shown(person)).toMatchObject({ to: { ton: SHOWN_TON } });
  });

  it('is in the copy, and comes back with it', async () => {
    const { person, walletId, wayOut } = await aWallet();
    const file = join(custody.copyFolder, `${walletId}.json`);
    const { state: sealed } = JSON.parse(readFileSync(file, 'utf8')) as { state: string };
    expect(sealed).toBe(await column(walletId));
    await custody.asSuperuser((client) =>
      client.query('DELETE FROM custody.wallets WHERE id = $1', [walletId]),
    );

    expect(await atOperator('restore-key', walletId)).toMatchObject({ isNew: true });
    expect(await shown(person)).toMatchObject({ to: { evm: wayOut.address, ton: SHOWN_TON } });
  });
});
