import { once } from 'node:events';
import { readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { recordedFolder } from './data-folder.mjs';
import { say, Sentence } from './main.mjs';

/** Milliseconds. The API may take 30 s to stop, and PostgreSQL 60 s. */
const STOP_LIMIT_MS = 100_000;
const POLL_MS = 100;

/**
 * Runs `stop`, which ends the service of `start`, or `reset`, which also deletes its data.
 *
 * @param {string[]} words the command and its options
 * @param {string} folder the default data folder
 * @param {string} start the command of `start`, for messages
 * @param {{ holderOf: (folder: string) => Promise<number | null>, lockFolder: (folder: string) => Promise<() => void> }} locks
 * @returns {Promise<number>} the exit code
 * @throws {Sentence} for a folder that no start has recorded
 */
export async function stopOrReset([command, ...args], folder, start, locks) {
  const options = command === 'reset' ? { yes: { type: 'boolean' } } : {};
  const { values } = parseArgs({ args, options });
  const data = realpathSync(recordedFolder(folder, start));
  if (command === 'reset' && !values.yes && !(await isConfirmed(data))) {
    say('Nothing was deleted.');
    return 1;
  }
  const wasRunning = await end(data, locks.holderOf);
  if (command === 'reset') {
    await remove(data, locks.lockFolder);
    say(`The data in ${data} was deleted. "${start}" makes new data.`);
  } else if (wasRunning) say(`Countersign has stopped. Its data stays in ${data}.`);
  else say(`Countersign is not running with the data in ${data}.`);
  return 0;
}

async function isConfirmed(folder) {
  if (!process.stdin.isTTY)
    throw new Sentence(
      `"reset" asks before it deletes ${folder}, and there is no terminal. In a script, add --yes.`,
    );
  process.stderr.write(`Delete the database, the keys and all other data in ${folder}? Type "yes": `);
  const terminal = createInterface({ input: process.stdin });
  const [answer] = await Promise.race([once(terminal, 'line'), once(terminal, 'close')]);
  terminal.close();
  return answer === 'yes';
}

/** Waits until the service has ended. @returns whether it was running */
async function end(folder, holderOf) {
  const holder = await holderOf(folder);
  if (holder === null) return false;
  // A signal there ends the process at once, and leaves PostgreSQL running.
  if (process.platform === 'win32')
    throw new Sentence(`Process ${holder} uses ${folder}. On Windows, press Ctrl-C where it runs.`);
  // Any process can answer at the lock. Only this user can write the file.
  if (holder !== recordedProcess(folder))
    throw new Sentence(
      `Process ${holder} uses ${folder}, but it did not write its id there. Stop it yourself.`,
    );
  process.kill(holder, 'SIGTERM');
  for (const limit = Date.now() + STOP_LIMIT_MS; Date.now() < limit; await sleep(POLL_MS))
    if ((await holderOf(folder)) === null) return true;
  throw new Sentence(`Process ${holder} does not end. Read ${join(folder, 'service.log')}.`);
}

function recordedProcess(folder) {
  try {
    return Number(readFileSync(join(folder, 'process-id'), 'utf8'));
  } catch {
    return null;
  }
}

/** No start can use the folder meanwhile. */
async function remove(folder, lockFolder) {
  const unlock = await lockFolder(folder);
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } finally {
    unlock();
  }
}
