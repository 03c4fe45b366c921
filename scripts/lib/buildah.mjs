import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Sentence } from './main.mjs';

/** Buildah, which needs no daemon. With a folder its storage is there, so that nothing is left on the machine. */
export class Buildah {
  #options = [];

  /** @param {string} [folder] an empty one */
  constructor(folder) {
    if (folder === undefined) return;
    const places = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')];
    this.#options = [...places, '--storage-driver', 'vfs'];
  }

  /**
   * @param {string[]} words of the command
   * @returns {string} what it prints
   * @throws {Sentence} when it fails
   */
  do(...words) {
    const { status, stdout, stderr } = this.try(...words);
    if (status !== 0) throw new Sentence(`"buildah ${words.join(' ')}" fails:\n${stderr}`);
    return stdout.trim();
  }

  /** The same, but returns exit code and output, and does not throw. */
  try(...words) {
    const options = { encoding: 'utf8', maxBuffer: 2 ** 26 };
    return spawnSync('buildah', [...this.#options, ...words], options);
  }

  /** The same, with the output of the command on stderr as it comes. */
  show(...words) {
    const { status } = spawnSync('buildah', [...this.#options, ...words], { stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Sentence(`"buildah ${words[0]}" fails (what it said is above).`);
  }

  /** Starts a program in a container. `chroot` isolates files only, and needs no container runtime. */
  start(container, settings, words) {
    const args = [...this.#options, ...runWords(container, settings, words)];
    return spawn('buildah', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  }

  /** Runs a program in a container to its end. */
  run(container, settings, words, input = '') {
    const args = [...this.#options, ...runWords(container, settings, words)];
    return spawnSync('buildah', args, { encoding: 'utf8', input, timeout: 180_000 });
  }
}

function runWords(container, { env, volumes }, words) {
  return [
    'run',
    '--isolation=chroot',
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
    ...volumes.map((volume) => `--volume=${volume}`),
    container,
    '--',
    ...words,
  ];
}

/**
 * Finds the process of the container among the descendants of buildah, so that signals can be sent to it.
 *
 * @param {number} pid of buildah
 * @param {string} program its name
 * @returns {{ pid: number, user: number } | undefined}
 */
export function processBelow(pid, program) {
  const processes = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => processOf(Number(entry)));
  let parents = [pid];
  while (parents.length > 0) {
    const children = processes.filter(({ parent }) => parents.includes(parent));
    const found = children.find((child) => child.program === program);
    if (found) return found;
    parents = children.map((child) => child.pid);
  }
  return undefined;
}

/** @returns an empty array for a process that has ended meanwhile */
function processOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, parent] = /^PPid:\s*(\d+)/m.exec(status);
    const [, user] = /^Uid:\s*(\d+)/m.exec(status);
    // `Name` in the status is that of the main thread, which Node renames.
    const program = basename(readlinkSync(`/proc/${pid}/exe`));
    return [{ pid, parent: Number(parent), user: Number(user), program }];
  } catch {
    return [];
  }
}
