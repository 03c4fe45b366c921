import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { say } from '../../scripts/lib/main.mjs';
import { fillHistory } from '../fills/wallet-history.mjs';
import { print } from '../frame.mjs';
import { bearer, call, signIn } from '../product/caller.mjs';
import { install } from '../product/installation.mjs';
import { percentilesOf } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';

const { generatePrivateKey, privateKeyToAccount } = createRequire(import.meta.url)('viem/accounts');

const CHAIN = 'eip155:31337';
const SITE = 'https://bench.example';
const [PAGE, SHORT] = [50, 60];
const WARM_UP = 20;
/** A page of the long history, by the same one of a short one and by that of an empty one. */
const MAX_RATIO = 2;
const SETTINGS = { rateLimits: { read: { limit: 10_000_000, window: 60 } } };

/** Pages of the history of three wallets of one person: without transactions, with few more than a page, with very many. */
export async function readHistory({ rows, times, smoke, folder, bot, ending, check }) {
  const installation = await install({ folder, bot, ending, origins: [SITE], settings: SETTINGS });
  const { client, keys, applicationId } = installation;
  const service = await installation.start({ CHAINS: chainsOf(await silentNode(ending)) });
  const { accessToken, sessionId } = await signIn(service, applicationId, bot, bot.newUser());
  await client.query(
    `UPDATE sessions SET step_up_expires_at = now() + interval '1 hour', step_up_assurance = 'platform' WHERE id = $1`,
    [sessionId],
  );
  const paths = [];
  for (const count of [0, SHORT, rows]) {
    const walletId = await linkWallet(service, accessToken);
    say(`Making ${count} rows ...`);
    await fillHistory(client, { keys, walletId, chainId: CHAIN, rows: count, check });
    paths.push(`${service.origin}/v1/wallets/${walletId}/transactions?chainId=${CHAIN}`);
  }
  await client.query('VACUUM (ANALYZE) wallet_transfers');

  say('Measuring ...');
  const [empty, short, long] = paths;
  const middle = Buffer.from(String(Math.floor(rows / 2))).toString('base64url');
  const calls = [
    { name: 'empty', url: `${empty}&limit=${PAGE}`, items: 0 },
    { name: `${SHORT} rows, a page of ${PAGE}`, url: `${short}&limit=${PAGE}`, items: PAGE },
    { name: `${rows} rows, a page of ${PAGE}`, url: `${long}&limit=${PAGE}`, items: PAGE },
    { name: `${rows} rows, in the middle`, url: `${long}&limit=${PAGE}&cursor=${middle}`, items: PAGE },
    { name: `${rows} rows, with hidden ones`, url: `${long}&limit=${PAGE}&includeHidden=true`, items: PAGE },
    { name: `${SHORT} rows, a page of 1`, url: `${short}&limit=1`, items: 1 },
    { name: `${rows} rows, a page of 1`, url: `${long}&limit=1`, items: 1 },
  ].map((each) => ({ ...each, latencies: [] }));
  // In turn, because a machine drifts.
  for (let turn = -WARM_UP; turn < times; turn += 1) {
    check();
    for (const each of calls) {
      const start = performance.now();
      const page = await call('GET', each.url, { headers: bearer(accessToken) });
      if (turn >= 0) each.latencies.push(performance.now() - start);
      if (page.items.length !== each.items) throw new Error(`${each.name}: ${page.items.length} items`);
      each.bytes = JSON.stringify(page).length;
    }
  }
  const measured = calls.map((each) => ({ ...each, ...percentilesOf(each.latencies) }));
  const [ofEmpty, ofShort, ...others] = measured;
  print(
    tableOf(measured, {
      history: ({ name }) => name,
      ' p50 ms': ({ p50 }) => p50.toFixed(1),
      ' p99 ms': ({ p99 }) => p99.toFixed(1),
      ' by the empty one': ({ p50 }) => (p50 / ofEmpty.p50).toFixed(2),
      ' kB': ({ bytes }) => (bytes / 1_000).toFixed(1),
    }),
  );
  const ofLong = others.slice(0, 3).map(({ p50 }) => p50);
  const bySame = Math.max(...ofLong) / ofShort.p50;
  const byEmpty = ofLong[0] / ofEmpty.p50;
  const text =
    `A page of ${PAGE} of ${rows} rows takes at most ${bySame.toFixed(2)} times as long as one of ${SHORT} rows, ` +
    `and ${byEmpty.toFixed(2)} times as long as an empty one.`;
  print(text);
  return !smoke && Math.max(bySame, byEmpty) > MAX_RATIO ? [text] : [];
}

/** Links a new wallet to the account of a session that was stepped up. @returns {Promise<string>} its id */
async function linkWallet({ origin }, accessToken) {
  const headers = { ...bearer(accessToken), origin: SITE };
  const account = privateKeyToAccount(generatePrivateKey());
  const post = (path, body) => call('POST', `${origin}/v1/wallets/${path}`, { headers, body });
  const challenge = { kind: 'siwe', address: account.address, chainId: CHAIN };
  const { challengeId, message } = await post('challenges', challenge);
  const signature = await account.signMessage({ message });
  return (await post('links', { challengeId, signature })).walletId;
}

/** A node that answers 503: blocks that are not final are not measured here. */
async function silentNode(ending) {
  const server = createServer((_, response) => response.writeHead(503).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.before(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

function chainsOf(url) {
  const chain = { chainId: CHAIN, rpcUrls: [url], mayNameAddresses: false, name: 'bench' };
  const currency = { symbol: 'ETH', decimals: 18 };
  // Wallets of keys count as those of production.
  const more = { environment: 'production', currency, confirmations: 64, blockTimeMs: 12_000 };
  return JSON.stringify({ chains: [{ ...chain, ...more }] });
}
