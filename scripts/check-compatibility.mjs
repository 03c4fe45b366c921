import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { apiChanges, errorCodeChanges } from './lib/api-changes.mjs';
import { inClone } from './lib/clone.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/**
 * Compares the public API with that of the last release tag (v1.2.3); before the first one with that of the commit
 * where this branch left main, and on main with the commit before. `--base <commit>` names another.
 *
 * A break on purpose has its line in docs/openapi/accepted-breaks.json: the line that this check printed, the version
 * of package.json that it breaks with, and the reason. With the next release the line has to go. Lines with one reason
 * share an entry, as `changes`.
 */

const DOCUMENTS = ['docs/openapi/public.json', 'docs/openapi/gateway.json', 'docs/openapi/admin.json'];
const ERRORS = 'docs/errors.md';
const ACCEPTED = 'docs/openapi/accepted-breaks.json';

await main(async () => {
  const { values } = parseArgs({ options: { base: { type: 'string' } } });
  const base = values.base ? { commit: values.base, name: values.base } : findBase();
  if (!base) {
    say(
      'COMPATIBILITY NOT CHECKED: there is no release tag, and this clone has no earlier commit to compare with.',
    );
    return;
  }
  const { version } = JSON.parse(atBase(base, 'package.json'));
  const changes = [
    ...new Set(DOCUMENTS.flatMap((document) => documentChanges(base, document))),
    ...errorCodeChanges(atBase(base, ERRORS), now(ERRORS)),
  ];
  const accepted = JSON.parse(now(ACCEPTED)).flatMap(({ change, changes = [change], ...entry }) =>
    changes.map((each) => ({ ...entry, change: each })),
  );
  const isAccepted = (change) =>
    accepted.some((each) => each.change === change && each.breaksWith === version);
  const problems = [
    ...changes.filter((change) => !isAccepted(change)),
    ...accepted
      .filter(({ breaksWith }) => breaksWith !== version)
      .map(({ change }) => `${ACCEPTED} still has what an earlier release broke: ${change}`),
    ...accepted
      .filter(({ reason }) => !reason)
      .map(({ change }) => `${ACCEPTED} gives no reason for: ${change}`),
  ];
  if (problems.length > 0) {
    throw new Sentence(`Clients of ${base.name} (${version}) would break:\n${problems.join('\n')}`);
  }
  say(`The API keeps what ${base.name} promised, but for ${changes.length} accepted changes.`);
});

/** None of a document that the base does not have yet. */
function documentChanges({ commit }, document) {
  const before = git('show', `${commit}:${document}`);
  return before === null ? [] : apiChanges(JSON.parse(before), JSON.parse(now(document)));
}

function findBase() {
  const tag = git('describe', '--tags', '--abbrev=0', '--match=v[0-9]*.[0-9]*.[0-9]*');
  if (tag) return { commit: tag, name: tag };
  const main = ['origin/main', 'main'].find((branch) => git('rev-parse', '--verify', '--quiet', branch));
  const fork = main && git('merge-base', 'HEAD', main);
  const commit =
    fork && fork !== git('rev-parse', 'HEAD') ? fork : git('rev-parse', '--verify', '--quiet', 'HEAD^1');
  return commit && { commit, name: `commit ${commit.slice(0, 12)}` };
}

function atBase({ commit, name }, file) {
  const text = git('show', `${commit}:${file}`);
  if (text === null) throw new Sentence(`${name} has no ${file}: name another commit with --base.`);
  return text;
}

function now(file) {
  return readFileSync(inClone(file), 'utf8');
}

/** What git prints, or null when it fails. */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: inClone(), encoding: 'utf8', maxBuffer: 2 ** 28 });
  return status === 0 ? stdout.trim() : null;
}
