import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** Told "done" it goes away; when its input ends without a word, our process is gone, and the server has to go too. */
const SCRIPT = 'if read -r word; then exit; fi; kill -INT "$1"';

/**
 * Ends a disposable server with the process that wanted it, however that one ends (`kill -9` too).
 *
 * @returns tells the watchdog that the server was stopped properly.
 */
export function endWithUs(serverPid: number): () => void {
  const watchdog = spawn('/bin/sh', ['-c', SCRIPT, 'sh', String(serverPid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  // A child's pipe is a socket; Node's types do not say so.
  (watchdog.stdin as Socket).unref();
  return () => watchdog.stdin.end('done\n');
}
