import { getAddress, type Address } from 'viem';
import { times } from '../factories';
import { anvilAccount, describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { environmentOf, useCustody } from '../support/embedded-wallets';
import { useTwoNodes, type FakeNode } from '../support/fake-node';
import { ETHER, FRIEND } from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { aXellarApplication, expectXellarError, XellarClient } from '../support/xellar-client';

const NETWORK = { network: 'juchain' };
const CHAIN_ID = 210_000;
const CAPS = { maxFeePerGas: '100000000000', maxFee: '10000000000000000' };
/** A chain that is not asked about wallets. */
const SILENT = {
  ...{ chainId: 'eip155:210001', rpcUrls: ['http://127.0.0.1:1/'], mayNameAddresses: false, name: 'silent' },
  ...{
    environment: 'production',
    currency: { symbol: 'SIL', decimals: 18 },
    confirmations: 2,
    blockTimeMs: 100,
  },
};

interface Answer {
  readonly status: number;
  readonly data: Record<string, unknown>;
}

describeWithAnvil('what wallets of Xellar’s clients have', () => {
  const anvil = useAnvil({ chainId: CHAIN_ID });
  const [first, second] = useTwoNodes(anvil);
  const custody = useCustody();
  const app = useTestApp(() => {
    const urls = [first.url, second.url];
    const chain = anvilChain(urls, { chainId: `eip155:${CHAIN_ID}`, name: 'juchain', sending: CAPS });
    return {
      environment: { ...environmentOf(custody).environment, CHAINS: chainsDocument(chain, SILENT) },
    };
  });
  const demo = useFixture(() => aXellarApplication(app));
  const client = () => new XellarClient(app, demo);
  const nodes: readonly (readonly [string, () => FakeNode])[] = [
    ['first', () => first],
    ['second', () => second],
  ];
  let token: Deployed;

  beforeAll(async () => {
    token = await anvil.deploy('TestErc20', ['Money', 'MNY', 6]);
  });

  /** A wallet with coins, and calls of it with one token after the other. */
  async function aReader(coins = 0n) {
    const made = await client().withWallet();
    const address = made.address[0]?.address as Address;
    if (coins > 0n) await anvil.request('anvil_setBalance', [address, `0x${coins.toString(16)}`]);
    await anvil.mine();
    let { refreshToken } = made;
    const call = async (path: string, body: object) => {
      const next = await client().refreshed(refreshToken);
      ({ refreshToken } = next);
      return client().post(`wallet/${path}`, body, next.walletToken);
    };
    const read = async (path: string, body: object = NETWORK): Promise<Answer> => {
      const answer = await call(path, body);
      return { status: answer.status, data: (answer.body as { data: Record<string, unknown> }).data };
    };
    return { address, call, read };
  }

  it('are what two nodes say, at the newest block that both have', async () => {
    const { address, read } = await aReader(ETHER / 50n);
    await anvil.write(token, 'mint', [address, 90_000_000n]);
    const tokenAddress = token.address;
    const usual = { address, verification: 'agreed' };

    expect(await read('balance-coin')).toEqual({
      status: 200,
      data: { ...usual, balance: '0.02', symbol: 'ETH' },
    });
    expect(await read('balance-coin', { chainId: String(CHAIN_ID) })).toMatchObject({ status: 200 });
    expect(await read('balance-token', { ...NETWORK, tokenAddress })).toEqual({
      status: 200,
      data: { ...usual, balance: '90.0', symbol: 'MNY' },
    });
    const tokenAddresses = [tokenAddress.toLowerCase(), FRIEND, tokenAddress];
    const money = { balance: '90.0', symbol: 'MNY', decimals: 6, reason: null, verification: 'agreed' };
    expect(await read('batch-balance-token', { ...NETWORK, tokenAddresses })).toMatchObject({
      data: { address, tokens: [money, { balance: null, reason: 'no_token' }, money] },
    });
  });

  it.each(nodes)('are none while the %s lies', async (_, liar) => {
    const { address, call, read } = await aReader(1n);
    await anvil.write(token, 'mint', [address, 7n]);
    liar().lie('eth_getBalance', '0xffffffffffffffffffff');
    liar().lie('eth_call', `0x${'0'.repeat(62)}12`);
    const tokenAddress = token.address;

    expectXellarError(await call('balance-coin', NETWORK), 503, 'chain.unavailable');
    expectXellarError(await call('balance-token', { ...NETWORK, tokenAddress }), 503, 'chain.unavailable');
    expect(await read('batch-balance-token', { ...NETWORK, tokenAddresses: [tokenAddress] })).toMatchObject({
      data: { tokens: [{ balance: null, verification: 'none' }] },
    });
  });

  it('are none of a contract that is no token, and while a node is away', async () => {
    const { call } = await aReader();
    const tokenAddress = FRIEND;
    expectXellarError(await call('balance-token', { ...NETWORK, tokenAddress }), 404, 'xellar.token_unknown');
    second.goAway();
    const away = await call('balance-coin', NETWORK);
    expectXellarError(away, 503, 'chain.unavailable');
    expect(away.headers['retry-after']).toBeDefined();
  });

  it('tell what a transaction did, as the library of the clients writes it', async () => {
    const { address, read, call } = await aReader();
    const paid = await anvil.pay(address, 5n);
    const minted = await anvil.write(token, 'mint', [address, 3n]);
    const detail = async (transactionHash: string) => {
      const { data } = await read('transaction-detail', { ...NETWORK, transactionHash });
      return data['transactionDetail'];
    };

    expect(await detail(paid.transactionHash)).toEqual({
      _type: 'TransactionReceipt',
      blockHash: paid.blockHash,
      blockNumber: Number(paid.blockNumber),
      contractAddress: null,
      cumulativeGasUsed: paid.cumulativeGasUsed.toString(),
      from: anvilAccount(0).address,
      gasPrice: paid.effectiveGasPrice.toString(),
      gasUsed: '21000',
      hash: paid.transactionHash,
      index: paid.transactionIndex,
      logs: [],
      logsBloom: paid.logsBloom,
      status: 1,
      to: address,
    });
    expect(await detail(minted.transactionHash.toUpperCase().replace('X', 'x'))).toMatchObject({
      logs: [{ _type: 'log', address: token.address, transactionHash: minted.transactionHash, index: 0 }],
    });
    const unknown = { ...NETWORK, transactionHash: `0x${'ab'.repeat(32)}` };
    expectXellarError(await call('transaction-detail', unknown), 404, 'xellar.transaction_not_found');
  });

  it.each(nodes)('tell no transaction that the %s alone has, or has otherwise', async (_, liar) => {
    const { address, call } = await aReader();
    const { transactionHash } = await anvil.pay(address, 5n);
    for (const lie of [
      async (truth: () => Promise<unknown>) => ({ ...((await truth()) as object), status: '0x0' }),
      () => Promise.resolve(null),
      () => Promise.resolve({ transactionHash }),
      () => Promise.resolve('junk'),
    ]) {
      liar().lie('eth_getTransactionReceipt', (_params: unknown, truth: () => Promise<unknown>) =>
        lie(truth),
      );
      const answer = await call('transaction-detail', { ...NETWORK, transactionHash });
      expectXellarError(answer, 503, 'chain.unavailable');
    }
  });

  it('estimate what a transaction would cost, also at the path that the clients call', async () => {
    const { address, read } = await aReader(ETHER);
    await anvil.write(token, 'mint', [address, 5_000_000n]);
    const coin = { ...NETWORK, type: 'send-coin', to: FRIEND, amount: '0.015' };
    const ofToken = {
      ...NETWORK,
      type: 'send-token',
      to: FRIEND,
      amount: '4.5',
      tokenAddress: token.address,
    };
    const custom = (transaction: object) => ({ ...NETWORK, type: 'custom', transaction });

    for (const path of ['estimate-gas', 'estimate-gas%22']) {
      const { status, data } = await read(path, coin);
      expect({ path, status, data }).toMatchObject({
        status: 200,
        data: {
          estimateGas: {
            gasLimit: expect.stringMatching(/^25\d{3}$/) as string,
            gasPrice: expect.stringMatching(/^\d+$/) as string,
            maxFeePerGas: expect.stringMatching(/^\d+$/) as string,
            maxPriorityFeePerGas: expect.stringMatching(/^\d+$/) as string,
          },
        },
      });
    }
    for (const body of [ofToken, custom({ to: FRIEND, value: '0x1' }), custom({ to: FRIEND, value: 1 })])
      expect(await read('estimate-gas', body)).toMatchObject({ status: 200 });
    const mint = {
      to: token.address,
      data: `0x40c10f19${'0'.repeat(24)}${FRIEND.slice(2)}${'0'.repeat(63)}1`,
    };
    expect(await read('estimate-gas', custom(mint))).toMatchObject({ status: 200 });
  });

  it('estimate none that would fail, and none by one node alone', async () => {
    const { call } = await aReader(ETHER);
    const coin = (more: object) => ({ ...NETWORK, type: 'send-coin', to: FRIEND, amount: '1', ...more });
    const cases: readonly (readonly [object, number, string])[] = [
      [{ amount: '1.0000000000000000001' }, 400, 'send.amount_invalid'],
      [{ amount: '-1' }, 400, 'send.amount_invalid'],
      [{ to: 'friend.eth' }, 400, 'send.address_invalid'],
      [{ type: 'send-token', tokenAddress: FRIEND }, 404, 'xellar.token_unknown'],
      [{ type: 'send-token', tokenAddress: 'junk' }, 404, 'xellar.token_unknown'],
      [{ type: 'transfer-erc721', tokenAddress: token.address, tokenId: 'x' }, 400, 'send.amount_invalid'],
      [{ type: 'transfer-erc1155', tokenAddress: token.address, tokenId: '1' }, 409, 'send.would_fail'],
      [{ type: 'constructor' }, 400, 'send.intent_malformed'],
      [{ type: 'custom' }, 400, 'send.address_invalid'],
    ];
    for (const [more, status, code] of cases) {
      const answer = await call('estimate-gas', coin(more));
      expect({ more, status: answer.status, code: (answer.body as { code: string }).code }).toEqual({
        ...{ more, status, code },
      });
    }
    second.goAway();
    expectXellarError(await call('estimate-gas', coin({ amount: '0.1' })), 503, 'send.gas_unknown');
  });

  it('are read once for each token, for the wallet of the person, and of chains that may be asked', async () => {
    const { walletToken } = await client().withWallet();
    const answers = await Promise.all(
      times(20, () => client().post('wallet/balance-coin', NETWORK, walletToken)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);

    const { address, call } = await aReader();
    const asked = first.requests.length;
    for (const [body, status, code] of [
      [{ network: 'ethereum' }, 404, 'wallet.chain_not_followed'],
      [{ chainId: '210001' }, 404, 'wallet.chain_not_followed'],
      [{ network: 'solana' }, 400, 'xellar.network_not_supported'],
      [{}, 400, 'xellar.network_required'],
    ] as const)
      expectXellarError(await call('balance-coin', body), status, code);
    expect(first.requests.slice(asked).filter(({ method }) => method === 'eth_getBalance')).toEqual([]);
    expect(getAddress(address)).toBe(address);
  });
});
