import { readdirSync, readFileSync } from 'node:fs';

/** Ticks per second of the times in proc(5); the same on all Linux systems of today. */
const TICKS = 100;

/** `CPU`: seconds of the process so far; null off Linux. */
export function cpuSecondsOf(pid) {
  return statOf(pid)?.seconds ?? null;
}

/** `CPU`: seconds of its children so far, those that ended too; null off Linux. */
export function cpuSecondsOfChildren(pid) {
  const own = statOf(pid);
  if (!own) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.parent === pid);
  return children.reduce((sum, { seconds }) => sum + seconds, own.endedChildrenSeconds);
}

export function parentOf(pid) {
  return statOf(pid)?.parent ?? null;
}

/** `bytes`: that the process has in memory; NaN off Linux. */
export function residentBytesOf(pid) {
  const status = read(`/proc/${pid}/status`) ?? '';
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) * 1024;
}

function statOf(pid) {
  const text = read(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return {
    parent: fields[1],
    seconds: (fields[11] + fields[12]) / TICKS,
    endedChildrenSeconds: (fields[13] + fields[14]) / TICKS,
  };
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
