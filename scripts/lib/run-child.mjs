import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CLONE } from './clone.mjs';
import { Interrupted } from './main.mjs';
import { heldLock } from './setup-lock.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end, hands it every signal that we get, and resolves with its exit code (128 + the signal
 * that ended it).
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {(signal: NodeJS.Signals) => void} [onSignal]
 * @returns {Promise<number>}
 */
export async function runChild(command, args, options, onSignal) {
  const child = spawn(command, args, options);
  const forward = (signal) => {
    onSignal?.(signal);
    child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, forward);
  }
}

/**
 * Runs a program whose work we need for our own: its output goes to stderr, and a signal ends us too.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<number>} its exit code
 * @throws {Interrupted}
 */
export async function runStep(command, args) {
  let received = null;
  const options = { cwd: CLONE, stdio: ['ignore', 2, 2, heldLock()] };
  const code = await runChild(command, args, options, (signal) => (received = signal));
  if (received) throw new Interrupted(received);
  return code;
}
