import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { folderOnDisk } from '../../bench/machine/disk.mjs';
import { Ending } from '../../bench/machine/ending.mjs';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { Crowd } from '../chaos/crowd.mjs';
import { compareAnswers, compareRows } from '../chaos/ledger.mjs';
import { Random } from '../chaos/random.mjs';
import { lineOf } from '../chaos/verdict.mjs';
import { addEndpoint, compareArrivals, hurry, WebhookReceiver } from './webhooks.mjs';
import { Database } from './database.mjs';
import { faults as kinds } from './faults.mjs';
import { Installation } from './installation.mjs';
import { missingPackages } from './programs.mjs';
import { Senders } from './senders.mjs';

const ALL = 20;
const MEMBERS = 12;
const SENDERS = 3;

/** Milliseconds. */
const MEASURED = 3_000;
const BEFORE_FAULT = [1_000, 3_000];
/** From a new leader until everything works again. */
const RECOVERY = 3_000;
/** The same for sends: a job applies the brake within a minute, and an operator releases it. */
const SENDS_RECOVERY = 75_000;
/** How long the run observes after the recovery. */
const AFTERWARDS = 2_000;
/** Of one request: ten seconds in a queue, and ten until the pool closes a connection without an answer. */
const LONGEST_REQUEST = 20_000;
const ARRIVAL_LIMIT = 120_000;
const POLL = 50;

/** Sessions are used for less than this. Seconds. */
const ACCESS_IDLE = 1_800;

/**
 * Faults of a PostgreSQL cluster in turn, while people use three replicas.
 *
 * `FAILOVERS`: how many faults (20), `ONLY`: one kind, `SEED`: repeats the choices of a run, `LOGS=on`: the folder
 * with logs and data is left, `PATIENCE`: factor of time limits, as measured.
 *
 * @returns {Promise<number>} exit code: 1 when something was lost, done twice or slow
 */
export async function failover(env) {
  const missing = missingPackages();
  if (missing.length > 0) {
    say(`Skipped: these packages of Debian are absent: ${missing.join(', ')}.`);
    return 0;
  }
  const settings = readSettings(env);
  const ending = new Ending();
  try {
    return await run(settings, ending);
  } finally {
    await ending.run();
  }
}

function readSettings({
  FAILOVERS = String(ALL),
  ONLY,
  SEED = String(Date.now() % 1_000_000),
  PATIENCE = '1',
  LOGS,
}) {
  const names = Object.keys(kinds).filter((name) => ONLY === undefined || name === ONLY);
  if (!/^[1-9]\d{0,3}$/.test(FAILOVERS)) throw new Sentence('FAILOVERS must be a whole number.');
  if (names.length === 0) throw new Sentence(`ONLY must be one of: ${Object.keys(kinds).join(', ')}.`);
  const count = Number(FAILOVERS);
  return {
    faults: Array.from({ length: count }, (_, index) => names[index % names.length]),
    seed: Number(SEED),
    patience: Number(PATIENCE),
    logs: LOGS === 'on',
  };
}

async function run({ faults, seed, patience, logs }, ending) {
  print(`Seed ${seed}, ${faults.length} faults.`);
  const folder = mkdtempSync(join(folderOnDisk(), 'countersign-failover-'));
  // The programs of the database run by another account.
  chmodSync(folder, 0o711);
  if (logs) say(`Logs are in ${folder}.`);
  else ending.before(() => rmSync(folder, { recursive: true, force: true }));
  say('Starting the cluster ...');
  const database = await Database.start({ folder, ending });
  const installation = await Installation.start(database, { folder, ending });
  const random = new Random(seed);
  const receiver = await WebhookReceiver.start(random.fork('receiver'));
  ending.before(() => receiver.stop());
  await addEndpoint(installation, receiver.url);
  const crowd = new Crowd(installation, random.fork('crowd'), MEMBERS);
  const senders = await Senders.make(installation, { size: SENDERS, random: random.fork('senders') });
  // The first ones are slower.
  await crowd.measureRate(MEASURED);
  const most = await crowd.measureRate(MEASURED);
  say(`${most.toFixed(0)} acts in a second at most: half of that from now on.`);

  const broken = [];
  const times = [];
  for (const [index, name] of faults.entries()) {
    ending.check();
    const setting = { database, installation, crowd, senders, patience, rate: most / 2 };
    const { promised, figures } = await runFault(name, { ...setting, random: random.fork(`fault ${index}`) });
    times.push({ name, ...figures });
    print(lineOf(`${index + 1} ${name}`, promised));
    broken.push(...promised.faults);
  }
  const ends = [
    await compareEvents(installation, crowd.people, receiver),
    {
      promise: 'every send is in the chain once',
      found: `${senders.count} sends`,
      faults: await senders.compare(),
    },
  ];
  for (const promised of ends) print(lineOf('at the end', promised));
  broken.push(...ends.flatMap((each) => each.faults));
  print(summaryOf(times));
  if (broken.length > 0)
    for (const { name, warnings } of installation.replicas)
      for (const line of warnings) print(`replica ${name} warned: ${line.slice(0, 500)}`);
  return broken.length === 0 ? 0 : 1;
}

