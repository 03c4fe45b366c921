import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { cpuSecondsOf } from '../machine/cpu-time.mjs';
import { Ending } from '../machine/ending.mjs';
import { built } from '../product/built.mjs';
import { table } from '../report/table.mjs';
import { followedAddress } from './addresses.mjs';
import { heaviest } from './profile.mjs';
import { RECORDED_BLOCKS, TRANSFERS_PER_BLOCK } from './recording.mjs';
import { followByService } from './service.mjs';

const { blindIndexes, generateKeyRing, KeyRing } = built('libs/pure/crypto/src');
const { Chains, EvmNodes } = built('libs/wallets/chains/src');
const { ChainWindow, readBlock, rulesOfChain, transfersOf } = built('libs/pure/evm-blocks/src');

const USAGE = `Usage: npm run bench:chain-blocks -- [options]

  --blocks <n>      blocks of a measurement (1000)
  --followed <n>    followed addresses, beside 1 and 100 (10000)
  --recorded <file> where recorded blocks are kept (in the temporary folder)`;

const TARGET_PER_SECOND = 20;
const BLOCKS_PER_BATCH = 8;
const CHAIN = 'eip155:31337';

/**
 * Two measurements: reading alone (nodes asked as the service asks them, blocks checked, addresses matched), with more and more
 * followed addresses; then the whole service.
 *
 * @param {string[]} words of the command line
 * @returns {Promise<number>} the exit code: 1 below the target
 */
export async function chainBlocks(words) {
  const options = optionsOf(words);
  const ending = new Ending();
  try {
    return await run(options, ending);
  } finally {
    await ending.run();
  }
}

function optionsOf(words) {
  const text = { type: 'string' };
  const { values } = parseArgs({ args: words, options: { blocks: text, followed: text, recorded: text } });
  const options = {
    blocks: Number(values.blocks ?? 1000),
    followed: Number(values.followed ?? 10_000),
    recorded: values.recorded ?? join(tmpdir(), `countersign-blocks-${RECORDED_BLOCKS}.json.gz`),
  };
  if (![options.blocks, options.followed].every((number) => Number.isInteger(number) && number > 0)) {
    throw new Sentence(USAGE);
  }
  return options;
}

async function run({ blocks, followed, recorded }, ending) {
  const node = fork(fileURLToPath(new URL('node.mjs', import.meta.url)), [recorded, String(blocks)]);
  ending.before(() => node.kill());
  const [{ port, first, head }] = await once(node, 'message');
  const nodes = nodesOf(`http://127.0.0.1:${port}/`);
  ending.before(() => nodes.onApplicationShutdown());

  const sizes = [1, 100, followed];
  say('Warming up ...');
  await follow(nodes, { first, blocks: Math.min(blocks, 200), addresses: new Addresses(1) });
  const figures = [];
  let profile = null;
  for (const size of sizes) {
    say(`Following ${size} addresses ...`);
    ending.check();
    const addresses = new Addresses(size);
    await counted(node);
    const nodeBefore = cpuSecondsOf(node.pid);
    const profiler = size === followed ? await startProfile() : null;
    const figure = await follow(nodes, { first, blocks, addresses });
    profile = profiler && (await profiler());
    const { posts, calls } = await counted(node);
    figures.push({ size, ...figure, posts, calls, nodeCpu: cpuSecondsOf(node.pid) - nodeBefore });
  }

  process.stdout.write(`${report(figures, blocks)}\n\n${heaviest(profile)}\n\n`);

  const url = `http://127.0.0.1:${port}/`;
  const service = await followByService({ url, first, head, followed }, ending);
  const { posts, calls } = await counted(node);
  process.stdout.write(`${serviceReport(service, { posts, calls, followed, blocks })}\n`);
  if (service.perSecond >= TARGET_PER_SECOND) return 0;
  say(`Below the target of ${TARGET_PER_SECOND} blocks a second.`);
  return 1;
}

