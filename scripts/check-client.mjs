import './lib/node-version.mjs';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureClientBuilt } from './lib/build-client.mjs';
import { inClone } from './lib/clone.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import {
  assertFiles,
  filesIn,
  installAlone,
  keepArchive,
  packLib,
  run,
  runInstalled,
} from './lib/packages.mjs';
import { assertPublishable, publishAsTrial } from './lib/publishing.mjs';

/**
 * Compiles and packs published/client as it would be published, runs `npm publish --dry-run`, checks the size, and uses the package
 * in empty folders: it has to work without anything else. `--out <folder>` keeps the package there.
 */

const NAME = '@countersign/client';
const LIB = inClone('published', 'client');
const PAGE = 'scripts/lib/client-page.ts.txt';
const DOCS = 'docs/client.md';
/** What examples import beside the client. */
const STRANGERS = ['@testing-library/react', 'vitest'];
const TSC = 'typescript/bin/tsc';
const PUBLISHED =
  /^(dist\/(?:[\w-]+\/)?[a-z.-]+(?<!\.spec)\.(js|js\.map|d\.ts)|LICENSE|(README|CHANGELOG)\.md|package\.json)$/;

const { exports } = readJson(join(LIB, 'package.json'));
const doors = Object.keys(exports)
  .filter((door) => door !== './package.json')
  .map((door) => NAME + door.slice(1));
const ofReact = `${NAME}/react`;

const scratch = mkdtempSync(join(tmpdir(), 'countersign-client-'));

await main(async () => {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' } } });
    await ensureClientBuilt();
    const archive = packLib(LIB, join(LIB, 'dist'), scratch);
    assertContents(installAlone(join(scratch, 'alone'), archive, NAME));
    publishAsTrial(join(scratch, 'package'), archive);
    runInstalled('publint/src/cli.js', ['run', '--strict', archive], scratch);
    runInstalled(
      '@arethetypeswrong/cli/dist/index.js',
      [archive, '--profile', 'esm-only', '--no-definitely-typed', '--no-emoji', '--format', 'ascii'],
      scratch,
    );
    runInstalled('size-limit/bin.js', [], LIB);
    importAll(
      join(scratch, 'alone'),
      doors.filter((door) => door !== ofReact),
    );
    const page = join(scratch, 'page');
    installAlone(page, archive, NAME, ['react', '@types/react', 'csstype']);
    importAll(page, doors);
    for (const resolution of ['nodenext', 'bundler']) compile(page, resolution);
    keepArchive(archive, values.out);
    say('The client works alone.');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** Nothing but code, its types and pages, and none of it needs anything but React, behind its own door. */
function assertContents(folder) {
  assertFiles(folder, PUBLISHED);
  for (const file of filesIn(folder).filter((each) => /^dist\/.*(?:js|d\.ts)$/.test(each))) {
    const mayImport = /^dist\/react\b/.test(file) ? /^(\.{1,2}\/|react$)/ : /^\.{1,2}\//;
    const named = readFileSync(join(folder, file), 'utf8').matchAll(
      /(?:^import |\bfrom |\bimport\()["']([^"']+)["']/gm,
    );
    const wrong = [...named].map(([, name]) => name).find((name) => !mayImport.test(name));
    if (wrong) throw new Sentence(`${file} would need ${wrong}.`);
  }
  assertPublishable(folder);
}

/** Loading a module asks for nothing that only pages have: servers render with it. */
function importAll(folder, names) {
  const source = `for (const name of ${JSON.stringify(names)})
    if (Object.keys(await import(name)).length === 0) throw new Error(name + ' exports nothing');`;
  run(process.execPath, ['--input-type=module', '--eval', source], folder);
}

/** The types stand alone, checked more strictly than most projects do. */
function compile(folder, resolution) {
  const compilerOptions = {
    module: resolution === 'bundler' ? 'esnext' : resolution,
    moduleResolution: resolution,
    target: 'es2022',
    jsx: 'react-jsx',
    lib: ['es2022', 'dom'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    skipDefaultLibCheck: true,
    noEmit: true,
  };
  const lines = doors.map((door, place) => `export * as door${place} from '${door}';`);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'doors.ts'), lines.join('\n'));
  writeFileSync(join(folder, 'readme.ts'), examplesOf(readFileSync(join(LIB, 'README.md'), 'utf8')));
  writeFileSync(join(folder, 'docs.tsx'), examplesOf(readFileSync(inClone(DOCS), 'utf8'), 'tsx'));
  writeFileSync(
    join(folder, 'strangers.d.ts'),
    STRANGERS.map((name) => `declare module '${name}';`).join('\n'),
  );
  copyFileSync(inClone(PAGE), join(folder, 'page.ts'));
  const files = ['doors.ts', 'readme.ts', 'docs.tsx', 'strangers.d.ts', 'page.ts'];
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  runInstalled(TSC, ['--project', folder], folder);
}

/** The examples of a page in a language, as one module. */
function examplesOf(page, language = 'ts') {
  const blocks = page.matchAll(/^```(\w+)\n([^]*?)^```$/gm);
  return [...blocks]
    .filter(([, of]) => of === language)
    .map(([, , example]) => example)
    .join('\n');
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
