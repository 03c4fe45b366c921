import { setTimeout as wait } from 'node:timers/promises';
import { Connections, oneByOne } from '../load/connections.mjs';
import { residentBytesOf } from '../machine/process-usage.mjs';
import { fixed, tableOf } from '../report/table.mjs';

const SESSIONS = 20_000;
const CONNECTIONS = 32;
/** MiB: of an idle process, and of one with all sessions. */
const [MAX_IDLE, MAX_BUSY] = [140, 220];
/** Milliseconds for the process to settle. */
const SETTLING = 3_000;

/** Calls the gateway check for every session, twice. @returns {Promise<import('./main.mjs').Found>} */
export async function fillMemory({ subject, check }) {
  const service = await subject.start();
  await wait(SETTLING);
  const states = [{ name: 'started', ...(await stateOf(service)) }];
  const members = subject.crowd.newest(SESSIONS);
  for (const name of ['each session checked once', 'and once more']) {
    check();
    const connections = await Connections.open(service.gatewayPort, CONNECTIONS);
    const exchanges = members.map((member) => service.client.gatewayCheck(subject.crowd, member));
    await connections.run(oneByOne(exchanges), Infinity).finally(() => connections.close());
    await wait(SETTLING);
    states.push({ name, ...(await stateOf(service)) });
  }
  await service.stop();
  const verdict = (what, mebibytes, most) => ({
    ...{ what, wanted: `at most ${most} MiB`, measured: `${fixed(mebibytes)} MiB` },
    isReached: mebibytes <= most,
  });
  const text = tableOf(states, {
    'API process': ({ name }) => name,
    ' sessions in memory': ({ sessions }) => sessions,
    ' resident MiB': ({ resident }) => fixed(resident),
    ' heap in use MiB': ({ heap }) => fixed(heap),
  });
  const verdicts = [
    verdict('memory of an idle process', states[0].resident, MAX_IDLE),
    verdict(`memory with ${members.length} sessions`, states[2].resident, MAX_BUSY),
  ];
  return { text, verdicts };
}

/** The memory of the process in MiB, and its own metrics. */
async function stateOf({ pid, gatewayOrigin }) {
  const lines = (await (await fetch(`${gatewayOrigin}/metrics`)).text()).split('\n');
  const read = (name) => Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
  return {
    sessions: read('countersign_cache_entries{cache="sessions"}'),
    resident: residentBytesOf(pid) / 2 ** 20,
    heap: read('nodejs_heap_size_used_bytes') / 2 ** 20,
  };
}
