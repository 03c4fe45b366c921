import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * The load generator gets the last core and the subjects the first. PostgreSQL gets those between them, or, where there are
 * none, all cores. Null where pinning is impossible: without `taskset`, or with a single core.
 *
 * @returns {{ subject: number[], database: number[], generator: number[] } | null}
 */
export function planCores() {
  const all = allowedCores();
  if (all.length < 2 || spawnSync('taskset', ['--version']).status !== 0) return null;
  const between = all.slice(1, -1);
  return { subject: [all[0]], database: between.length > 0 ? between : all, generator: all.slice(-1) };
}

/** Moves this process, with all its threads. What it starts later inherits that. */
export function pinSelf(cores) {
  if (cores) execFileSync('taskset', ['-acp', cores.join(','), String(process.pid)], { stdio: 'pipe' });
}

/** A command that runs on these cores only. @returns {[string, string[]]} */
export function onCores(cores, [program, ...args]) {
  return cores ? ['taskset', ['-c', cores.join(','), program, ...args]] : [program, args];
}

/** The cores that this process may use, which in a container are not all of the machine; none off Linux. */
function allowedCores() {
  const file = '/proc/self/status';
  const status = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1];
  return (list?.split(',') ?? []).flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
