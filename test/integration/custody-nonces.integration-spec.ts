import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { encodeFunctionData, erc20Abi, keccak256, parseTransaction, type Address, type Hex } from 'viem';
import { NO_WALLET } from '@countersign/custody-protocol';
import { signedTransaction, unsignedTransaction, type WalletAct } from '@countersign/wallet-acts';
import { aPerson, times } from '../factories';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { callAt, opened } from '../support/consents';
import { anAct, coins, outcomeOf, TestCustody } from '../support/custody';
import { anAuthorisation } from '../support/embedded-wallets';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';

const CHAIN = 'eip155:31337';
const GWEI = 10n ** 9n;
const ETHER = 10n ** 18n;
const GAS = 21_000n;
const THIEF: Address = `0x${'66'.repeat(20)}`;
const MUCH = { walletPerDay: String(10n ** 30n), allPerHour: String(10n ** 33n) };
const RULES = { assets: [{ chain: CHAIN, token: null, ...MUCH }] };

const custody = useFixture(() => TestCustody.start(undefined, RULES), { close: (one) => one.close() });

/** Of 2 gwei a gas. */
const fees = { maxFeePerGas: 2n * GWEI, maxPriorityFeePerGas: GWEI };
const transfer = (nonce: number, value = GWEI) =>
  coins(value, nonce, {
    to: THIEF,
    ...{ maxFeePerGas: String(fees.maxFeePerGas), maxPriorityFeePerGas: String(fees.maxPriorityFeePerGas) },
  });

const sign = async (walletId: string, nonce: number): Promise<Buffer> =>
  custody.client.sign(anAct(walletId), await custody.signingOf(walletId, transfer(nonce), CHAIN));
const outcome = (walletId: string, nonce: number) => outcomeOf(sign(walletId, nonce));

/** Signed, as a thief stores it. */
async function stored(walletId: string, nonce: number): Promise<Hex> {
  const call = { to: THIEF, value: GWEI, data: '0x' } as const;
  const unsigned = unsignedTransaction({ chainId: 31_337, call, gas: GAS, fees, nonce });
  return `0x${signedTransaction(unsigned, await sign(walletId, nonce)).toString('hex')}`;
}

interface Cancelled {
  readonly nonce: number;
  readonly fee: string;
  readonly address: string;
  readonly transaction: Hex;
}

interface Printed extends Cancelled {
  readonly walletId: string;
  readonly next: number;
  readonly amounts: object;
}

/** What a command of the operator prints about one wallet. */
function printed(walletId: string, ...words: string[]): readonly Printed[] {
  const [, lines = ''] = /^0: ([^]*)$/.exec(custody.command(...words)) ?? [];
  const all = lines.split('\n').filter(Boolean);
  return all.map((line) => JSON.parse(line) as Printed).filter((one) => one.walletId === walletId);
}

/** Not by a command, which blocks this process, and with it the nodes in it. */
async function isSettled(walletId: string): Promise<boolean> {
  const answer = await callAt(custody.operatorSocket, { call: 'unsettled', after: NO_WALLET });
  const all = JSON.parse(String(answer?.body)) as readonly Printed[];
  return all.every((one) => one.walletId !== walletId);
}

