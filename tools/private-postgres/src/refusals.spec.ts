import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { killChildren, startInChild } from '../testing/child-start';
import { copyOfPackage, removeScratch, scratchFolder } from '../testing/scratch';
import { databaseUrlFile, startPrivatePostgres, type PrivatePostgres } from '.';

const isRoot = process.getuid?.() === 0;
const baseDirectory = scratchFolder();
const dataFolder = join(baseDirectory, 'data');

function start(folder = baseDirectory, programs?: string): Promise<PrivatePostgres> {
  return startPrivatePostgres({
    baseDirectory: folder,
    durability: 'disposable',
    log: () => undefined,
    ...(programs && { programs }),
  });
}

async function refusal(folder?: string, programs?: string): Promise<string> {
  const error: unknown = await start(folder, programs).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'PrivatePostgresError' });
  return (error as Error).message;
}

beforeAll(async () => (await start()).stop());

afterAll(() => {
  killChildren();
  removeScratch();
});

describe('a data folder that is there', () => {
  it('without its password is refused and left alone', async () => {
    renameSync(databaseUrlFile(baseDirectory), join(baseDirectory, 'elsewhere'));

    expect(await refusal()).toMatch(/database-url .* is missing or damaged: put it back/);

    renameSync(join(baseDirectory, 'elsewhere'), databaseUrlFile(baseDirectory));
    await (await start()).stop();
  });

  it('whose server does not start is refused, quoting the server', async () => {
    const file = join(dataFolder, 'postgresql.auto.conf');
    writeFileSync(file, 'no_such_setting = 1\n');

    expect(await refusal()).toMatch(
      /^PostgreSQL did not start: "FATAL: {2}configuration file .* contains errors"/,
    );

    rmSync(file);
  });

  it('that holds something else is left alone', async () => {
    const other = scratchFolder();
    mkdirSync(join(other, 'data'));
    writeFileSync(join(other, 'data', 'mine.txt'), 'mine');

    expect(await refusal(other)).toContain('move');

    expect(readFileSync(join(other, 'data', 'mine.txt'), 'utf8')).toBe('mine');
  });
});

describe('a folder', () => {
  (isRoot ? it.skip : it)('that we may not write is refused', async () => {
    const folder = scratchFolder();
    chmodSync(folder, 0o555);

    expect(await refusal(folder)).toMatch(/cannot be used \(EACCES.*\): put that right/);
  });

  (isRoot ? it : it.skip)('that the server’s user cannot get to is refused', async () => {
    const folder = scratchFolder();
    chmodSync(folder, 0o700);

    expect(await refusal(join(folder, 'base'))).toMatch(
      // The latter where the clone too is in a folder of root alone.
      /Permission denied.* It runs as user id \d+, since PostgreSQL refuses root\.|a folder that other users may enter/,
    );
  });
});

describe('the programs, after an install without scripts', () => {
  async function startFrom(modules: string): Promise<string> {
    const base = join(modules, '../base');
    const child = startInChild({ baseDirectory: base, durability: 'disposable' }, { modules });
    expect(await child.started).toMatchObject({ url: expect.any(String) as string });
    await child.stop();
    return join(base, 'programs');
  }

  function installed(): { modules: string; lib: string } {
    const modules = join(scratchFolder(), 'node_modules');
    mkdirSync(modules);
    return { modules, lib: join(copyOfPackage(modules), 'native/lib') };
  }

  it('run where npm put them, with the links that the script would make', async () => {
    const { modules, lib } = installed();

    const copy = await startFrom(modules);

    expect(readlinkSync(join(lib, 'libicuuc.so.60'))).toBe('libicuuc.so.60.2');
    expect(existsSync(copy)).toBe(false);
  });

  it('run from a copy if the links cannot be made, or the user that root gives the server cannot open the folder', async () => {
    const { modules, lib } = installed();
    chmodSync(isRoot ? modules : lib, isRoot ? 0o700 : 0o555);

    const copy = await startFrom(modules);

    expect(existsSync(join(copy, 'native/lib/libicuuc.so.60'))).toBe(true);
    chmodSync(lib, 0o755);
  });
});
