import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLONE, inClone } from './lib/clone.mjs';
import { git } from './lib/git.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/** Compares docs/openapi with what a commit has, by default the last release, as clients see it (docs/versions.md). */

const DOCUMENTS = 'docs/openapi';

await main(async () => {
  const [base = lastRelease()] = process.argv.slice(2);
  if (base === null) {
    say('No version is released yet: no client can break.');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'countersign-compatibility-'));
  try {
    const released = git('ls-tree', '--name-only', `${base}:${DOCUMENTS}`).split('\n');
    const broken = released.filter(
      (name) => !existsSync(inClone(DOCUMENTS, name)) || breaks(base, name, folder),
    );
    if (broken.length > 0) throw new Sentence(`Clients of ${base} break by ${broken.join(', ')}.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function lastRelease() {
  const [tag] = git('tag', '--list', 'v*', '--sort=-version:refname', '--merged').split('\n');
  // A clone may lack tags. Until its commit is named, a release has a tag only.
  return (
    tag ||
    (/^- [\d.]+, .*`([0-9a-f]{40})`$/m.exec(readFileSync(inClone('docs/releases.md'), 'utf8'))?.[1] ?? null)
  );
}

function breaks(base, name, folder) {
  const before = join(folder, name);
  writeFileSync(before, git('show', `${base}:${DOCUMENTS}/${name}`));
  const words = ['node_modules/@redocly/cli/bin/cli.js', 'diff', before, join(DOCUMENTS, name)];
  const env = { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  return spawnSync(process.execPath, words, { cwd: CLONE, env, stdio: 'inherit' }).status !== 0;
}
