import { beginCell } from '@ton/core';
import { type FakeNode, useFakeNode } from '../support/fake-node';
import { type RunningChains, withChains } from '../support/chains';

const MAIN = 'ton:-239';
const ADDRESS = `0:${'ab'.repeat(32)}`;
const KEY = '1f'.repeat(32);
const INIT = {
  '@type': 'ton.blockIdExt',
  workchain: -1,
  shard: '0',
  seqno: 0,
  root_hash: 'F6OpKZKqvqeFp6CQmFomXNMfMj2EnaUSOXN+Mh+wVWk=',
  file_hash: 'XplPz01CXAps5qeSWUtxcyBfdAo5zVb1N979KLSKD24=',
};

interface Account {
  readonly state?: unknown;
  readonly methods?: Readonly<Record<string, unknown>>;
  readonly init?: unknown;
}

/** An endpoint with one account. What it answers has the form that toncenter's documentation shows. */
function answerAs(fake: FakeNode, { state = 'active', methods = {}, init = INIT }: Account = {}): void {
  fake.takeOver((body, response) => {
    const { id, method, params } = body as { id: string; method: string; params: Record<string, string> };
    const results: Record<string, () => unknown> = {
      getMasterchainInfo: () => ({
        '@type': 'blocks.masterchainInfo',
        last: { '@type': 'ton.blockIdExt', workchain: -1, shard: '-9223372036854775808', seqno: 40_000_000 },
        state_root_hash: '',
        init,
      }),
      getAddressInformation: () => ({
        '@type': 'raw.fullAccountState',
        balance: '1000',
        code: beginCell().endCell().toBoc().toString('base64'),
        data: '',
        state,
      }),
      runGetMethod: () =>
        methods[params['method'] ?? ''] ?? {
          '@type': 'smc.runResult',
          gas_used: 0,
          stack: [],
          exit_code: 11,
        },
    };
    const result = results[method]?.();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: true, result, jsonrpc: '2.0', id }));
    return true;
  });
}

function answered(...stack: unknown[]): object {
  return { '@type': 'smc.runResult', gas_used: 500, stack, exit_code: 0, '@extra': '' };
}

const number = (value: string): object => answered(['num', value]);

