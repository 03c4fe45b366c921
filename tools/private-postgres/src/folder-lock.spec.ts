import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { compileLibrary } from '../testing/child-start';
import { removeScratch, scratchFolder } from '../testing/scratch';
import { lockFolder } from '.';

const folder = scratchFolder();
const file = join(folder, 'in-use-by');
const onLinux = process.platform === 'linux' ? it : it.skip;
/** The largest that Linux gives is 2^22. */
const NO_PROCESS = 2 ** 22 + 1;

afterAll(removeScratch);

describe('lockFolder', () => {
  it('lets one in, and the next one after it', async () => {
    const unlock = await lockFolder(folder);

    await expect(lockFolder(folder)).rejects.toThrow(
      `The folder ${folder} is in use by process ${process.pid}: stop that one first.`,
    );
    unlock();
    unlock();

    (await lockFolder(folder))();
    expect(existsSync(file)).toBe(false);
  });

  it('takes over the lock of a process that is gone', async () => {
    symlinkSync(`${NO_PROCESS} 1`, file);

    const unlock = await lockFolder(folder);

    expect(readlinkSync(file)).toMatch(new RegExp(`^${process.pid}\\b`));
    unlock();
  });

  it('takes over the lock of one of two processes that were killed in a takeover', async () => {
    symlinkSync(`${NO_PROCESS} 1`, file);
    symlinkSync(`${NO_PROCESS + 1} 1`, `${file}.takeover`);

    (await lockFolder(folder))();
  });

  onLinux('takes over the lock of a process whose id another one has now', async () => {
    symlinkSync(`${process.pid} 1`, file);

    (await lockFolder(folder))();
  });

  it('lets one of many take over a dead one’s lock', async () => {
    const library = compileLibrary();
    const contested = scratchFolder();
    symlinkSync(`${NO_PROCESS} 1`, join(contested, 'in-use-by'));
    const program = `
      const { lockFolder } = require(process.argv[1] + '/folder-lock.js');
      process.stdin.once('data', () => {
        lockFolder(process.argv[2]).then(() => 'has it', (error) => error.name).then(console.log);
      });
      console.log('here');
    `;
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['-e', program, library, contested]),
    );
    const wordOf = async (child: (typeof children)[number]): Promise<string> =>
      String(await once(child.stdout, 'data')).trim();

    await Promise.all(children.map(wordOf));
    const answers = children.map(wordOf);
    for (const child of children) child.stdin.write('go');
    // The one that gets it has it until all of them have tried.
    const words = await Promise.all(answers);
    for (const child of children) child.kill();

    expect(words.toSorted()).toEqual([...Array<string>(5).fill('PrivatePostgresError'), 'has it']);
  });
});