/** As the service asks nodes. */
function nodesOf(url) {
  const chain = {
    id: CHAIN,
    kind: 'evm',
    reference: 31337,
    name: 'bench',
    environment: 'test',
    genesisHash: null,
    rpcUrls: [new URL(url)],
    timeLimitMs: 10_000,
    requestsPerSecond: 100_000,
  };
  const metrics = { countOf: () => () => undefined };
  return new EvmNodes([chain], new Chains([chain]), { now: () => new Date() }, { patience: 1 }, metrics);
}

/** The followed addresses by their keyed digests, which is all that the service holds of them. */
class Addresses {
  #keyRing = KeyRing.parse(JSON.stringify(generateKeyRing()));
  #digests;
  asked = 0;

  constructor(count) {
    const addresses = Array.from({ length: count }, (_, number) => followedAddress(number));
    this.#digests = new Set(addresses.map((address) => this.#digestOf(address)));
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
async function follow(nodes, { first, blocks, addresses }) {
  const rules = rulesOfChain(CHAIN);
  let window = ChainWindow.of([], { size: 1024 });
  let found = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let from = first; from < first + blocks; from += BLOCKS_PER_BATCH) {
    const numbers = Array.from(
      { length: Math.min(BLOCKS_PER_BATCH, first + blocks - from) },
      (_, at) => from + at,
    );
    const answers = await nodes.batch(CHAIN, numbers.flatMap(callsOf));
    for (const [at, number] of numbers.entries()) {
      const [block, receipts] = [answers[2 * at].result, answers[2 * at + 1].result];
      const read = readBlock(block, receipts, { number }, rules);
      if (!read.ok) throw new Error(read.code);
      window = window.add(read.value);
      found += transfersOf(read.value, (address) => addresses.has(address)).transfers.length;
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    perSecond: blocks / seconds,
    cpuMs: (user + system) / 1000 / blocks,
    found: found / blocks,
    asked: addresses.asked / blocks,
  };
}

function callsOf(number) {
  const quantity = `0x${number.toString(16)}`;
  return [
    { method: 'eth_getBlockByNumber', params: [quantity, true] },
    { method: 'eth_getBlockReceipts', params: [quantity] },
  ];
}

async function counted(node) {
  const answered = once(node, 'message');
  node.send('count');
  const [counts] = await answered;
  return counts;
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

function report(figures, blocks) {
  const rows = figures.map(({ size, perSecond, cpuMs, nodeCpu, calls, posts, found, asked }) => [
    String(size),
    perSecond.toFixed(0),
    cpuMs.toFixed(1),
    ((nodeCpu * 1000) / blocks).toFixed(1),
    ((calls.eth_getBlockByNumber + calls.eth_getBlockReceipts) / blocks).toFixed(2),
    (posts / blocks).toFixed(2),
    asked.toFixed(0),
    found.toFixed(1),
  ]);
  const headings = [
    ' followed addresses',
    ' blocks/s',
    ' CPU ms per block',
    ' of the node',
    ' requests per block',
    ' HTTP posts per block',
    ' addresses looked up',
    ' transfers found',
  ];
  return `Blocks of ${TRANSFERS_PER_BLOCK} transfers, ${blocks} of them:\n\n${table(headings, rows)}`;
}

function serviceReport(
  { perSecond, serviceMs, postgresMs, final, pending, profile },
  { posts, calls, followed, blocks },
) {
  const asked = (calls.eth_getBlockByNumber + calls.eth_getBlockReceipts) / blocks;
  return [
    `The service, with ${followed} linked wallets and PostgreSQL on the same machine: ${perSecond.toFixed(0)} blocks/s, CPU of each ` +
      `${serviceMs.toFixed(1)} ms and ${postgresMs.toFixed(1)} ms of PostgreSQL, ${asked.toFixed(2)} requests in ` +
      `${(posts / blocks).toFixed(2)} HTTP posts; ${final} rows are final, ${pending} are not yet.`,
    heaviest(profile),
  ].join('\n\n');
}
