import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killChildren, startInChild } from '../testing/child-start';
import { query } from '../testing/database';
import { removeScratch, scratchFolder } from '../testing/scratch';
import { databaseUrlFile, PrivatePostgresError, startPrivatePostgres, type PrivatePostgres } from '.';

function start(baseDirectory: string): Promise<PrivatePostgres> {
  return startPrivatePostgres({ baseDirectory, durability: 'disposable', log: () => undefined });
}

function appears(folder: string, name: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, file) => {
      if (!name.test(file ?? '')) return;
      watcher.close();
      resolve();
    });
  });
}

afterAll(() => {
  killChildren();
  removeScratch();
});

describe('a first start', () => {
  it('that was killed in the middle leaves nothing that stands in the way', async () => {
    const baseDirectory = scratchFolder();
    const child = startInChild({ baseDirectory, durability: 'disposable' }, { isPaused: true });
    const begun = appears(baseDirectory, /^data\.new-\d+$/);
    child.begin();
    await begun;
    await child.kill();
    expect(readdirSync(baseDirectory)).not.toContain('data');

    const { url, stop } = await start(baseDirectory);

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await stop();
    // Its initdb may have lived on, and been writing when this start cleaned up.
    await (await start(baseDirectory)).stop();
    expect(readdirSync(baseDirectory).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  it('is made by one of two that begin at once; the other one says who', async () => {
    const baseDirectory = scratchFolder();
    const children = [0, 1].map(() =>
      startInChild({ baseDirectory, durability: 'disposable' }, { isPaused: true }),
    );

    children.forEach((child) => child.begin());
    const starts = await Promise.all(children.map((child) => child.started));

    expect(starts.filter(({ url }) => url)).toHaveLength(1);
    expect(starts.map(({ refusal }) => refusal).filter(Boolean)).toEqual([
      { name: 'PrivatePostgresError', message: expect.stringContaining('is in use by process') as string },
    ]);
    await Promise.all(children.map((child) => child.stop()));
  });
});

describe('a data folder that is there', () => {
  const baseDirectory = scratchFolder();
  const dataFolder = join(baseDirectory, 'data');

  async function refusal(): Promise<string> {
    const error: unknown = await start(baseDirectory).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PrivatePostgresError);
    return (error as Error).message;
  }

  beforeAll(async () => (await start(baseDirectory)).stop());

  it('of another major version is refused and named', async () => {
    const file = join(dataFolder, 'PG_VERSION');
    const own = readFileSync(file, 'utf8');
    writeFileSync(file, '15\n');

    expect(await refusal()).toMatch(/was made by PostgreSQL 15 and the installed programs are of \d+: move/);

    writeFileSync(file, own);
  });

  it('without its password is refused and left alone', async () => {
    renameSync(databaseUrlFile(baseDirectory), join(baseDirectory, 'elsewhere'));

    expect(await refusal()).toMatch(/database-url .* is missing or damaged: put it back/);

    renameSync(join(baseDirectory, 'elsewhere'), databaseUrlFile(baseDirectory));
    await (await start(baseDirectory)).stop();
  });

  it('with another password is refused', async () => {
    const file = databaseUrlFile(baseDirectory);
    const own = readFileSync(file, 'utf8');
    writeFileSync(file, own.replace(/:[^:@]+@/, ':another@'));

    expect(await refusal()).toMatch(/does not take the saved password: put the file database-url .* back/);

    writeFileSync(file, own);
    await (await start(baseDirectory)).stop();
  });

  it('whose server does not start is refused, quoting the server', async () => {
    const file = join(dataFolder, 'postgresql.auto.conf');
    writeFileSync(file, 'no_such_setting = 1\n');

    expect(await refusal()).toMatch(
      /^PostgreSQL did not start: "FATAL: configuration file .* contains errors"\. See .*log/,
    );

    rmSync(file);
  });

  it('that holds something else is refused and left alone', async () => {
    const other = scratchFolder();
    mkdirSync(join(other, 'data'));
    writeFileSync(join(other, 'data', 'mine.txt'), 'mine');

    await expect(start(other)).rejects.toThrow(/holds no PostgreSQL data: move it away/);

    expect(readFileSync(join(other, 'data', 'mine.txt'), 'utf8')).toBe('mine');
  });
});
