import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { removeLeftovers } = jest.requireActual<{ removeLeftovers(parent: string): void }>(
  './lib/memory-folder.mjs',
);

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a folder in memory', () => {
  const parent = mkdtempSync(join(tmpdir(), 'countersign-memory-'));
  afterAll(() => rmSync(parent, { recursive: true }));

  function folderOf(owner: string): string {
    const folder = join(parent, 'countersign-a');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'owner'), owner);
    return folder;
  }

  function isRemoved(folder: string): boolean {
    removeLeftovers(parent);
    return !existsSync(folder);
  }

  const namespace = process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '';
  const { pid: gone } = spawnSync(process.execPath, ['--version']);

  it.each([
    ['stays while its owner runs', `${process.pid} ${namespace}`, false],
    ['stays when its owner is in another namespace', `${gone} pid:[1]`, false],
    ['stays while it does not say whose it is', '', false],
    ['is removed when its owner was killed', `${gone} ${namespace}`, true],
  ])('%s', (_, owner, expected) => expect(isRemoved(folderOf(owner))).toBe(expected));

  it('stays while a process that its owner has started uses it', async () => {
    const folder = folderOf(`${gone} ${namespace}`);
    const user = spawn('cat', { env: { ...process.env, TMPDIR: folder } });
    await once(user, 'spawn');
    const whileUsed = isRemoved(folder);
    user.stdin.end();
    await once(user, 'close');

    expect([whileUsed, isRemoved(folder)]).toEqual([false, true]);
  });
});
