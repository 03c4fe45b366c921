import { setTimeout as wait } from 'node:timers/promises';
import { Connections, oneByOne } from '../load/connections.mjs';
import { authorized } from '../load/http-text.mjs';
import { residentBytesOf } from '../machine/process-usage.mjs';
import { MAX_MEBIBYTES } from '../report/sections.mjs';

const MANY_SESSIONS = 100_000;
const CONNECTIONS = 32;
/** Seconds for all requests; milliseconds for the process to settle. */
const [LIMIT, SETTLING] = [1_800, 3_000];

/** Calls the gateway check for every session that is in use. */
export async function fillMemory({ installation }) {
  const tokens = installation.filled.present.slice(0, MANY_SESSIONS).map(({ accessToken }) => accessToken);
  const service = await installation.start();
  const memory = [{ name: 'started', ...(await stateOf(service)) }];
  for (const name of ['asked for each once', 'and once more']) {
    await checkAll(service, tokens);
    await wait(SETTLING);
    memory.push({ name, ...(await stateOf(service)) });
  }
  await service.stop();
  const most = Math.max(...memory.map(({ residentBytes }) => residentBytes)) / 2 ** 20;
  const verdict = {
    what: 'memory with 100,000 sessions',
    wanted: `at most ${MAX_MEBIBYTES} MiB`,
    measured: `${most.toFixed(0)} MiB`,
    isReached: most <= MAX_MEBIBYTES,
  };
  return {
    figures: { memory },
    verdicts: tokens.length === MANY_SESSIONS ? [verdict] : [],
    faults: [],
  };
}

async function checkAll({ gatewayPort }, tokens) {
  const connections = await Connections.open(gatewayPort, CONNECTIONS);
  const check = (status, body) =>
    status === 200 ? null : `the check answered ${status}: ${body.slice(0, 200)}`;
  const exchanges = tokens.map((token) => ({
    text: authorized('GET', '/v1/gateway/authorize', token),
    check,
  }));
  try {
    const { count } = await connections.run(oneByOne(exchanges), LIMIT);
    if (count !== tokens.length) throw new Error('not every session was asked for');
  } finally {
    connections.close();
  }
}

/** The memory of the process, and its own metrics. */
async function stateOf({ pid, gatewayOrigin }) {
  const lines = (await (await fetch(`${gatewayOrigin}/metrics`)).text()).split('\n');
  const read = (name) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
  return {
    sessions: read('countersign_cache_entries{cache="sessions"}'),
    residentBytes: residentBytesOf(pid),
    heapBytes: read('nodejs_heap_size_used_bytes'),
  };
}