describe('the nonces that custody signs', () => {
  afterEach(() => {
    custody.nextNonce = () => 0;
  });

  it('are none before the reader has reported', async () => {
    custody.nextNonce = () => null;
    const walletId = await custody.aWallet();
    const { act, ...context } = await custody.signingOf(walletId, transfer(0), CHAIN);
    const call = { call: 'sign', ...anAct(walletId), ...context, consent: null };
    const answerOf = async () => (await callAt(custody.socket, call, JSON.stringify(act)))?.header;

    expect(await answerOf()).toEqual({ ok: false, code: 'nonce_unread' });
    custody.nextNonce = () => 0;
    await until(async () => ((await answerOf()) as { ok: boolean }).ok);
  });

  it('are those from the next one of the chain to one above the highest signed one, at most 16', async () => {
    const walletId = await custody.aWallet();

    expect(await outcome(walletId, 1)).toBe('nonce_outside');
    expect(await outcome(walletId, 0)).toBe('done');
    expect(await outcome(walletId, 2)).toBe('nonce_outside');
    for (const nonce of times(15, (index) => index + 1)) expect(await outcome(walletId, nonce)).toBe('done');
    expect(await outcome(walletId, 16)).toBe('nonce_outside');
    expect(await outcome(walletId, 3)).toBe('done');

    custody.nextNonce = () => 2;
    await until(async () => (await outcome(walletId, 16)) === 'done');
    expect(await outcome(walletId, 1)).toBe('nonce_outside');
    expect(await outcome(walletId, 17)).toBe('done');
    expect(await outcome(walletId, 18)).toBe('nonce_outside');
  });

  it('are 16 at most, however parallel the calls', async () => {
    const walletId = await custody.openNonces(await custody.aWallet(), CHAIN);

    const outcomes = await Promise.all(times(20, (nonce) => outcome(walletId, nonce)));
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(16);
    expect(outcomes.filter((one) => one === 'nonce_outside')).toHaveLength(4);
  });

  it('are free again where a report is lower than the one before: what it settled counts again', async () => {
    const walletId = await custody.aWallet();
    for (const nonce of times(16, (index) => index)) expect(await outcome(walletId, nonce)).toBe('done');
    const report = (next: number) =>
      callAt(custody.readerSocket, { call: 'report', walletId, on: CHAIN, next });
    custody.nextNonce = () => null;
    const amountsOf = () => printed(walletId, 'unsettled')[0]?.amounts;
    const all = amountsOf();

    await report(16);
    expect(amountsOf()).toBeUndefined();
    expect(await outcome(walletId, 16)).toBe('done');
    await report(2);
    expect(printed(walletId, 'unsettled')).toMatchObject([{ next: 2, highest: 16 }]);
    expect(await outcome(walletId, 17)).toBe('done');
    expect(await outcome(walletId, 18)).toBe('nonce_outside');
    expect(printed(walletId, 'cancel').map(({ nonce }) => nonce)).toEqual(times(16, (at) => at + 2));
    await report(0);
    expect(amountsOf()).not.toEqual(all);
    expect(await outcome(walletId, 16)).toBe('nonce_outside');
  });

  it('stay as they are while the reader is down for a day: the window fills, and nothing is settled', async () => {
    const walletId = await custody.aWallet();
    expect(await outcome(walletId, 0)).toBe('done');
    custody.nextNonce = () => null;

    await custody.later(24, async () => {
      for (const nonce of times(15, (index) => index + 1))
        expect(await outcome(walletId, nonce)).toBe('done');
      expect(await outcome(walletId, 16)).toBe('nonce_outside');
      const other = await custody.aWallet();
      const { act, ...context } = await custody.signingOf(other, transfer(0), CHAIN);
      const call = { call: 'sign', ...anAct(other), ...context, consent: null };
      const answer = await callAt(custody.socket, call, JSON.stringify(act));
      expect(answer?.header).toEqual({ ok: false, code: 'nonce_unread' });
    });
    expect(printed(walletId, 'unsettled')).toMatchObject([{ next: 0, highest: 15 }]);
    custody.nextNonce = () => 16;
    await until(async () => (await outcome(walletId, 16)) === 'done');
  });

  it('are cancelled also where the signed transaction counts as nothing', async () => {
    const walletId = await custody.aWallet();
    const free = coins(0n, 0, { to: THIEF, maxFeePerGas: '0' });
    const signing = await custody.signingOf(walletId, free, CHAIN);

    expect(await outcomeOf(custody.client.sign(anAct(walletId), signing))).toBe('done');
    expect(printed(walletId, 'unsettled')).toMatchObject([{ next: 0, highest: 0, amounts: null }]);
    expect(printed(walletId, 'cancel', '7')).toMatchObject([{ nonce: 0, fee: String(7n * GAS) }]);
  });

  it('cost no more to cancel than a tenth above the amount of the coin', async () => {
    const walletId = await custody.aWallet();
    const most = BigInt(MUCH.walletPerDay) / GAS;
    for (const [gas, price] of [
      ['0', 2n ** 256n - 1n],
      ['20999', 1n],
      ['21000', most + 1n],
    ] as const) {
      const act = coins(0n, 0, { gas, maxFeePerGas: String(price) });
      const signing = await custody.signingOf(walletId, act, CHAIN);
      expect(await outcomeOf(custody.client.sign(anAct(walletId), signing))).toMatch(/act_refused|above_day/);
    }
    const act = coins(0n, 0, { maxFeePerGas: String(most) });
    await custody.client.sign(anAct(walletId), await custody.signingOf(walletId, act, CHAIN));

    const [{ fee } = { fee: '' }] = printed(walletId, 'cancel');
    expect(BigInt(fee) * 10n).toBeLessThanOrEqual(11n * BigInt(MUCH.walletPerDay));
  });

  it('are settled by nobody but the reader', async () => {
    const walletId = await custody.aWallet();
    const report = { call: 'report', walletId, on: CHAIN, next: 9 };
    for (const socket of [custody.socket, custody.operatorSocket, custody.consentSocket])
      expect((await callAt(socket, report))?.header).toEqual({ ok: false, code: 'malformed' });
    for (const call of [
      { call: 'unsettled', after: walletId, on: '' },
      { call: 'health' },
      { call: 'brake', callId: randomUUID(), reason: 'x' },
    ])
      expect((await callAt(custody.readerSocket, call))?.header).toEqual({ ok: false, code: 'malformed' });
  });
});

