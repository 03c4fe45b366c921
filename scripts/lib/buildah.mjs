import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
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
  try {
    const below = (task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ');
    for (const child of readdirSync(`/proc/${pid}/task`).flatMap(below).filter(Boolean)) {
      if (basename(readlinkSync(`/proc/${child}/exe`)) === program)
        return { pid: Number(child), user: statSync(`/proc/${child}`).uid };
      const found = processBelow(child, program);
      if (found) return found;
    }
  } catch {
    // It has ended meanwhile.
  }
  return undefined;
}
