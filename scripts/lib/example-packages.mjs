import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CLONE, inClone } from './clone.mjs';
import { contentHash } from './content-hash.mjs';
import { say } from './main.mjs';
import { packLib, runInstalled } from './packages.mjs';
import { alone } from './setup-lock.mjs';

/** Where the examples install our packages from: their package.json names these archives. */
const FOLDER = inClone('examples', 'packages');
const MARK = join(FOLDER, '.hash');
const SOURCES = ['libs/client', 'libs/identity-token', 'tsconfig.json', 'package-lock.json', 'LICENSE'];
const LIBS = {
  client: 'countersign-client.tgz',
  'identity-token': 'countersign-identity-token.tgz',
};

/** Packs the libs that the examples use as they would be published, unless these very sources were. */
export async function ensureExamplePackages() {
  if (isPacked()) return;
  await alone(async () => {
    if (!isPacked()) packAll();
  });
}

function isPacked() {
  return existsSync(MARK) && readFileSync(MARK, 'utf8') === contentHash(CLONE, SOURCES);
}

function packAll() {
  say('Packing the client and the identity token package ...');
  const hash = contentHash(CLONE, SOURCES);
  mkdirSync(FOLDER, { recursive: true });
  rmSync(MARK, { force: true });
  for (const [lib, archive] of Object.entries(LIBS)) pack(lib, join(FOLDER, archive));
  writeFileSync(MARK, hash);
}

/** Compiled in a folder of its own: what the sources have beside them stays as it is. */
function pack(name, archive) {
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-example-'));
  try {
    const from = inClone('libs', name);
    const lib = join(scratch, 'lib');
    mkdirSync(lib);
    for (const page of ['package.json', 'README.md', 'CHANGELOG.md'].filter((each) =>
      existsSync(join(from, each)),
    ))
      copyFileSync(join(from, page), join(lib, page));
    const output = ['--outDir', join(lib, 'dist')];
    runInstalled('typescript/bin/tsc', ['--project', join(from, 'tsconfig.build.json'), ...output], scratch);
    // The compiler leaves declarations where they are.
    for (const file of readdirSync(join(from, 'src')).filter((each) => each.endsWith('.d.ts')))
      copyFileSync(join(from, 'src', file), join(lib, 'dist', basename(file)));
    const packed = packLib(lib, scratch);
    copyFileSync(packed, `${archive}.new`);
    renameSync(`${archive}.new`, archive);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