describe('accounts of TON', () => {
  const first = useFakeNode();
  const second = useFakeNode();
  const chain = (...fakes: readonly FakeNode[]): object => ({
    chainId: MAIN,
    rpcUrls: fakes.map(({ url }) => url),
    mayNameAddresses: true,
    timeLimitMs: 500,
  });
  const one = <T>(work: (running: RunningChains) => Promise<T>): Promise<T> =>
    withChains([chain(first)], work);
  const two = <T>(work: (running: RunningChains) => Promise<T>): Promise<T> =>
    withChains([chain(first, second)], work);

  it('have the key that the contract answers', async () => {
    answerAs(first, { methods: { get_public_key: number(`0x${KEY}`) } });
    await one(async ({ ton }) => {
      expect(ton.canAsk(MAIN)).toBe(true);
      expect(await ton.publicKey(MAIN, ADDRESS)).toEqual({ key: Buffer.from(KEY, 'hex'), nodes: 1 });
    });
    expect(first.methods()).toEqual(['getMasterchainInfo', 'getAddressInformation', 'runGetMethod']);
  });

  it('have a key that begins with zeros', async () => {
    answerAs(first, { methods: { get_public_key: number('0x1') } });
    await one(async ({ ton }) => {
      expect((await ton.publicKey(MAIN, ADDRESS))?.key.toString('hex')).toBe(`${'0'.repeat(63)}1`);
    });
  });

  it.each<[string, Account]>([
    ['are not deployed', { state: 'uninitialized', methods: { get_public_key: number(`0x${KEY}`) } }],
    ['are frozen', { state: 'frozen', methods: { get_public_key: number(`0x${KEY}`) } }],
    ['know no such method', {}],
    ['fail', { methods: { get_public_key: { ...number(`0x${KEY}`), exit_code: -14 } } }],
    ['answer a negative number', { methods: { get_public_key: number('-0x1') } }],
    ['answer zero', { methods: { get_public_key: number('0x0') } }],
    ['answer more than a number holds', { methods: { get_public_key: number(`0x1${KEY}`) } }],
    ['answer no number', { methods: { get_public_key: answered(['cell', { bytes: '' }]) } }],
    ['answer decimal digits', { methods: { get_public_key: number('12') } }],
    ['answer two numbers', { methods: { get_public_key: answered(['num', '0x1'], ['num', '0x2']) } }],
  ])('have no key when they %s', async (_, account) => {
    answerAs(first, account);
    await one(async ({ ton }) => {
      expect(await ton.publicKey(MAIN, ADDRESS)).toBeNull();
    });
  });

  it.each<[string, Account, boolean | null]>([
    ['allowed', { methods: { is_signature_allowed: number('-0x1') } }, true],
    ['switched off', { methods: { is_signature_allowed: number('0x0') } }, false],
    ['not told, by a wallet without the method', {}, true],
    ['told by no number', { methods: { is_signature_allowed: answered() } }, false],
    [
      'told with a failure',
      { methods: { is_signature_allowed: { ...number('-0x1'), exit_code: 7 } } },
      false,
    ],
    ['of no wallet yet', { state: 'uninitialized' }, null],
  ])('have signatures that are %s', async (_, account, expected) => {
    answerAs(first, account);
    await one(async ({ ton }) => {
      expect(await ton.isSignatureAllowed(MAIN, ADDRESS)).toBe(expected);
    });
  });

  describe('by two endpoints', () => {
    it('have the key that both answer', async () => {
      for (const fake of [first, second])
        answerAs(fake, {
          methods: { get_public_key: number(`0x${KEY}`), is_signature_allowed: number('-0x1') },
        });
      await two(async ({ ton }) => {
        expect(await ton.publicKey(MAIN, ADDRESS)).toMatchObject({ nodes: 2 });
        expect(await ton.isSignatureAllowed(MAIN, ADDRESS)).toBe(true);
      });
    });

    it('have none when they answer different ones, and no signatures when one says so', async () => {
      answerAs(first, { methods: { get_public_key: number(`0x${KEY}`) } });
      answerAs(second, { methods: { get_public_key: number('0x5'), is_signature_allowed: number('0x0') } });
      await two(async ({ ton }) => {
        expect(await ton.publicKey(MAIN, ADDRESS)).toBeNull();
        expect(await ton.isSignatureAllowed(MAIN, ADDRESS)).toBe(false);
      });
    });
  });

  it.each<[string, () => void]>([
    ['is gone', () => second.goAway()],
    ['is slow', () => second.slow(60_000)],
    [
      'has too many requests',
      () => second.respond(429, {}, '{"ok":false,"result":"Ratelimit exceed","code":429}'),
    ],
    [
      'says so with status 200',
      () => second.respond(200, {}, '{"ok":false,"result":"Ratelimit exceed","code":429}'),
    ],
    [
      'has an error of its own',
      () => second.respond(500, {}, '{"ok":false,"error":"LITE_SERVER_NOTREADY","code":500}'),
    ],
    ['answers a page', () => second.respond(200, {}, '<html>')],
    [
      'answers 2 MiB',
      () => second.respond(200, {}, JSON.stringify({ ok: true, result: { x: 'x'.repeat(2_097_152) } })),
    ],
    ['redirects', () => second.respond(302, { location: first.url })],
    [
      'is of the test network',
      () =>
        answerAs(second, { init: { ...INIT, root_hash: 'gj+B8wb/AmlPk1z1AhVI484rhrUpgSr2oSFIh56VoSg=' } }),
    ],
    ['says nothing of its network', () => answerAs(second, { init: null })],
    ['knows another state', () => answerAs(second, { state: 'deleted' })],
    ['answers no stack', () => answerAs(second, { methods: { get_public_key: { exit_code: 0 } } })],
  ])('are unavailable when one of two %s', async (_, fail) => {
    answerAs(first, { methods: { get_public_key: number(`0x${KEY}`) } });
    fail();
    await two(async ({ ton }) => {
      await expect(ton.publicKey(MAIN, ADDRESS)).rejects.toMatchObject({
        code: 'chain.unavailable',
        kind: 'unavailable',
      });
    });
  });

  it('need an endpoint, and a raw address', async () => {
    answerAs(first);
    await one(async ({ ton }) => {
      expect(ton.canAsk('ton:-3')).toBe(false);
      await expect(ton.publicKey('ton:-3', ADDRESS)).rejects.toThrow(RangeError);
      await expect(ton.publicKey(MAIN, 'EQabc')).rejects.toThrow(RangeError);
    });
  });
});
