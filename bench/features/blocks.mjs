import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { say } from '../../scripts/lib/main.mjs';
import { fillWallets, followedAddress } from '../fills/wallets.mjs';
import { print } from '../frame.mjs';
import { cpuSecondsOf } from '../machine/process-usage.mjs';
import { built } from '../product/built.mjs';
import { install } from '../product/installation.mjs';
import { tableOf } from '../report/table.mjs';
import { TRANSFERS_PER_BLOCK } from './chain/recording.mjs';

const { blindIndexes, generateKeyRing, KeyRing } = built('libs/pure/crypto/src');
const { Chains, EvmNodes } = built('libs/wallets/chains/src');
const { NodeOptions } = built('libs/wallets/chains/src/rpc/node-options');
const { ChainWindow, readBlock, rulesOfChain, transfersOf } = built('libs/pure/evm-blocks/src');

const TARGET_PER_SECOND = 20;
const BLOCKS_PER_BATCH = 8;
/** More addresses than any cache holds, so that blocks that are replayed again are as new. */
const RECORDED = { full: 250, smoke: 10 };
const CHAIN = 'eip155:31337';
/** Functions of a profile; milliseconds. */
const [SHOWN, POLL] = [15, 50];
const ROWS = `
  SELECT (SELECT count(*) FROM wallet_transfers)::int AS final, (SELECT count(*) FROM wallet_transfers_pending)::int AS pending`;

/**
 * Two measurements: reading alone (nodes asked as the service asks them, blocks checked, addresses matched), with more and
 * more followed addresses; then the whole service.
 */
export async function followBlocks({ blocks, followed, recorded, smoke, folder, bot, ending, check }) {
  const count = smoke ? RECORDED.smoke : RECORDED.full;
  const file = recorded ?? join(tmpdir(), `countersign-blocks-${count}.json.gz`);
  const program = fileURLToPath(new URL('chain/node.mjs', import.meta.url));
  const node = fork(program, [file, String(count), String(blocks)]);
  ending.before(() => node.kill());
  const [{ port, first, head }] = await once(node, 'message');
  const url = `http://127.0.0.1:${port}/`;
  const nodes = nodesOf(url);
  ending.before(() => nodes.onApplicationShutdown());
  const counted = async () => {
    const answered = once(node, 'message');
    node.send('count');
    const [{ posts, calls }] = await answered;
    return { posts, requests: calls.eth_getBlockByNumber + calls.eth_getBlockReceipts };
  };

  say('Warming up ...');
  await read(nodes, { first, blocks: Math.min(blocks, 200), addresses: new Addresses(1) });
  const figures = [];
  let profile = null;
  for (const size of [1, 100, followed]) {
    say(`Following ${size} addresses ...`);
    check();
    await counted();
    const before = cpuSecondsOf(node.pid);
    const stopProfile = size === followed ? await startProfile() : null;
    const figure = await read(nodes, { first, blocks, addresses: new Addresses(size) });
    profile = await stopProfile?.();
    figures.push({ size, ...figure, ...(await counted()), nodeCpu: cpuSecondsOf(node.pid) - before });
  }
  print(`Blocks of ${TRANSFERS_PER_BLOCK} transfers, ${blocks} of them:\n\n${describe(figures, blocks)}`);
  print(heaviest(profile));

  const service = await followByService({ url, first, head, followed, folder, bot, ending, check });
  const { posts, requests } = await counted();
  const { perSecond, serviceMs, postgresMs, final, pending } = service;
  print(
    `The service, with ${followed} linked wallets and PostgreSQL on the same machine: ${perSecond.toFixed(0)} blocks/s, CPU of each ` +
      `${serviceMs.toFixed(1)} ms and ${postgresMs.toFixed(1)} ms of PostgreSQL, ${(requests / blocks).toFixed(2)} requests in ` +
      `${(posts / blocks).toFixed(2)} HTTP posts; ${final} rows are final, ${pending} are not yet.`,
  );
  print(heaviest(service.profile));
  return smoke || perSecond >= TARGET_PER_SECOND
    ? []
    : [`below the target of ${TARGET_PER_SECOND} blocks a second`];
}

/** Asked as the service asks them. */
function nodesOf(url) {
  const chain = {
    ...{ id: CHAIN, kind: 'evm', reference: 31337, name: 'bench', environment: 'test', genesisHash: null },
    ...{ rpcUrls: [new URL(url)], timeLimitMs: 10_000, requestsPerSecond: 100_000 },
  };
  const metrics = { countOf: () => () => undefined };
  const clock = { now: () => new Date() };
  return new EvmNodes(new NodeOptions([chain], new Chains([chain]), clock, { patience: 1 }, metrics));
}

/** The followed addresses by their keyed digests, which is all that the service has in memory. */
class Addresses {
  #keyRing = KeyRing.parse(JSON.stringify(generateKeyRing()));
  #digests;
  asked = 0;

  constructor(count) {
    this.#digests = new Set(
      Array.from({ length: count }, (_, number) => this.#digestOf(followedAddress(number))),
    );
  }

  has(address) {
    this.asked += 1;
    return this.#digests.has(this.#digestOf(address));
  }

