import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * On the input "done" it exits; when its input ends without that, our process has died, and it stops the
 * other one.
 */
const SCRIPT = 'if read -r word; then exit; fi; kill -INT "$1"';

/**
 * Stops a server or another child when the process that started it ends in any way (`kill -9` too).
 *
 * @returns a function to call when it was stopped properly.
 */
export function endWithUs(pid: number): () => void {
  const watchdog = spawn('/bin/sh', ['-c', SCRIPT, 'sh', String(pid)], {
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
