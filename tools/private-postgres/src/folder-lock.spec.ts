import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compileLibrary } from '../testing/child-start';
import { removeScratch, scratchFolder } from '../testing/scratch';
import { holderOf, lockFolder } from './folder-lock';

const folder = scratchFolder();

afterAll(removeScratch);

describe('lockFolder', () => {
  it('lets one in, and the next one after it', async () => {
    const unlock = await lockFolder(folder);

    await expect(lockFolder(folder)).rejects.toThrow(
      `The folder ${folder} is in use by process ${process.pid}: stop that one first.`,
    );
    expect(await holderOf(folder)).toBe(process.pid);
    unlock();
    unlock();
    expect(await holderOf(folder)).toBeNull();

    (await lockFolder(folder))();
  });

  it('lets one of many in, and the next one when that was killed', async () => {
    const library = compileLibrary();
    const contested = scratchFolder();
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
    const words = await Promise.all(answers);
    const gone = Promise.all(children.map((child) => once(child, 'exit')));
    for (const child of children) child.kill('SIGKILL');
    await gone;

    expect(words.toSorted()).toEqual([...Array<string>(5).fill('PrivatePostgresError'), 'has it']);
    (await lockFolder(contested))();
  });
});