  #digestOf(address) {
    return blindIndexes(this.#keyRing, 'wallets.address', ['eip155', address])[0].digest.toString('latin1');
  }
}

/** Reads, checks and matches all blocks, one batch after another. */
async function read(nodes, { first, blocks, addresses }) {
  const rules = rulesOfChain(CHAIN);
  let window = ChainWindow.of([], { size: 1024 });
  let found = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let from = first; from < first + blocks; from += BLOCKS_PER_BATCH) {
    const length = Math.min(BLOCKS_PER_BATCH, first + blocks - from);
    const numbers = Array.from({ length }, (_, at) => from + at);
    const answers = await nodes.batch(CHAIN, numbers.flatMap(callsOf));
    for (const [at, number] of numbers.entries()) {
      const [block, receipts] = [answers[2 * at].result, answers[2 * at + 1].result];
      const checked = readBlock(block, receipts, { number }, rules);
      if (!checked.ok) throw new Error(checked.code);
      window = window.add(checked.value);
      found += transfersOf(checked.value, (address) => addresses.has(address)).transfers.length;
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    perSecond: blocks / seconds,
    cpuMs: (user + system) / 1000 / blocks,
    found,
    asked: addresses.asked,
  };
}

function callsOf(number) {
  const quantity = `0x${number.toString(16)}`;
  return [
    { method: 'eth_getBlockByNumber', params: [quantity, true] },
    { method: 'eth_getBlockReceipts', params: [quantity] },
  ];
}

function describe(figures, blocks) {
  return tableOf(figures, {
    ' followed addresses': ({ size }) => size,
    ' blocks/s': ({ perSecond }) => perSecond.toFixed(0),
    ' CPU ms per block': ({ cpuMs }) => cpuMs.toFixed(1),
    ' of the node': ({ nodeCpu }) => ((nodeCpu * 1000) / blocks).toFixed(1),
    ' requests per block': ({ requests }) => (requests / blocks).toFixed(2),
    ' HTTP posts per block': ({ posts }) => (posts / blocks).toFixed(2),
    ' addresses looked up': ({ asked }) => (asked / blocks).toFixed(0),
    ' transfers found': ({ found }) => (found / blocks).toFixed(1),
  });
}

/** The service as it is shipped follows the chain from its first block to its head, in a durable PostgreSQL. */
async function followByService({ url, first, head, followed, folder, bot, ending, check }) {
  const { client, keys, postgres, start } = await install({ folder, bot, ending });
  say(`Linking ${followed} wallets ...`);
  await fillWallets(client, { keys, count: followed });
  say('Following the chain with the service ...');
  const profiles = join(folder, 'profiles');
  const chain = {
    ...{ chainId: CHAIN, rpcUrls: [url], mayNameAddresses: false, name: 'bench', environment: 'test' },
    ...{ currency: { symbol: 'ETH', decimals: 18 }, confirmations: 64, blockTimeMs: 1_000 },
    ...{ requestsPerSecond: 10_000, startBlock: first + 1 },
  };
  const env = { JOBS: 'on', LOG_LEVEL: 'warn', CHAINS: JSON.stringify({ chains: [chain] }) };
  const service = await start(env, { nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${profiles}`] });
  const cpu = () => [service.cpuSeconds(), postgres.cpuSeconds()];
  const started = await reached(client, first, check);
  const [startedAt, before] = [performance.now(), cpu()];
  const blocks = (await reached(client, head, check)) - started;
  const seconds = (performance.now() - startedAt) / 1_000;
  const [serviceMs, postgresMs] = cpu().map((total, index) => ((total - before[index]) * 1_000) / blocks);
  const { rows } = await client.query(ROWS);
  await service.stop();
  const profile = JSON.parse(readFileSync(join(profiles, readdirSync(profiles)[0]), 'utf8'));
  return { perSecond: blocks / seconds, serviceMs, postgresMs, ...rows[0], profile };
}

/** @returns {Promise<number>} the block that was read last, when it is that one or a later one */
async function reached(client, number, check) {
  for (;;) {
    check();
    const { rows } = await client.query('SELECT tip_number::int AS tip, state, fault FROM chain_positions');
    const [{ tip, state, fault } = {}] = rows;
    if (fault) throw new Error(`The service is ${state}: ${fault}`);
    if (tip !== null && tip >= number) return tip;
    await wait(POLL);
  }
}

async function startProfile() {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return profile;
  };
}

/** Self time of a profile of V8, by function. */
function heaviest({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map();
  let all = 0;
  for (const [at, id] of samples.entries()) {
    const { functionName, url } = frames.get(id);
    if (functionName === '(idle)') continue;
    const file = url === '' ? '' : ` (${url.split('/').slice(-2).join('/')})`;
    const name = `${functionName || 'anonymous'}${file}`;
    times.set(name, (times.get(name) ?? 0) + timeDeltas[at]);
    all += timeDeltas[at];
  }
  const rows = [...times].toSorted(([, one], [, other]) => other - one).slice(0, SHOWN);
  const columns = {
    function: ([name]) => name,
    ' share': ([, time]) => `${((100 * time) / all).toFixed(1)} %`,
  };
  return `Self time, without idling:\n\n${tableOf(rows, columns)}`;
}
