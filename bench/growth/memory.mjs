import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Connections } from '../load/connections.mjs';
import { authorized } from '../load/http-text.mjs';
import { table } from '../report/table.mjs';
import { startService } from '../product/service.mjs';

/** The most that a process with so many sessions in memory may take, in MiB. */
const MAX_MEBIBYTES = 250;
const MANY_SESSIONS = 100_000;

const CONNECTIONS = 32;
const ROOM = { SESSION_CACHE_ENTRIES: '120000', SESSION_CACHE_MIB: '256' };
const MINUTE = 60;

/** Milliseconds for the process to settle. */
const SETTLING = 3_000;

const MEBIBYTE = 1024 * 1024;

const HEADINGS = [
  'API process',
  ' sessions in memory',
  ' identity tokens',
  ' checks/s',
  ' resident MiB',
  ' heap used',
  ' outside the heap',
];

/**
 * Has the gateway ask for every session that is in use, so that one process remembers them all.
 *
 * @param {object} options
 * @param {Record<string, string>} options.env
 * @param {string[]} options.present access tokens
 * @returns {Promise<{ text: string, faults: string[], figures: { name: string, sessions: number, residentBytes: number, heapBytes: number }[] }>}
 */
export async function measureMemory({ env, present }) {
  const tokens = present.slice(0, MANY_SESSIONS);
  const service = await startService({ ...env, ...ROOM });
  try {
    const started = await stateOf(service);
    const first = await askFor(service, tokens);
    await wait(SETTLING);
    const cold = await stateOf(service);
    const second = await askFor(service, tokens);
    await wait(SETTLING);
    const warm = await stateOf(service);
    const most = Math.max(cold.resident, warm.resident);
    const faults = [
      cold.sessions === tokens.length
        ? []
        : [`the service remembers ${cold.sessions} of ${tokens.length} sessions`],
      most > MAX_MEBIBYTES && tokens.length === MANY_SESSIONS
        ? [`the service takes ${most.toFixed(0)} MiB, more than ${MAX_MEBIBYTES}`]
        : [],
    ].flat();
    const text = table(HEADINGS, [
      line('started', '', started),
      line('asked for each once', rate(first), cold),
      line('and once more', rate(second), warm),
    ]);
    const figures = [
      ['started', started],
      ['asked for each once', cold],
      ['and once more', warm],
    ].map(([name, { sessions, resident, heap }]) => ({
      name,
      sessions,
      residentBytes: resident * MEBIBYTE,
      heapBytes: heap * MEBIBYTE,
    }));
    return { text, faults, figures };
  } finally {
    await service.stop();
  }
}

async function askFor({ gatewayPort }, tokens) {
  const connections = await Connections.open(gatewayPort, CONNECTIONS);
  let next = 0;
  const supply = () => {
    const token = tokens[next];
    next += 1;
    return token === undefined
      ? null
      : { text: authorized('GET', '/v1/gateway/authorize', token), check: isPermitted };
  };
  try {
    const run = await connections.run(supply, 30 * MINUTE);
    if (run.count !== tokens.length) throw new Error('not every session was asked for');
    return run;
  } finally {
    connections.close();
  }
}

function isPermitted(status, body) {
  return status === 200 ? null : `the check answered ${status}: ${body.slice(0, 200)}`;
}

function rate({ count, seconds }) {
  return (count / seconds).toFixed(0);
}

/** What the process takes, and what it says of itself. */
async function stateOf({ pid, gatewayOrigin }) {
  const text = await (await fetch(`${gatewayOrigin}/metrics`)).text();
  const read = (name) =>
    Number(
      text
        .split('\n')
        .find((told) => told.startsWith(`${name} `))
        ?.split(' ')[1],
    );
  return {
    sessions: read('countersign_cache_entries{cache="sessions"}'),
    identityTokens: read('countersign_cache_entries{cache="identity_tokens"}'),
    resident: residentMebibytes(pid),
    heap: read('nodejs_heap_size_used_bytes') / MEBIBYTE,
    external: read('nodejs_external_memory_bytes') / MEBIBYTE,
  };
}

function line(name, checks, { sessions, identityTokens, resident, heap, external }) {
  const sizes = [resident, heap, external].map((mebibytes) => mebibytes.toFixed(0));
  return [name, String(sessions), String(identityTokens), checks, ...sizes];
}

/** Off Linux there is nothing to read. */
function residentMebibytes(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) / 1024;
  } catch {
    return NaN;
  }
}
