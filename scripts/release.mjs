import './lib/node-version.mjs';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inClone } from './lib/clone.mjs';
import { git } from './lib/git.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { staleFigures } from './lib/measured-commit.mjs';
import { lineOf, publishSteps } from './lib/publish-steps.mjs';
import { archives, currentVersion, nextVersion, releaseChanges, releaseProblems } from './lib/release.mjs';
import { runStep } from './lib/run-child.mjs';

/**
 * `npm run release -- minor` sets the next version of the service and its packages, in all files that name it. `--dry-run` only
 * lists these files and the steps of the workflow. `--check v1.2.3` checks that the working tree is the release of that tag.
 */

const USAGE = 'npm run release -- major|minor|patch|1.2.3 [--dry-run], or npm run release -- --check v1.2.3';
const WRITER = 'dist/apps/api/src/openapi/write-documents.js';

await main(async () => {
  const { values, positionals } = parsed();
  if (values.check !== undefined) return check(values.check);
  const [wanted, ...more] = positionals;
  if (wanted === undefined || more.length > 0) throw new Sentence(USAGE);
  const current = currentVersion();
  const next = nextVersion(current, wanted, hasTag(current));
  if (hasTag(next)) throw new Sentence(`There is a tag v${next} already.`);
  assertClean();
  await assertDocuments();
  // Not the clock of the service: the day on which a person releases.
  const date = new Date().toISOString().slice(0, 10);
  const changes = releaseChanges(current, next, date);
  for (const file of changes.keys()) say(`  ${file}`);
  const stale = staleFigures();
  if (values['dry-run']) {
    say(`${changes.size} files would change for ${next}. The tag v${next} would then:`);
    for (const step of stepsOf(next)) say(`  ${lineOf(step)}`);
    say('Nothing was written.');
  }
  if (stale !== null) throw new Sentence(stale);
  if (values['dry-run']) return;
  for (const [file, text] of changes) writeFileSync(inClone(file), text);
  say(`${changes.size} files changed for ${next}. Read them with "git diff". Then:

  .ci/run static nightly && npm run check -- audit
  git commit -am "Release ${next}"
  git tag v${next}

Push the commit and the tag to publish.`);
});

/** The steps of .github/workflows/release.yml, which knows the digest of the image. */
function stepsOf(version) {
  const { IMAGE_REGISTRY: imageRegistry, PACKAGE_REGISTRY: packageRegistry } = process.env;
  const files = { folder: 'packages', digest: 'sha256:...', packages: archives(version) };
  const build = {
    name: 'build the image, its SBOM and its provenance',
    words: ['npm', 'run', 'build:image', '--', 'packages'],
  };
  const steps = publishSteps({ version, ...files, imageRegistry, packageRegistry });
  return [build, ...steps].map((step) => ({ ...step, isDry: false }));
}

function parsed() {
  try {
    const options = { check: { type: 'string' }, 'dry-run': { type: 'boolean' } };
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new Sentence(`${error.message}\n${USAGE}`);
  }
}

function check(tag) {
  const problems = [...releaseProblems(tag), staleFigures()].filter((each) => each !== null);
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
  assertClean();
  say(`This is ${tag}.`);
}

function assertClean() {
  const changed = git('status', '--porcelain');
  if (changed !== '') throw new Sentence(`Commit or remove these first:\n${changed}`);
}

/** Otherwise generating the documents would change more than the version. */
async function assertDocuments() {
  for (const words of [['scripts/build.mjs'], [WRITER, '--check']]) {
    const [script, ...args] = words;
    const code = await runStep(process.execPath, [inClone(script), ...args], () => {});
    if (code !== 0) throw new Sentence('The documents do not match the code (what differs is above).');
  }
}

function hasTag(version) {
  return git('tag', '--list', `v${version}`) !== '';
}
