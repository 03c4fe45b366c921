import { type FakeNode, useFakeNode } from '../support/fake-node';
import { type RunningChains, withChains } from '../support/chains';
import {
  answerAsToncenter,
  answeredMethod as answered,
  answeredNumber as number,
  TON_MAIN_INIT as INIT,
  type ToncenterAccount,
} from '../support/toncenter';

const MAIN = 'ton:-239';
const ADDRESS = `0:${'ab'.repeat(32)}`;
const KEY = '1f'.repeat(32);
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
    answerAsToncenter(first, { methods: { get_public_key: number(`0x${KEY}`) } });
    await one(async ({ ton }) => {
      expect(ton.canAsk(MAIN)).toBe(true);
      expect(await ton.account(MAIN, ADDRESS)).toEqual({
        isDeployed: true,
        publicKey: Buffer.from(KEY, 'hex'),
        nodes: 1,
      });
    });
    expect(first.methods()).toEqual(['getMasterchainInfo', 'getAddressInformation', 'runGetMethod']);
  });

  it('have a key that begins with zeros', async () => {
    answerAsToncenter(first, { methods: { get_public_key: number('0x1') } });
    await one(async ({ ton }) => {
      expect((await ton.account(MAIN, ADDRESS))?.publicKey?.toString('hex')).toBe(`${'0'.repeat(63)}1`);
    });
  });

  it.each<[string, ToncenterAccount]>([
    ['are not deployed', { state: 'uninitialized', methods: { get_public_key: number(`0x${KEY}`) } }],
    ['are frozen', { state: 'frozen', methods: { get_public_key: number(`0x${KEY}`) } }],
    ['know no such method', {}],
    ['fail', { methods: { get_public_key: { ...number(`0x${KEY}`), exit_code: -14 } } }],
    ['answer a negative number', { methods: { get_public_key: number('-0x1') } }],
    ['answer zero', { methods: { get_public_key: number('0x0') } }],
    ['answer more than a number holds', { methods: { get_public_key: number(`0x1${KEY}`) } }],
    ['answer no number', { methods: { get_public_key: answered(['cell', { bytes: '' }]) } }],
    ['answer two numbers', { methods: { get_public_key: answered(['num', '0x1'], ['num', '0x2']) } }],
  ])('have no key when they %s', async (_, account) => {
    answerAsToncenter(first, account);
    await one(async ({ ton }) => {
      const isDeployed = account.state !== 'uninitialized';
      expect(await ton.account(MAIN, ADDRESS)).toEqual({ isDeployed, publicKey: null, nodes: 1 });
    });
  });

  it.each<[string, ToncenterAccount, boolean | null]>([
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
    answerAsToncenter(first, account);
    await one(async ({ ton }) => {
      expect(await ton.isSignatureAllowed(MAIN, ADDRESS)).toBe(expected);
    });
  });

  describe('by two endpoints', () => {
    it('have the key that both answer', async () => {
      for (const fake of [first, second])
        answerAsToncenter(fake, {
          methods: { get_public_key: number(`0x${KEY}`), is_signature_allowed: number('-0x1') },
        });
      await two(async ({ ton }) => {
        expect(await ton.account(MAIN, ADDRESS)).toMatchObject({ isDeployed: true, nodes: 2 });
        expect(await ton.isSignatureAllowed(MAIN, ADDRESS)).toBe(true);
      });
    });

    it('have none when they answer different ones, and no signatures when one says so', async () => {
      answerAsToncenter(first, { methods: { get_public_key: number(`0x${KEY}`) } });
      answerAsToncenter(second, {
        methods: { get_public_key: number('0x5'), is_signature_allowed: number('0x0') },
      });
      await two(async ({ ton }) => {
        expect(await ton.account(MAIN, ADDRESS)).toBeNull();
        expect(await ton.isSignatureAllowed(MAIN, ADDRESS)).toBe(false);
      });
    });

    it.each(['uninitialized', 'frozen'])('are not told when one says that they are %s', async (state) => {
      answerAsToncenter(first, { methods: { get_public_key: number(`0x${KEY}`) } });
      answerAsToncenter(second, { state });
      await two(async ({ ton }) => {
        expect(await ton.account(MAIN, ADDRESS)).toBeNull();
      });
    });
  });

  it.each<[string, () => void]>([
    ['is gone', () => second.goAway()],
    [
      'says so with status 200',
      () => second.respond(200, {}, '{"ok":false,"result":"Ratelimit exceed","code":429}'),
    ],
    ['answers 2 MiB', () => second.respond(200, {}, `{"ok":true,"result":"${'x'.repeat(2_097_152)}"}`)],
    [
      'is of the test network',
      () =>
        answerAsToncenter(second, {
          init: { ...INIT, root_hash: 'gj+B8wb/AmlPk1z1AhVI484rhrUpgSr2oSFIh56VoSg=' },
        }),
    ],
    ['says nothing of its network', () => answerAsToncenter(second, { init: null })],
    ['knows another state', () => answerAsToncenter(second, { state: 'deleted' })],
    ['answers no stack', () => answerAsToncenter(second, { methods: { get_public_key: { exit_code: 0 } } })],
  ])('are unavailable when one of two %s', async (_, fail) => {
    answerAsToncenter(first, { methods: { get_public_key: number(`0x${KEY}`) } });
    fail();
    await two(async ({ ton }) => {
      await expect(ton.account(MAIN, ADDRESS)).rejects.toMatchObject({
        code: 'chain.unavailable',
        kind: 'unavailable',
      });
    });
  });
});
