import { readdirSync, readFileSync } from 'node:fs';

/** Ticks per second of the times in proc(5); the same on all Linux systems of today. */
const TICKS = 100;

/**
 * @param {number} pid
 * @returns {number | null} seconds that the process has computed so far; null off Linux
 */
export function cpuSecondsOf(pid) {
  return statOf(pid)?.seconds ?? null;
}

/**
 * @param {number} pid
 * @returns {number | null} seconds that its children have computed so far, those that ended too; null off Linux
 */
export function cpuSecondsOfChildren(pid) {
  const own = statOf(pid);
  if (!own) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(statOf)
    .filter((stat) => stat?.parent === pid);
  return children.reduce((sum, { seconds }) => sum + seconds, own.endedChildrenSeconds);
}

/** @param {number} pid */
export function parentOf(pid) {
  return statOf(pid)?.parent ?? null;
}

function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
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
  } catch {
    return null;
  }
}