/** Causes one fault, and waits until everything works again. */
async function runFault(name, { database, installation, crowd, senders, patience, rate, random }) {
  const { traffic } = crowd;
  await database.untilHealthy();
  const before = { answered: traffic.answered, refused: traffic.refused, faults: traffic.faults.length };
  for (const each of [traffic, senders.traffic])
    Object.assign(each, { troubledAt: Number.NEGATIVE_INFINITY, slowest: 0, lastTrouble: 'none' });
  crowd.start(rate);
  senders.start();
  await wait(random.between(...BEFORE_FAULT));
  const { startedAt, electedAt, usableAt, repair } = await kinds[name](database, random);
  const listening = untilListening(installation, usableAt);
  const deadline = usableAt + RECOVERY * patience + AFTERWARDS;
  const quietSince = () => Math.max(traffic.troubledAt, usableAt + RECOVERY);
  while (performance.now() < Math.min(quietSince() + AFTERWARDS, deadline)) await wait(POLL);
  const back = Math.max(0, traffic.troubledAt - usableAt);
  const sending = Math.max(0, senders.traffic.troubledAt - usableAt);
  const troubles = { people: traffic.lastTrouble, senders: senders.traffic.lastTrouble };
  // The former leader comes back while people use the new one.
  await repair();
  await database.untilHealthy();
  await wait(AFTERWARDS);
  await Promise.all([crowd.pause(), senders.pause()]);

  const slowest = Math.max(traffic.slowest, senders.traffic.slowest);
  const heard = await listening;
  const { people } = crowd;
  const rows = await compareRows(installation, people, { accessIdle: ACCESS_IDLE });
  const faults = [
    ...rows.faults,
    ...(await compareAnswers(installation.replicas, people)),
    ...traffic.faults.slice(before.faults),
    ...senders.traffic.faults.splice(0),
    ...crowd.faults.splice(0),
  ];
  const limit = RECOVERY * patience;
  if (back > limit)
    faults.push(`the last trouble was ${back.toFixed(0)} ms after the new leader: ${troubles.people}`);
  if (sending > SENDS_RECOVERY * patience)
    faults.push(`the last trouble of sends was ${sending.toFixed(0)} ms after it: ${troubles.senders}`);
  if (heard > limit) faults.push(`notifications were back ${heard.toFixed(0)} ms after the new leader`);
  if (slowest > LONGEST_REQUEST) faults.push(`a request took ${slowest.toFixed(0)} ms`);
  const figures = {
    ...{ election: electedAt - startedAt, usable: usableAt - startedAt },
    ...{ back, sending, heard, slowest },
    ...{ answered: traffic.answered - before.answered, refused: traffic.refused - before.refused },
  };
  const found = `a leader after ${seconds(figures.election)}, with its standby after ${seconds(figures.usable)}, last trouble ${seconds(back)} (${troubles.people}), of sends ${seconds(sending)} (${troubles.senders}) and notifications ${seconds(heard)} after that; ${figures.answered} answers (${figures.refused} were 503), the slowest after ${seconds(figures.slowest)}; ${rows.compared} sessions compared`;
  return {
    figures,
    promised: { promise: 'nothing acknowledged is lost, and it is back within 3 s', found, faults },
  };
}

/** Milliseconds from a new leader until all replicas hear notifications of the new leader. */
async function untilListening(installation, usableAt) {
  for (;;) {
    if ((await installation.countListeners()) === installation.replicas.length)
      return Math.max(0, performance.now() - usableAt);
    await wait(POLL);
  }
}

/** Each acknowledged sign-in has its event, and each event arrives. */
async function compareEvents(installation, people, receiver) {
  const expected = await installation.query(
    `SELECT id, data->>'sessionId' AS "sessionId" FROM events WHERE type = 'session.opened'`,
  );
  const opened = new Set(expected.map(({ sessionId }) => sessionId));
  const lost = people
    .flatMap(({ live, ended }) => [...live, ...ended])
    .filter(({ id }) => !opened.has(id))
    .map(({ id }) => `the event of the sign-in to session ${id} is lost`);
  const deadline = Date.now() + ARRIVAL_LIMIT;
  while (receiver.count < expected.length && Date.now() < deadline) {
    await hurry(installation);
    await wait(POLL * 5);
  }
  return {
    promise: 'every event arrives',
    found: `${expected.length} events, ${receiver.count} arrived, ${receiver.received - receiver.count} of them again`,
    faults: [...lost, ...compareArrivals(expected, receiver)],
  };
}

function summaryOf(times) {
  const lines = Object.keys(kinds).flatMap((kind) => {
    const own = times.filter(({ name }) => name === kind);
    const worst = (figure) => seconds(Math.max(...own.map((each) => each[figure])));
    return own.length === 0
      ? []
      : [
          `${kind}: ${own.length} times; at worst a leader after ${worst('election')}, with its standby after ${worst('usable')}, last trouble ${worst('back')}, of sends ${worst('sending')}, and notifications ${worst('heard')} after that, slowest request ${worst('slowest')}`,
        ];
  });
  return lines.join('\n');
}

function seconds(milliseconds) {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
