import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hasCode } from './has-code';

/** Whether a process with this id runs. A zombie does not count. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  return linuxStat(pid)?.state !== 'Z';
}

/**
 * The start time of the process, in the system's own unit: together with the id it identifies a process,
 * since ids are reused. Empty where it is not available (outside Linux).
 */
export function startStamp(pid: number): string {
  return linuxStat(pid)?.startedAt ?? '';
}

/** Whether the process is a PostgreSQL server of this data folder. True when that cannot be determined. */
export function isServerOf(pid: number, dataFolder: string): boolean {
  if (!isRunning(pid)) return false;
  const command = commandLine(pid);
  return command === null || command.includes(dataFolder);
}

function commandLine(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    try {
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
    } catch {
      return null;
    }
  }
}

function linuxStat(pid: number): { state: string; startedAt: string } | null {
  try {
    // proc(5): the second field, in parentheses, is the program's name and may contain spaces and parentheses.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
  } catch {
    return null;
  }
}
