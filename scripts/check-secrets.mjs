import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { KNOWN_SECRETS, knownSecrets, secretsIn } from './lib/secret-search.mjs';

/**
 * Looks for secrets in the working tree, new files included, and in every file of every commit below HEAD.
 * A value that is no secret has its line in scripts/known-secrets.json, with the reason. Found values are not printed.
 */

await main(async () => {
  const known = knownSecrets();
  const found = new Map();
  const search = async (path, bytes, where) => {
    if (path === KNOWN_SECRETS || bytes.includes(0)) return;
    for (const { value, line, kind } of await secretsIn(path, bytes.toString('utf8'))) {
      if (!found.has(value)) found.set(value, `${kind}: ${path}:${line}${where}`);
    }
  };

  for (const path of workingTree()) await search(path, readFileSync(inClone(path)), '');
  for (const { path, bytes, id } of history()) await search(path, bytes, `, in the history (git show ${id})`);
  if (isShallow()) say('This clone is shallow: only the commits that it has were searched.');

  const problems = known
    .filter(({ value }) => !found.delete(value))
    .map(({ reason }) => `${KNOWN_SECRETS} allows a value that is nowhere: ${reason}`);
  problems.push(...found.values());
  if (found.size > 0) {
    problems.push(
      `Revoke a real secret first. A made-up one gets a line with its reason in ${KNOWN_SECRETS}.`,
    );
  }
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
});

function workingTree() {
  return filesOfClone().filter((path) => lstatSync(inClone(path)).isFile());
}

/** Every version of every file below HEAD, each once. */
function* history() {
  const objects = git(['rev-list', '--objects', 'HEAD'])
    .toString('utf8')
    .split('\n')
    .map((line) => ({ id: line.split(' ', 1)[0], path: line.slice(line.indexOf(' ') + 1) }))
    .filter(({ id, path }) => path !== '' && path !== id);
  const output = git(['cat-file', '--batch'], `${objects.map(({ id }) => id).join('\n')}\n`);
  let start = 0;
  for (const { id, path } of objects) {
    const headEnd = output.indexOf('\n', start);
    const [, type, size] = output.toString('latin1', start, headEnd).split(' ');
    const bytes = output.subarray(headEnd + 1, headEnd + 1 + Number(size));
    start = headEnd + 2 + Number(size);
    if (type === 'blob') yield { id, path, bytes };
  }
}

function isShallow() {
  return git(['rev-parse', '--is-shallow-repository']).toString('utf8').trim() === 'true';
}

function git(args, input = '') {
  return execFileSync('git', args, { cwd: inClone(), input, maxBuffer: 2 ** 30 });
}
