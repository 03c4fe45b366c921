import { once } from 'node:events';
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { join } from 'node:path';
import pg from 'pg';
import { createWalletClient, defineChain, http, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { say } from '../../scripts/lib/main.mjs';
import { print } from '../frame.mjs';
import { bearer, call, signIn } from '../product/caller.mjs';
import { install } from '../product/installation.mjs';
import { median } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';
import { rateOf, startCustody } from './custody.mjs';

/** Of the rate of viem with a key of its own and one insert. */
const TARGET = 0.25;
/** Below the open sends that one wallet may have. */
const CALLS = 48;
const CHAIN = 'eip155:31337';
const FRIEND = `0x${'77'.repeat(20)}`;
const CAPS = { maxFeePerGas: '100000000000', maxFee: '10000000000000000' };
const COINS = { kind: 'coin', to: FRIEND, amount: '1' };

/**
 * Sends in a second, each until it is stored as `broadcasting`: by the service over HTTP, with custody, and by viem in this process, which asks
 * one node for nonce and fees, signs with a local key and inserts a row. Tokens are asked for before.
 */
export async function sendCoins({ folder, rounds, smoke, bot, ending, check }) {
  const urls = [await startQuietNode(ending), await startQuietNode(ending)];
  const installation = await install({
    ...{ folder: join(folder, 'installation'), bot, ending },
    settings: { embeddedWallets: { enabled: true, acts: ['send'] } },
  });
  const custody = join(folder, 'custody');
  await startCustody(installation.databaseUrl, custody, ending);
  const service = await installation.start({
    CUSTODY_SOCKET: join(custody, 'socket'),
    CHAINS: JSON.stringify({ chains: [chainOf(urls)] }),
  });
  const bare = await openBare(installation.databaseUrl, urls[0]);
  const calls = smoke ? 8 : CALLS;
  const figures = [];
  for (const callers of [1, 8]) {
    const rates = { service: [], viem: [] };
    say(`Sending by ${callers} at a time ...`);
    // In turns: both meet the same noise of the machine.
    for (let round = 0; round < rounds; round += 1) {
      check();
      const asked = await askFor(calls, callers, { service, bot, ...installation });
      rates.service.push(await rateOf((index) => asked[index](), calls, callers));
      rates.viem.push(await rateOf(bare.send, calls, callers));
    }
    const [ours, theirs] = [median(rates.service), median(rates.viem)];
    figures.push({ callers, ours, theirs, ratio: ours / theirs });
  }
  print(
    tableOf(figures, {
      'callers at a time': ({ callers }) => String(callers),
      ' sends, per second': ({ ours }) => Math.round(ours),
      ' viem and one insert': ({ theirs }) => Math.round(theirs),
      ' of it': ({ ratio }) => ratio.toFixed(2),
    }),
  );
  await bare.close();
  if (smoke) return [];
  return figures
    .filter(({ ratio }) => ratio < TARGET)
    .map(({ callers, ratio }) => `sends: by ${callers} have ${ratio.toFixed(2)} of viem, not ${TARGET}`);
}

/** A wallet for each caller, and a token for each of its calls. @returns the calls, those of one caller each `callers` apart */
async function askFor(calls, callers, { service, bot, applicationId }) {
  const asked = Array.from({ length: calls });
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      const { accessToken } = await signIn(service, applicationId, bot, bot.newUser());
      const headers = bearer(accessToken);
      const post = (path, body) => call('POST', `${service.origin}/v1/wallets/${path}`, { headers, body });
      const { walletId } = await post('embedded', { chain: 'evm' });
      for (let index = caller; index < calls; index += callers) {
        const wanted = { act: 'send', chainId: CHAIN, request: COINS };
        const { walletToken, details } = await post(`${walletId}/tokens`, wanted);
        const { maxFee } = details;
        const body = { walletToken, chainId: CHAIN, maxFee, request: COINS, key: randomUUID() };
        asked[index] = () => post(`${walletId}/sends`, body);
      }
    }),
  );
  return asked;
}

/** What a service without custody, nodes that agree and a key for each call would do. */
async function openBare(connectionString, url) {
  const pool = new pg.Pool({ connectionString, max: 8 });
  // Where the bench ends with an error, PostgreSQL ends first.
  pool.on('error', () => undefined);
  await pool.query('CREATE TABLE bare (id uuid PRIMARY KEY, value text NOT NULL)');
  const chain = defineChain({
    ...{ id: 31_337, name: 'quiet', rpcUrls: { default: { http: [url] } } },
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  });
  const account = privateKeyToAccount(toHex(randomBytes(32)));
  const wallet = createWalletClient({ account, chain, transport: http(url) });
  return {
    send: async () => {
      const request = await wallet.prepareTransactionRequest({ to: FRIEND, value: 1n });
      const raw = await wallet.signTransaction(request);
      await pool.query('INSERT INTO bare VALUES ($1, $2)', [randomUUID(), raw]);
    },
    close: () => pool.end(),
  };
}

function chainOf(rpcUrls) {
  return {
    ...{ chainId: CHAIN, name: 'anvil', environment: 'production', rpcUrls, sending: CAPS },
    ...{ mayNameAddresses: false, confirmations: 2, blockTimeMs: 1_000, requestsPerSecond: 10_000 },
    currency: { symbol: 'ETH', decimals: 18 },
  };
}

const HASH = `0x${'ab'.repeat(32)}`;
const BLOCKS = 20;
const BLOCK = { number: '0x0', hash: HASH, baseFeePerGas: '0x7', transactions: [] };
const ANSWERS = {
  eth_blockNumber: '0x0',
  eth_chainId: '0x7a69',
  eth_getBlockByNumber: BLOCK,
  eth_gasPrice: '0x3b9aca00',
  eth_maxPriorityFeePerGas: '0x1',
  eth_estimateGas: '0x5208',
  eth_getTransactionCount: '0x0',
  eth_getBalance: '0xde0b6b3a7640000',
  eth_sendRawTransaction: HASH,
  eth_feeHistory: {
    baseFeePerGas: Array.from({ length: BLOCKS + 1 }, () => '0x7'),
    gasUsedRatio: Array.from({ length: BLOCKS }, () => 0),
    reward: Array.from({ length: BLOCKS }, () => ['0x0']),
  },
};

/** A node of a chain in which nothing happens, in this process. */
async function startQuietNode(ending) {
  const server = createServer((request, response) => {
    void json(request).then((asked) => {
      const answer = ({ id, method }) => ({ jsonrpc: '2.0', id, result: ANSWERS[method] ?? null });
      const body = Array.isArray(asked) ? asked.map(answer) : answer(asked);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.before(() => server.closeAllConnections());
  ending.before(() => new Promise((closed) => server.close(closed)));
  return `http://127.0.0.1:${server.address().port}/`;
}