describe('what was signed and can still move', () => {
  const token = `0x${'11'.repeat(20)}`;
  const amounts = {
    walletPerDay: '100',
    allPerHour: String(10n ** 30n),
    outstanding: { wallet: '150', all: '400' },
  };
  const ofToken = (more: object = {}) => ({
    chain: 'eip155:1',
    token,
    ...amounts,
    withConsent: amounts,
    ...more,
  });
  const rules = (more: object = {}) => ({
    assets: [{ chain: 'eip155:1', token: null, ...MUCH, withConsent: MUCH }, ofToken(more)],
  });
  const send = (value: bigint, nonce: number): WalletAct => {
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [THIEF, value] });
    return coins(0n, nonce, { to: token, data, gas: '60000' });
  };
  const outcomeOn = async (walletId: string, act: WalletAct) =>
    outcomeOf(custody.client.sign(anAct(walletId), await custody.signingOf(walletId, act)));
  /** As after a day. */
  const nextDay = () => custody.asSuperuser((client) => client.query('DELETE FROM custody.sums'));
  beforeEach(async () => {
    await custody.asSuperuser((client) => client.query('TRUNCATE custody.outstanding'));
    await custody.reload(rules());
  });
  afterAll(() => custody.reload(RULES));
  afterEach(() => {
    custody.nextNonce = () => 0;
  });

  it('is limited for a wallet for longer than a day, until the chain has it', async () => {
    const walletId = await custody.aWallet();
    expect(await outcomeOn(walletId, send(90n, 0))).toBe('done');
    await nextDay();
    expect(await outcomeOn(walletId, send(61n, 1))).toBe('above_outstanding');
    expect(await outcomeOn(walletId, send(60n, 1))).toBe('done');
    await nextDay();
    expect(await outcomeOn(walletId, send(1n, 2))).toBe('above_outstanding');
    // The largest of one nonce counts, in whatever order they are signed.
    expect(await outcomeOn(walletId, send(1n, 0))).toBe('done');
    expect(await outcomeOn(walletId, send(90n, 0))).toBe('done');
    expect(await outcomeOn(walletId, send(91n, 0))).toBe('above_outstanding');
    expect(await outcomeOn(walletId, send(1n, 2))).toBe('above_outstanding');
    expect(printed(walletId, 'unsettled')[0]?.amounts).toMatchObject({
      [`eip155:1/${token}`]: '150',
    });

    custody.nextNonce = () => 1;
    expect(await outcomeOn(walletId, send(1n, 9))).toBe('above_outstanding');
    expect(await outcomeOn(walletId, coins(0n, 9))).toBe('nonce_outside');
    await until(async () => (await outcomeOn(walletId, send(90n, 2))) === 'done');
    expect(await outcomeOn(walletId, send(1n, 3))).toBe('above_outstanding');
  });

  it('is limited for all wallets together, exactly, by parallel calls', async () => {
    const wallets = await Promise.all(times(6, async () => custody.openNonces(await custody.aWallet())));

    const outcomes = await Promise.all(wallets.map((walletId) => outcomeOn(walletId, send(90n, 0))));
    expect(outcomes.filter((one) => one === 'done')).toHaveLength(4);
    expect(outcomes.filter((one) => one === 'above_outstanding')).toHaveLength(2);
  });

  it('counts apart what a person consented to', async () => {
    const person = aPerson();
    const walletId = await custody.openNonces(await custody.page.aWalletOf(person));
    expect(await outcomeOn(walletId, send(90n, 0))).toBe('done');
    await nextDay();
    const signing = async (nonce: number) => custody.signingOf(walletId, send(70n, nonce));
    const consented = async (nonce: number) => {
      const asked = await custody.client.ask(anAct(walletId), await signing(nonce));
      await custody.page.accept(asked, person);
      return outcomeOf(custody.client.sign(anAct(walletId), await signing(nonce), opened(asked).consent));
    };

    expect(await consented(1)).toBe('done');
    await nextDay();
    expect(await consented(2)).toBe('done');
    await nextDay();
    expect(await outcomeOf(custody.client.ask(anAct(walletId), await signing(3)))).toBe('above_outstanding');
  });

  it('counts a signature that one call uses up until its deadline', async () => {
    await custody.reload(
      rules({ ...amounts, walletPerDay: '1000000', outstanding: { wallet: '1000000', all: '3000000' } }),
    );
    const walletId = await custody.aWallet();
    const { evmAddress } = await custody.client.describe(walletId);
    const authorisation = (seconds: number) => {
      const { request } = anAuthorisation(evmAddress, seconds) as { readonly request: object };
      return outcomeOn(walletId, { kind: 'typed-data', ...request } as WalletAct);
    };

    expect(await authorisation(3)).toBe('done');
    await nextDay();
    expect(await authorisation(3_000)).toBe('above_outstanding');
    await until(async () => (await authorisation(3_001)) === 'done');
    await nextDay();
    expect(await authorisation(3_002)).toBe('above_outstanding');
  });
});

