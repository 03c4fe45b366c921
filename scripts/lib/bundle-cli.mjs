import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the compiled CLI, with the code cache of the Node that runs this.
 * Stands alone: deploy/Dockerfile runs it, too.
 */

const CLI = join('apps', 'cli', 'src');
/** The commands of the administration API are made from it. */
const ADMIN_API = join('docs', 'openapi', 'admin.json');
/** Packages that Nest, Fastify and pg try, and that are not installed. */
const ABSENT = [
  ...['@nestjs/websockets*', '@nestjs/microservices*', '@nestjs/platform-express'],
  ...['@fastify/multipart', '@fastify/view', 'pg-native', 'class-transformer/storage'],
];
/** Finds its WebAssembly beside itself. */
const EXTERNAL = ['tiny-secp256k1'];
/** Modules that load packages by a `require` that esbuild cannot follow: a second copy of each would be loaded. */
const REQUIRES = [
  ['@nestjs/typeorm/dist/common/typeorm-compat.js', 'const require = createRequire(import.meta.url);', ''],
  ['@nestjs/mapped-types/dist/type-helpers.utils.js', 'const require = createRequire(import.meta.url);', ''],
  [
    'typeorm/platform/PlatformTools.js',
    'return require(name)',
    "return name === 'pg' ? require('pg') : require(name)",
  ],
];

const dist = resolve('dist');
await mkdir(join(dist, dirname(ADMIN_API)), { recursive: true });
await copyFile(join(import.meta.dirname, '..', '..', ADMIN_API), join(dist, ADMIN_API));
await build({
  absWorkingDir: dist,
  entryPoints: [join(CLI, 'cli.js')],
  outfile: join(CLI, 'bundle', 'cli.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Nest and TypeORM know classes by their names.
  keepNames: true,
  external: [...ABSENT, ...EXTERNAL],
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: {
    js: `(function (exports, require, module, __filename, __dirname) {
const importMetaUrl = require('node:url').pathToFileURL(__filename).href;`,
  },
  footer: { js: '})' },
  logLevel: 'warning',
  logOverride: { 'require-resolve-not-external': 'silent' },
  plugins: [{ name: 'requires', setup: replaceRequires }],
});
await createRequire(import.meta.url)(join(dist, CLI, 'bundle.js')).writeCodeCache();

function replaceRequires({ onLoad }) {
  for (const [file, from, to] of REQUIRES)
    onLoad({ filter: new RegExp(`/node_modules/${file.replaceAll('.', '\\.')}$`) }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} has no "${from}".`);
      return { contents: text.replace(from, to) };
    });
}
