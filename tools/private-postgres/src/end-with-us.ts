import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** The script exits after the input "done". An end of the input without it means that our process died. */
const SCRIPT = 'if read -r word; then exit; fi; kill -INT "$1"';

/** Stops a child when this process ends in any way, `kill -9` too. @returns a function to call after a normal stop */
export function endWithUs(pid: number): () => void {
  const watchdog = spawn('/bin/sh', ['-c', SCRIPT, 'sh', String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => undefined);
  watchdog.stdin.on('error', () => undefined);
  watchdog.unref();
  // The pipe is a socket. Node's types do not say so.
  (watchdog.stdin as Socket).unref();
  return () => watchdog.stdin.end('done\n');
}
