import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Address, toNano } from '@ton/core';
import { getAddress } from 'viem';
import { LocalIndexer } from './local-indexer';
import { Anvil, anvilBinary } from './anvil';
import { TonApi } from './ton/ton-api';
import { TonNetwork } from './ton/ton-network';

/** Of coins, in base units. */
const WEI = 10n ** 18n;
const COINS = 5n;
/** Of the token that calls itself a dollar: six decimals. */
const DOLLARS = 100_000_000n;
const DECIMALS = 6;
/** A block each second; the block two before the head is final. */
const PACE = ['--block-time', '1', '--slots-in-an-epoch', '1'];

/** A chain as `CHAINS` names it, whose test coins cost nothing. */
interface ExampleChain {
  readonly configured: object;
  /** What programs of the example know of it. */
  readonly shown: object;
  /** Gives coins and a token. */
  give(address: string): Promise<void>;
}

/**
 * Chains on this machine for an example: an EVM chain of anvil where that is installed, and a sandboxed network of
 * TON. Prints `CHAINS`, what programs know of them, and where `POST { chainId, address }` gives test coins.
 */
async function main(): Promise<void> {
  const chains = new Map<string, ExampleChain>();
  if (anvilBinary() !== null) chains.set('eip155:31337', await evmChain());
  chains.set('ton:-239', await tonChain());
  const server = createServer((request, response) => {
    give(request).then(
      (status) => response.writeHead(status).end(),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        response.writeHead(500).end();
      },
    );
  });

  async function give(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { chainId, address } = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
    const chain = chains.get(chainId ?? '');
    if (!chain || address === undefined) return 404;
    await chain.give(address);
    return 204;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const testCoins = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const configured = [...chains.values()].map((chain) => chain.configured);
  const shown = [...chains.values()].map((chain) => chain.shown);
  process.stdout.write(`${JSON.stringify({ chains: { chains: configured }, shown, testCoins })}\n`);
}

async function evmChain(): Promise<ExampleChain> {
  const anvil = await Anvil.start({ flags: PACE });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void anvil.stop().finally(() => process.exit()));
  const indexer = await LocalIndexer.start(anvil.url, anvil.chainId);
  const dollar = await anvil.deploy('TestErc20', ['Playground dollar', 'USDT', DECIMALS]);
  // One node by two names: a real installation has two nodes of different operators.
  const rpcUrls = [anvil.url, anvil.url.replace('127.0.0.1', 'localhost')];
  const currency = { symbol: 'ETH', decimals: 18 };
  const tokens = [{ address: dollar.address.toLowerCase(), symbol: 'USDT', decimals: DECIMALS }];
  return {
    shown: { id: 'eip155:31337', kind: 'evm', name: 'anvil', currency, tokens },
    configured: {
      ...{ chainId: 'eip155:31337', name: 'anvil', environment: 'production', rpcUrls, currency, tokens },
      ...{ confirmations: 2, blockTimeMs: 1_000, mayNameAddresses: true, requestsPerSecond: 1_000 },
      indexer: { url: indexer.url, shape: 'blockscout', requestsPerSecond: 1_000 },
      sending: { maxFeePerGas: '100000000000', maxFee: String(WEI / 100n), depth: 0 },
    },
    async give(address) {
      const owner = getAddress(address);
      const has = await anvil.client.getBalance({ address: owner });
      await anvil.request('anvil_setBalance', [owner, `0x${(has + COINS * WEI).toString(16)}`]);
      await anvil.write(dollar, 'mint', [owner, DOLLARS]);
    },
  };
}

async function tonChain(): Promise<ExampleChain> {
  const network = await TonNetwork.create();
  const apis = [await TonApi.start(network), await TonApi.start(network)];
  const dollar = await network.jetton('USDT');
  const currency = { symbol: 'GRAM', decimals: 9 };
  const tokens = [{ address: dollar.address.toRawString(), symbol: 'USDT', decimals: DECIMALS }];
  return {
    shown: { id: 'ton:-239', kind: 'ton', name: 'ton', currency, tokens },
    configured: {
      ...{ chainId: 'ton:-239', mayNameAddresses: true, requestsPerSecond: 1_000, timeLimitMs: 20_000 },
      rpcUrls: apis.map(({ nodeUrl }) => nodeUrl),
      indexers: apis.map(({ indexerUrl }) => ({ url: indexerUrl })),
      tokens,
      sending: { maxFee: '20000000', attached: '100000000' },
    },
    async give(address) {
      const owner = Address.parse(address);
      await network.pay(owner, toNano(COINS));
      await network.mint(dollar, owner, DOLLARS);
    },
  };
}

void main();
