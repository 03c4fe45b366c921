import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyRing } from '@countersign/crypto';
import { createTestDatabase, databaseEnvironment, type TestDatabase } from '../support/test-database';
import { patience } from '../runner/patience.cjs';

const REPOSITORY = join(__dirname, '../..');
const CLI = 'apps/cli/src';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the bundle of the CLI', () => {
  let database: TestDatabase;
  let clone = '';
  const keys = JSON.stringify(generateKeyRing());
  const bundle = () => join(clone, 'dist', CLI, 'bundle', 'cli.js');
  // V8 takes the cache of another Node with the same V8, and crashes.
  const cache = () => `${bundle()}.${process.version}-${process.arch}.cache`;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
    cpSync(join(REPOSITORY, 'dist'), join(clone, 'dist'), { recursive: true, preserveTimestamps: true });
    cpSync(join(REPOSITORY, 'package.json'), join(clone, 'package.json'));
    symlinkSync(join(REPOSITORY, 'node_modules'), join(clone, 'node_modules'));
  });

  afterEach(() => rmSync(clone, { recursive: true }));

  afterAll(() => database.drop());

  /** As a system user without a home. @param identity of another user */
  const run = (
    words: readonly string[],
    identity: { readonly uid?: number; readonly gid?: number } = {},
    home: NodeJS.ProcessEnv = { HOME: '/nonexistent' },
  ): Promise<Outcome> => {
    const env = {
      PATH: process.env['PATH'],
      ...home,
      ...databaseEnvironment(database),
      KEYS: keys,
    };
    const main = join(clone, 'dist', CLI, 'main.js');
    return new Promise((resolve) => {
      const options = { cwd: '/', env, ...identity };
      const child = execFile(process.execPath, [main, ...words], options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
      child.stdin?.end('hash=x');
    });
  };
  const countersign = (...words: string[]): Promise<Outcome> => run(words);
  const create = () => countersign('principal', 'create', '--name', 'alice', '--all-scopes');
  const actions = async (): Promise<readonly string[]> => {
    const { code, stdout, stderr } = await countersign('audit', 'export');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { action: string }).action]));
  };

  it(
    'reads, changes and refuses as the modules do, with its code cache, without it and with a useless one',
    async () => {
      expect(existsSync(cache())).toBe(true);
      expect(await create()).toMatchObject({ code: 0, stderr: '' });
      const found = await actions();
      expect(found).toContain('principal.created');
      writeFileSync(cache(), 'of another version');
      expect(await actions()).toEqual(found);
      rmSync(cache());
      expect(await actions()).toEqual(found);
      const explain = `explain --application 0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10 --init-data-stdin`.split(
        ' ',
      );
      const bundled = await run(explain);
      const wrong = await countersign('audit', 'exprot');
      rmSync(bundle());
      expect(await actions()).toEqual(found);
      expect(bundled).toEqual(await run(explain));
      expect(bundled).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('application.not_found') as unknown,
      });
      expect(wrong).toEqual(await countersign('audit', 'exprot'));
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('Unknown command') as unknown });
    },
    120_000 * patience,
  );

  it(
    'is run by a user who owns no file and has no home',
    async () => {
      // Only the superuser may start a process of another user.
      const stranger = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      chmodSync(clone, 0o755);

      for (const home of [{}, { HOME: '/nonexistent' }, { HOME: '/' }])
        expect(await run(['audit', 'export'], stranger, home)).toMatchObject({
          code: 0,
          stderr: '',
        });
      expect(await run(['help'], stranger, {})).toMatchObject({ code: 0, stderr: '' });
      const { stdout, stderr } = await run(['doctor'], stranger, {});
      expect(stderr).toBe('');
      expect(stdout).toContain('reachable, PostgreSQL');
    },
    120_000 * patience,
  );

  it(
    'is not run when it is older than the modules',
    async () => {
      writeFileSync(bundle(), '(function () { throw new Error("stale"); })');
      const before = new Date(statSync(join(clone, 'dist', CLI, 'cli.js')).mtimeMs - 1_000);
      utimesSync(bundle(), before, before);

      expect(await countersign('audit', 'export')).toMatchObject({ code: 0, stderr: '' });
    },
    60_000 * patience,
  );
});
