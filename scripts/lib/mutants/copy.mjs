import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOfClone, inClone } from '../clone.mjs';
import { ensureEventTypes } from '../event-types.mjs';
import { Interrupted } from '../main.mjs';
import { measurePatience } from '../patience.mjs';
import { runChild } from '../run-child.mjs';

/** A busy machine is no reason to fail. */
const PATIENCE_MS = 120_000;

/** A throw-away copy of the clone, as its files are now, with the clone's node_modules. */
export function copyOfClone() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-mutants-')));
  for (const file of filesOfClone()) cpSync(inClone(file), join(folder, file));
  ensureEventTypes(folder);
  symlinkSync(inClone('node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    write: (file, change) => write(join(folder, file), change),
    jest: (specs) => jestIn(folder, specs),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @returns {() => void} puts back what was there */
function write(path, change) {
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, change(before));
  return () => writeFileSync(path, before);
}

/** @returns what jest reports with `--json`; null when it could not start */
async function jestIn(folder, specs) {
  const report = join(folder, 'jest-report.json');
  rmSync(report, { force: true });
  const args = ['--json', `--outputFile=${report}`, '--silent', `--testTimeout=${PATIENCE_MS}`];
  let received = null;
  await runChild(
    process.execPath,
    [
      inClone('node_modules', 'jest', 'bin', 'jest.js'),
      '--runTestsByPath',
      ...specs,
      ...args,
      '--selectProjects',
      'unit',
      'integration',
      'nightly',
    ],
    { cwd: folder, env: { ...process.env, PATIENCE: String(await measurePatience()) }, stdio: 'ignore' },
    { onSignal: (signal) => (received = signal) },
  );
  if (received) throw new Interrupted(received);
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
}
