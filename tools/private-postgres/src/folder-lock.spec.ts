import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLibrary } from '../testing/child-start';
import { removeScratch, scratchFolder } from '../testing/scratch';
import { FolderInUseError, lockFolder } from '.';
import { startStamp } from './processes';

const file = join(scratchFolder(), 'lock');
const onLinux = process.platform === 'linux' ? it : it.skip;
/** The largest that Linux gives is 2^22. */
const NO_PROCESS = 2 ** 22 + 1;

afterAll(removeScratch);

describe('lockFolder', () => {
  it('lets one in, and the next one after it', async () => {
    const lock = await lockFolder(file);

    await expect(lockFolder(file)).rejects.toEqual(new FolderInUseError(process.pid));
    lock.release();
    lock.release();

    (await lockFolder(file)).release();
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['a process that is gone', `${NO_PROCESS} 1`],
    ['nobody, cut short', ''],
  ])('takes over the lock of %s', async (_, text) => {
    writeFileSync(file, text);

    const lock = await lockFolder(file);

    expect(readFileSync(file, 'utf8')).toBe(`${process.pid} ${startStamp(process.pid)}`);
    lock.release();
  });

  onLinux('takes over the lock of a process whose id another one has now', async () => {
    writeFileSync(file, `${process.pid} 1`);

    (await lockFolder(file)).release();
  });

  it('leaves the lock of a successor alone', async () => {
    const lock = await lockFolder(file);
    writeFileSync(file, 'somebody else');

    lock.release();

    expect(readFileSync(file, 'utf8')).toBe('somebody else');
  });

  it('lets one of many take over a dead one’s lock', async () => {
    const library = compileLibrary();
    const contested = join(scratchFolder(), 'lock');
    writeFileSync(contested, `${NO_PROCESS} 1`);
    const program = `
      const { lockFolder } = require(process.argv[1] + '/folder-lock.js');
      process.stdin.once('data', () => {
        lockFolder(process.argv[2]).then(() => 'held', (error) => error.name).then(console.log);
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
    // Whoever gets it holds it until everybody has tried.
    const words = await Promise.all(answers);
    for (const child of children) child.kill();

    expect(words.sort()).toEqual([...Array<string>(5).fill('FolderInUseError'), 'held']);
  });
});
