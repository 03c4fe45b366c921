import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, say, Sentence } from './lib/main.mjs';
import { lineOf, publishSteps } from './lib/publish-steps.mjs';

/**
 * `node scripts/publish.mjs FOLDER` publishes the files of a release: the image to IMAGE_REGISTRY, signed and attested, and the packages to
 * PACKAGE_REGISTRY. Where one is not set, its steps are printed only. Needs no installed package: the workflow runs it where its identity
 * can be used.
 */

await main(async () => {
  const [folder, ...more] = process.argv.slice(2);
  if (folder === undefined || more.length > 0) throw new Sentence('node scripts/publish.mjs FOLDER');
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const digest = preparePredicate(join(folder, `countersign-${version}`));
  const { IMAGE_REGISTRY: imageRegistry, PACKAGE_REGISTRY: packageRegistry } = process.env;
  const packages = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  const stray = packages.find((file) => !file.endsWith(`-${version}.tgz`));
  if (stray) throw new Sentence(`${stray} is no package of ${version}.`);
  if (packages.length === 0) throw new Sentence(`${folder} has no packages.`);
  for (const step of publishSteps({ version, folder, digest, packages, imageRegistry, packageRegistry })) {
    say(lineOf(step));
    if (!step.isDry && !isPublished(folder, step, packageRegistry)) run(step.words);
  }
});

/** Cosign makes the statement itself, and wants the predicate of ours. */
function preparePredicate(start) {
  const digest = readFileSync(`${start}.digest`, 'utf8').trim();
  const { subject, predicate } = JSON.parse(readFileSync(`${start}.provenance.json`, 'utf8'));
  if (`sha256:${subject[0].digest.sha256}` !== digest)
    throw new Sentence('The provenance is that of another image.');
  writeFileSync(`${start}.predicate.json`, JSON.stringify(predicate));
  return digest;
}

/** A second run goes on where the first one failed. */
function isPublished(folder, { archive }, registry) {
  if (archive === undefined) return false;
  const words = ['-xOf', join(folder, archive), 'package/package.json'];
  const { name, version } = JSON.parse(spawnSync('tar', words, { encoding: 'utf8' }).stdout);
  const view = ['view', `${name}@${version}`, 'version', `--registry=${registry}`];
  return spawnSync('npm', view, { encoding: 'utf8' }).stdout.trim() === version;
}

function run([command, ...words]) {
  const { status, error } = spawnSync(command, words, { stdio: ['ignore', 2, 2] });
  if (status !== 0)
    throw new Sentence(`"${command} ${words[0]}" fails (${error?.message ?? 'what it said is above'}).`);
}
