import { Connections } from '../load/connections.mjs';
import { Crowd } from '../load/crowd.mjs';
import { residentBytesOf } from '../machine/process-usage.mjs';
import { percentilesOf } from '../report/statistics.mjs';
import { fixed, tableOf } from '../report/table.mjs';

/** Of a hundred requests: checks by the gateway, and calls of the API by weight. As many sessions are opened as end. */
export const CHECKS = 70;
const CALLS = { readMe: 10, introspection: 8, refresh: 6, returningLogin: 3, firstLogin: 1, logout: 2 };
export const CONNECTIONS = 32;
/** Seconds. */
const LONGEST_SAMPLE = 30;
/** The last third by the first. Memory varies by some percent with GC, latencies with the machine. */
const [MAX_MEMORY, MAX_LATENCY] = [1.1, 1.25];

/** All operations at once for some minutes, at a fixed rate. @returns {Promise<import('./main.mjs').Found>} */
export async function soak({ subject, bot, options, random, check }) {
  // With its background jobs, as it is shipped.
  const service = await subject.start({ JOBS: 'on' });
  const length = Math.min(LONGEST_SAMPLE, options.soak * 6);
  const { read, call } = mixedLoad({ service, subject, bot, random });
  const [api, gateway] = await Promise.all(
    [service.port, service.gatewayPort].map((port) => Connections.open(port, CONNECTIONS)),
  );
  const samples = [];
  try {
    for (
      let seconds = length;
      samples.length < Math.max(3, (options.soak * 60) / length);
      seconds += length
    ) {
      check();
      const rate = (share) => (options.rate * share) / 100;
      const runs = await Promise.all([
        gateway.run(() => read('gatewayCheck'), length, rate(CHECKS)),
        api.run(call, length, rate(100 - CHECKS)),
      ]);
      const latencies = runs.flatMap((run) => run.latencies);
      samples.push({ seconds, ...percentilesOf(latencies), memory: residentBytesOf(service.pid) / 2 ** 20 });
    }
  } finally {
    api.close();
    gateway.close();
    await service.stop();
  }
  const third = Math.ceil(samples.length / 3);
  const mean = (some, name) => some.reduce((sum, sample) => sum + sample[name], 0) / some.length;
  const verdict = (what, name, most) => {
    const growth = mean(samples.slice(-third), name) / mean(samples.slice(0, third), name);
    const wanted = `flat: the last third by the first at most ${most}`;
    return { what: `soak: ${what}`, wanted, measured: fixed(growth, 2), isReached: !(growth > most) };
  };
  const text = tableOf(samples, {
    ' seconds': ({ seconds }) => fixed(seconds),
    ' p50 ms': ({ p50 }) => fixed(p50, 1),
    ' p99 ms': ({ p99 }) => fixed(p99, 1),
    ' most ms': ({ most }) => fixed(most, 1),
    ' resident MiB': ({ memory }) => fixed(memory),
  });
  const verdicts = [
    verdict('memory of the API process', 'memory', MAX_MEMORY),
    verdict('p99 of all answers', 'p99', MAX_LATENCY),
  ];
  return { text, verdicts };
}

/** Checks by the gateway, and calls of the API by weight. */
export function mixedLoad({ service, subject, bot, random }) {
  const [readers, movers, fresh] = [new Crowd(bot), new Crowd(bot), new Crowd(bot)];
  for (const [index, member] of subject.crowd.newest(subject.crowd.size).entries())
    (index % 2 === 0 ? readers : movers).join(member.user, member);
  const all = readers.newest(readers.size);
  const read = (key) => service.client[key](readers, all[Math.floor(random() * all.length)]);
  return { read, call: callsOf(service.client, { movers, fresh, read, random }) };
}

/** A supply of calls by weight. No session is in two of them at once: who reads, moves and leaves are different people. */
function callsOf(client, { movers, fresh, read, random }) {
  const keys = Object.entries(CALLS).flatMap(([key, weight]) => Array(weight).fill(key));
  return () => {
    const key = keys[Math.floor(random() * keys.length)];
    if (key === 'readMe' || key === 'introspection') return read(key);
    if (key === 'firstLogin') return client[key](fresh, fresh.bot.newUser());
    const [member] = key === 'logout' ? fresh.newest(1) : movers.take(1);
    if (!member) return read('readMe');
    if (key === 'logout') fresh.leave(member);
    return client[key](key === 'logout' ? fresh : movers, member);
  };
}
