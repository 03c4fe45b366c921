import { AsyncLocalStorage } from 'node:async_hooks';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { inClone, writingToClone } from './clone.mjs';
import { say } from './main.mjs';

/** Milliseconds. */
const POLL = 100;
const TAKEOVER_LIMIT = 2000;

/** What work that runs alone may add processes to. */
const held = new AsyncLocalStorage();

/**
 * Runs work that changes what is installed or built, alone in this clone: others wait and say so. The lock of
 * processes that are gone is taken over. (`tools/private-postgres` has its like for folders in use, but is not built
 * yet when this one is needed.)
 *
 * @template T
 * @param {(include: (pid: number) => void) => Promise<T>} work `include` is told of every process that does the work:
 *   it outlives us when we are killed, and has to end before others may begin
 * @param {string} [file]
 * @returns {Promise<T>}
 */
export function alone(work, file = inClone('dist.lock')) {
  // Building may need another tool to be installed.
  const ours = held.getStore();
  if (ours) return work(ours);
  return writingToClone(async () => {
    await acquire(file);
    const include = (pid) => appendFileSync(file, lineOf(pid));
    try {
      return await held.run(include, () => work(include));
    } finally {
      rmSync(file, { force: true });
    }
  });
}

async function acquire(file) {
  let told = null;
  while (!createWhole(file, lineOf(process.pid))) {
    const holder = holderOf(file);
    if (holder === null && removeStale(file)) continue;
    if (holder !== null && holder !== told)
      say(`Waiting for process ${holder}, which is installing or building ...`);
    told = holder;
    await wait(POLL);
  }
}

/** Creates the file with its text in one step, so that nobody ever reads half of it. */
function createWhole(file, text) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The id of the first process named in the lock that runs, or null. */
function holderOf(file) {
  for (const line of read(file).split('\n').filter(Boolean)) {
    const pid = Number(line.split(' ')[0]);
    if (isRunning(pid) && lineOf(pid) === `${line}\n`) return pid;
  }
  return null;
}

function isRunning(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** Names a process for good: its id and, where the system tells (Linux), when it started, since ids are used again. */
function lineOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return `${pid} ${state === 'Z' ? 'ended' : (fields[18] ?? '')}\n`;
}

/** Removes a lock whose holders are gone, below a folder that only one process can make; false when another one has. */
function removeStale(file) {
  const guard = `${file}.takeover`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const made = statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > TAKEOVER_LIMIT) rmSync(guard, { recursive: true, force: true });
    return false;
  }
  try {
    if (holderOf(file) === null) rmSync(file, { force: true });
    return true;
  } finally {
    rmdirSync(guard);
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
