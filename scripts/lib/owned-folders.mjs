import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file in the folder: in the folder's name it would be too long for PostgreSQL's socket. */
const OWNER = 'owner';

/**
 * Makes a temporary folder that says which process owns it. Linux only.
 *
 * @param {string} parent
 * @returns {string}
 */
export function makeOwnedFolder(parent) {
  const folder = mkdtempSync(join(parent, 'countersign-'));
  writeFileSync(join(folder, OWNER), `${process.pid} ${identityOf(process.pid)}`);
  return folder;
}

/**
 * Removes what `makeOwnedFolder` made for processes that were killed. A folder stays while its owner runs, or
 * a process that has it as TMPDIR: the tests outlive the script that started them.
 *
 * @param {string} parent
 */
export function removeLeftovers(parent) {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith('countersign-')) continue;
    const folder = join(parent, name);
    const [pid, identity] = readText(join(folder, OWNER)).split(' ');
    // Ids of another namespace, such as that of another container, say nothing here.
    if (!identity?.startsWith(`${namespace()}-`) || identityOf(pid) === identity || isInUse(folder)) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // It belongs to another user.
    }
  }
}

/**
 * Namespace and start time of a process: with its id they identify it, since ids are reused. Undefined when
 * it is over.
 */
function identityOf(pid) {
  const stat = readText(`/proc/${pid}/stat`);
  // proc(5): the second field, in parentheses, is the program's name and may contain anything.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' || state === 'Z' ? undefined : `${namespace()}-${fields[18]}`;
}

function namespace() {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
}

function isInUse(folder) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => readText(`/proc/${pid}/environ`).split('\0').includes(`TMPDIR=${folder}`));
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
