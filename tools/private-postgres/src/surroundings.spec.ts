import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killChildren, startInChild, type ChildStart } from '../testing/child-start';
import { query } from '../testing/database';
import { copyOfPackage, removeScratch, scratchFolder } from '../testing/scratch';
import { startPrivatePostgres } from '.';
import { findBinaries } from './binaries';
import { isInReach } from './server/server-account';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const whenRoot = isRoot ? it : it.skip;
/** A child of another user needs to read what is installed. */
const whenRootAmongUsers = isRoot && isInReach({ uid: NOBODY, gid: NOBODY }, __dirname) ? it : it.skip;

async function refusalOf(baseDirectory: string, packageFolder: string): Promise<unknown> {
  return startPrivatePostgres({
    baseDirectory,
    packageFolder,
    durability: 'disposable',
    log: () => undefined,
  }).catch((error: unknown) => error);
}

async function startAs(
  uid: number | undefined,
  baseDirectory: string,
  packageFolder?: string,
): Promise<ChildStart> {
  const child = startInChild(
    { baseDirectory, durability: 'disposable', ...(packageFolder && { packageFolder }) },
    uid === undefined ? {} : { uid },
  );
  const start = await child.started;
  await child.stop();
  return start;
}

afterAll(() => {
  killChildren();
  removeScratch();
});

describe('the programs', () => {
  it('run after an install without scripts', async () => {
    const folder = scratchFolder();
    const packageFolder = copyOfPackage(folder);
    const library = join(packageFolder, 'native/lib/libicuuc.so.60');
    expect(() => lstatSync(library)).toThrow('ENOENT');

    const postgres = await startPrivatePostgres({
      baseDirectory: join(folder, 'base'),
      packageFolder,
      durability: 'disposable',
      log: () => undefined,
    });

    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
    expect(lstatSync(library).isSymbolicLink()).toBe(true);
  });

  whenRoot('run from a copy when they lie where the server’s user may not go', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'closed'), { mode: 0o700 });
    const packageFolder = copyOfPackage(join(folder, 'closed'));
    const baseDirectory = join(folder, 'base');

    const postgres = await startPrivatePostgres({
      baseDirectory,
      packageFolder,
      durability: 'disposable',
      log: () => undefined,
    });

    expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await postgres.stop();
    const copy = join(baseDirectory, `binaries-${findBinaries().version}`, 'bin/postgres');
    expect(lstatSync(copy).mode & 0o777).toBe(0o755);
  });

  whenRootAmongUsers('run from a completed copy when nobody completed somebody else’s', async () => {
    const folder = scratchFolder();
    const packageFolder = copyOfPackage(folder);
    chownSync(folder, NOBODY, NOBODY);

    expect(await startAs(NOBODY, join(folder, 'base'), packageFolder)).toMatchObject({ adopted: false });

    const library = `binaries-${findBinaries().version}/lib/libicuuc.so.60`;
    expect(lstatSync(join(folder, 'base', library)).isSymbolicLink()).toBe(true);
  });

  it('that are missing are named', async () => {
    const folder = scratchFolder();

    expect(await refusalOf(join(folder, 'base'), folder)).toMatchObject({
      name: 'PrivatePostgresError',
      message: expect.stringMatching(
        /are not installed .* or set DATABASE_URL to a PostgreSQL 15 or newer\.$/,
      ) as string,
    });
  });

  it('that need another C library are refused', async () => {
    const folder = scratchFolder();
    const packageFolder = copyOfPackage(folder);
    const program = join(packageFolder, 'native/bin/initdb');
    const bytes = readFileSync(program, 'latin1');
    // What a system without the GNU C library looks like to a program: its loader does not exist.
    writeFileSync(
      program,
      bytes.replace('/lib64/ld-linux', '/lib64/ld-linus').replace('/lib/ld-linux', '/lib/ld-linus'),
      'latin1',
    );

    expect(await refusalOf(join(folder, 'base'), packageFolder)).toMatchObject({
      message: expect.stringContaining('need the GNU C library') as string,
    });
  });
});

describe('the folder', () => {
  (isRoot ? whenRootAmongUsers : it)('that we may not write is refused', async () => {
    const folder = scratchFolder();
    chmodSync(folder, 0o555);

    const { refusal } = await startAs(isRoot ? NOBODY : undefined, join(folder, 'base'));

    expect(refusal?.name).toBe('PrivatePostgresError');
    expect(refusal?.message).toMatch(
      /^The folder .* cannot be used by user \S+ \(.*\): give that user the folder/,
    );
  });

  whenRootAmongUsers('of an ordinary user serves that user, and root is refused plainly', async () => {
    const folder = scratchFolder();
    chownSync(folder, NOBODY, NOBODY);

    expect(await startAs(NOBODY, folder)).toMatchObject({ adopted: false });
    expect((await startAs(undefined, folder)).refusal?.message).toMatch(
      /was made by user id 65534 and cannot be used by user root: start as user id 65534/,
    );
  });

  whenRootAmongUsers('of root is refused to an ordinary user plainly', async () => {
    const folder = scratchFolder();

    expect(await startAs(undefined, folder)).toMatchObject({ adopted: false });
    expect((await startAs(NOBODY, folder)).refusal?.message).toMatch(
      /was made by root and cannot be used by user nobody: start as root/,
    );
  });

  whenRootAmongUsers('is refused to a user without a name', async () => {
    const folder = scratchFolder();
    chownSync(folder, 54_321, 54_321);

    expect((await startAs(54_321, folder)).refusal?.message).toMatch(
      /does not run as user id 54321, which has no name on this system: .* set DATABASE_URL/,
    );
  });

  whenRoot('that the server’s user cannot get to is refused', async () => {
    const folder = scratchFolder();
    chmodSync(folder, 0o700);

    expect((await startAs(undefined, join(folder, 'base'))).refusal?.message).toMatch(
      /cannot pass through to/,
    );
  });
});