describeWithAnvil('the reader of chains', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1'] });
  let late = false;
  let isOld = false;
  let asked = 0;
  /** A second node, which may know of nothing. */
  const second = useFixture(
    async () => {
      const server = createServer((request, response) => {
        const answer = async () => {
          const body = await text(request);
          if (body.includes('eth_getTransactionCount')) asked += 1;
          if (late && body.includes('eth_getTransactionCount'))
            return JSON.stringify(
              (JSON.parse(body) as { id: number }[]).map(({ id }) => ({ jsonrpc: '2.0', id, result: '0x0' })),
            );
          if (isOld && body.includes('"finalized"'))
            return JSON.stringify(
              (JSON.parse(body) as { id: number }[]).map(({ id }) => ({
                ...{ jsonrpc: '2.0', id },
                error: { code: -32_602, message: 'invalid argument 1: hex string without 0x prefix' },
              })),
            );
          const headers = { 'content-type': 'application/json' };
          return (await fetch(anvil.url, { method: 'POST', headers, body })).text();
        };
        answer().then(
          (said) => response.end(said),
          () => response.destroy(),
        );
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
    },
    { close: ({ server }) => void server.close() },
  );
  let stop: () => Promise<void>;
  beforeEach(async () => {
    late = isOld = false;
    await custody.reload({ ...RULES, chains: [{ chain: CHAIN, rpcUrls: [anvil.url, second.url] }] });
    stop = custody.startReader();
  });
  afterEach(() => stop());

  async function aFunded(value: bigint): Promise<{ readonly walletId: string; readonly address: Address }> {
    const walletId = await custody.aWallet();
    const { evmAddress } = await custody.client.describe(walletId);
    const address = evmAddress as Address;
    await anvil.request('anvil_setBalance', [address, `0x${value.toString(16)}`]);
    return { walletId, address };
  }
  const broadcast = (raw: Hex) => anvil.request<Hex>('eth_sendRawTransaction', [raw]).catch(() => null);
  const countOf = (address: Address) => anvil.client.getTransactionCount({ address });

  it('settles a nonce once both nodes have it in a final block', async () => {
    const { walletId } = await aFunded(ETHER);
    const all: Hex[] = [];
    for (const nonce of times(16, (index) => index)) all.push(await stored(walletId, nonce));
    late = true;
    for (const raw of all) await broadcast(raw);
    await anvil.mine(4);
    const nextOf = () => printed(walletId, 'unsettled')[0]?.next;

    expect(await outcome(walletId, 16)).toBe('nonce_outside');
    const before = asked;
    await until(() => asked > before + 1);
    expect(nextOf()).toBe(0);
    late = false;
    await until(async () => (await outcome(walletId, 16)) === 'done');
    expect(nextOf()).toBe(16);
  });

  it('reports nothing where a node does not know the block finalized', async () => {
    const { walletId } = await aFunded(ETHER);
    await sign(walletId, 0);
    isOld = true;
    for (const nonce of times(15, (index) => index + 1)) await sign(walletId, nonce);
    const before = asked;
    await until(() => asked > before + 2);

    expect(await outcome(walletId, 16)).toBe('nonce_outside');
    expect(printed(walletId, 'unsettled')).toMatchObject([{ next: 0, highest: 15 }]);
  });

  it('settles nothing that a reorganisation may still take back, and lets it be signed again', async () => {
    const { walletId, address } = await aFunded(ETHER);
    const raw = await stored(walletId, 0);
    const snapshot = await anvil.request('evm_snapshot', []);
    await broadcast(raw);
    await anvil.mine(1);
    expect(await countOf(address)).toBe(1);
    const before = asked;
    await until(() => asked > before + 2);
    expect(printed(walletId, 'unsettled')).toMatchObject([{ next: 0, highest: 0 }]);

    await anvil.request('evm_revert', [snapshot]);
    expect(await countOf(address)).toBe(0);
    expect(await outcome(walletId, 0)).toBe('done');
    await broadcast(raw);
    await anvil.mine(4);
    await until(() => isSettled(walletId));
  });

  it('has the operator cancel 16 stored transactions, one behind a gap, while they are broadcast', async () => {
    const { walletId, address } = await aFunded(0n);
    const all: Hex[] = [];
    for (const nonce of times(16, (index) => index)) all.push(await stored(walletId, nonce));
    const GAP = 3;
    await anvil.request('evm_setAutomine', [false]);
    for (const [nonce, raw] of all.entries()) if (nonce !== GAP) await broadcast(raw);
    expect(await outcomeOf(custody.client.freeze(anAct(walletId)))).toBe('done');
    expect(custody.command('brake', 'api-taken')).toMatch(/^0/);
    expect(printed(walletId, 'unsettled')).toMatchObject([{ walletId, chain: CHAIN, next: 0, highest: 15 }]);

    const price = 10n * GWEI;
    const first = printed(walletId, 'cancel');
    const cancelled = printed(walletId, 'cancel', String(price));
    for (const [at, raw] of [...first, ...cancelled].entries()) {
      const {
        to,
        value = 0n,
        data = '0x',
        nonce = 0,
        gas,
        gasPrice = 0n,
      } = parseTransaction(raw.transaction);
      expect({ to, value, data, nonce, gas }).toEqual({
        to: address.toLowerCase(),
        value: 0n,
        data: '0x',
        nonce: at % 16,
        gas: GAS,
      });
      expect(gasPrice * 10n).toBeGreaterThanOrEqual(fees.maxFeePerGas * 11n);
    }
    expect(cancelled.map(({ fee }) => BigInt(fee))).toEqual(times(16, () => price * GAS));

    const had = await anvil.client.getBalance({ address: THIEF });
    const total = cancelled.reduce((sum, { fee }) => sum + BigInt(fee), 0n);
    const over = new AbortController();
    const thief = (async () => {
      while (!over.signal.aborted) await Promise.all(all.map((raw) => broadcast(raw)));
    })();
    const miner = (async () => {
      while (!over.signal.aborted) await anvil.mine();
    })();
    await anvil.request('anvil_setBalance', [address, `0x${total.toString(16)}`]);
    for (const { transaction } of cancelled) await broadcast(transaction);
    await until(async () => {
      for (const { transaction } of cancelled) await broadcast(transaction);
      return (await countOf(address)) === 16;
    });
    over.abort();
    await Promise.all([thief, miner]);

    const minedOf = async (raws: readonly Hex[]) =>
      Promise.all(
        raws.map((raw) =>
          anvil.client.getTransactionReceipt({ hash: keccak256(raw) }).then(
            () => true,
            () => false,
          ),
        ),
      );
    const [stolen, replaced] = [
      await minedOf(all),
      await minedOf(cancelled.map(({ transaction }) => transaction)),
    ];
    expect(stolen.map((isMined, at) => isMined !== replaced[at])).toEqual(times(16, () => true));
    const taken = BigInt(stolen.filter(Boolean).length) * GWEI;
    expect(await anvil.client.getBalance({ address: THIEF })).toBe(had + taken);
    await anvil.request('anvil_setBalance', [address, `0x${ETHER.toString(16)}`]);
    for (const raw of all) await broadcast(raw);
    await anvil.mine(4);
    expect(await countOf(address)).toBe(16);
    await until(() => isSettled(walletId));
    expect(custody.command('release')).toMatch(/^0/);
    await anvil.request('evm_setAutomine', [true]);
  });
});
