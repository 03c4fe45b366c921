import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { CLONE, filesOfClone, inClone } from './lib/clone.mjs';
import { git } from './lib/git.mjs';
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
    for (const { value, line, kind } of await secretsIn(path, bytes.toString('utf8')))
      if (!found.has(value)) found.set(value, `${kind}: ${path}:${line}${where}`);
  };

  for (const path of filesOfClone().filter((each) => lstatSync(inClone(each)).isFile()))
    await search(path, readFileSync(inClone(path)), '');
  for (const { path, bytes, id } of history()) await search(path, bytes, `, in the history (git show ${id})`);
  if (git('rev-parse', '--is-shallow-repository') === 'true')
    say('This clone is shallow: only the commits that it has were searched.');

  const problems = known
    .filter(({ value }) => !found.delete(value))
    .map(({ reason }) => `${KNOWN_SECRETS} allows a value that is nowhere: ${reason}`);
  problems.push(...found.values());
  if (found.size > 0)
    problems.push(
      `Revoke a real secret first. A made-up one gets a line with its reason in ${KNOWN_SECRETS}.`,
    );
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
});

/** Every version of every file below HEAD, each once. */
function* history() {
  const options = { cwd: CLONE, maxBuffer: 2 ** 30 };
  const objects = spawnSync('git', ['rev-list', '--objects', 'HEAD'], options)
    .stdout.toString('utf8')
    .split('\n')
    .map((line) => ({ id: line.split(' ', 1)[0], path: line.slice(line.indexOf(' ') + 1) }))
    .filter(({ id, path }) => path !== '' && path !== id);
  const input = `${objects.map(({ id }) => id).join('\n')}\n`;
  const output = spawnSync('git', ['cat-file', '--batch'], { ...options, input }).stdout;
  let start = 0;
  for (const { id, path } of objects) {
    const headEnd = output.indexOf('\n', start);
    const [, type, size] = output.toString('latin1', start, headEnd).split(' ');
    const bytes = output.subarray(headEnd + 1, headEnd + 1 + Number(size));
    start = headEnd + 2 + Number(size);
    if (type === 'blob') yield { id, path, bytes };
  }
}
