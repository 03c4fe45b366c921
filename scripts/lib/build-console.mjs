import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ADMIN_API, operationsOf } from './console-operations.mjs';

const PAGE = 'apps/console';
/** Its first table has each setting of applications; `documented-defaults.spec.ts` compares the defaults with the code. */
const SETTINGS = 'docs/settings.md';
const EVENTS = 'docs/events.md';
/** The documents that the console is made of. */
export const DOCUMENTS = [SETTINGS, EVENTS, ADMIN_API];

/**
 * Bundles the page of the console, with the licences of what is in it, and zips what the service serves.
 * @param {string} root the folder of `apps`
 * @param {string} dist
 */
export async function buildConsole(root, dist) {
  const { build } = await import('esbuild');
  const to = join(dist, PAGE);
  mkdirSync(to, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(PAGE, 'src/main.tsx')],
    outdir: to,
    bundle: true,
    minify: true,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    define: {
      'process.env.NODE_ENV': '"production"',
      SETTINGS_OF_DOCS: JSON.stringify(settingsOf(root)),
      ACTS_OF_DOCS: JSON.stringify(actsOf(root)),
      OPERATIONS_OF_API: JSON.stringify(operationsOf(root, join(PAGE, 'src'))),
    },
    tsconfig: join(root, PAGE, 'tsconfig.json'),
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'style.css'])
    writeFileSync(join(to, name), readFileSync(join(root, PAGE, name)));
  writeFileSync(join(to, 'licences.txt'), licencesOf(root, Object.keys(metafile.inputs)));
  for (const name of ['main.js', 'style.css', 'licences.txt'])
    writeFileSync(join(to, `${name}.gz`), gzipSync(readFileSync(join(to, name)), { level: 9 }));
}

export async function buildConsentPage(root, dist) {
  const { build } = await import('esbuild');
  const [from, to] = [root, dist].map((folder) => join(folder, 'apps/consent/page'));
  mkdirSync(to, { recursive: true });
  const outfile = join(to, 'page.js');
  await build({
    entryPoints: [join(from, 'main.ts')],
    outfile,
    bundle: true,
    minify: true,
    target: 'es2022',
  });
  for (const name of ['page.html', 'page.css']) writeFileSync(join(to, name), readFileSync(join(from, name)));
}

/** The rows of the table of settings, as the form shows them. */
function settingsOf(root) {
  const document = readFileSync(join(root, SETTINGS), 'utf8');
  const table = /^\| field .*\n\| -.*\n((?:\|.*\n)+)/m.exec(document)?.[1] ?? '';
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [, path, byDefault, bounds, meaning] = row.split('|').map((cell) => cell.trim());
      return {
        path: path.replaceAll('`', ''),
        byDefault,
        bounds,
        meaning: meaning.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'),
      };
    });
}

/** What each public act means, as the first words of its sentence in the table of events. */
function actsOf(root) {
  const rows = readFileSync(join(root, EVENTS), 'utf8').matchAll(
    /^\| `([a-z_]+\.[a-z_]+)` \| \d+ \| (.+?)(?:[.:;] .*?)? \|/gm,
  );
  return Object.fromEntries([...rows].map(([, act, meaning]) => [act, meaning]));
}

/** The texts that the licences of the bundled packages ask to be with them. */
function licencesOf(root, inputs) {
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))]
    .toSorted()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
      const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8');
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${'-'.repeat(72)}\n\n`);
}
