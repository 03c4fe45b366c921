import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { clearTimeout, setTimeout } from 'node:timers';
import { onCores } from './cores.mjs';
import { cpuSecondsOf } from './process-usage.mjs';

/** Milliseconds that a process gets to end by itself. */
const STOP_LIMIT = 15_000;

/**
 * Starts a subject's process. It sees nothing of our environment, and its standard output is discarded. `args`: of
 * Node; `hasChannel`: for messages; the process is expected to end when it closes.
 */
export function startNode(args, { env, cores, hasChannel = false }) {
  const [program, words] = onCores(cores, [process.execPath, ...args]);
  const child = spawn(program, words, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'inherit', ...(hasChannel ? ['ipc'] : [])],
  });
  const gone = once(child, 'exit');
  gone.catch(() => undefined);
  return {
    pid: child.pid,
    cpuSeconds: () => cpuSecondsOf(child.pid),
    /** Waits for the first message. @throws Error when the process ends instead. */
    firstMessage: async () => {
      const [message] = await Promise.race([
        once(child, 'message'),
        gone.then(([code]) => ended(args, code)),
      ]);
      return message;
    },
    /** @throws Error when the process has ended. */
    check: () => {
      if (child.exitCode !== null || child.signalCode !== null) ended(args, child.exitCode);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT).unref();
      await gone;
      clearTimeout(limit);
    },
  };
}

function ended(args, code) {
  throw new Error(`${args.at(-1)} ended by itself with exit code ${code}`);
}
