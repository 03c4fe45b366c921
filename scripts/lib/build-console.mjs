import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const PAGE = 'apps/console';
/** Its first table has each setting of applications; `documented-defaults.spec.ts` compares the defaults with the code. */
export const SETTINGS = 'docs/settings.md';
export const ADMIN_API = 'docs/openapi/admin.json';
/** Operations whose bodies are forms of the page. */
const FORMS = [
  ...['createBoard', 'changeBoard', 'correctScoreOfBoard', 'createListing', 'assignListing'],
  ...['changeTeam', 'transferTeam'],
];

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
      FORMS_OF_API: JSON.stringify(formsOf(root)),
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

/** The fields of the forms, by operation, as the document of the API has them. */
function formsOf(root) {
  const { paths, components } = JSON.parse(readFileSync(join(root, ADMIN_API), 'utf8'));
  const schemaOf = ({ $ref, allOf = [], ...own }) =>
    Object.assign(own, $ref && components.schemas[$ref.split('/').at(-1)], ...allOf.map(schemaOf));
  const fieldsOf = ({ required = [], properties }) =>
    Object.entries(properties).map(([name, property]) => {
      const { type, description, enum: options } = schemaOf(property);
      const types = [type].flat();
      return {
        name,
        hint: description.replaceAll('`null`', 'empty').replaceAll('`', ''),
        // A patch requires nothing, and its form shows everything.
        isOptional: (required.length > 0 && !required.includes(name)) || types.includes('null'),
        isNullable: types.includes('null'),
        isNumber: types.includes('integer'),
        isList: types.includes('array'),
        options,
      };
    });
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  return Object.fromEntries(
    operations
      .filter(({ operationId }) => FORMS.includes(operationId))
      .map(({ operationId, requestBody }) => [
        operationId,
        fieldsOf(schemaOf(requestBody.content['application/json'].schema)),
      ]),
  );
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
