import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { removeLeftovers } = jest.requireActual<{ removeLeftovers(parent: string): void }>(
  './lib/owned-folders.mjs',
);

const MAKE = `import(process.argv[1]).then(({ makeOwnedFolder }) => {
  process.stdout.write(makeOwnedFolder(process.argv[2]));
  setInterval(() => undefined, 1_000);
})`;

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a folder of a process', () => {
  const children: ChildProcess[] = [];
  let parent: string;
  let owner: ChildProcess;
  let folder: string;

  beforeEach(async () => {
    parent = mkdtempSync(join(tmpdir(), 'countersign-owned-'));
    owner = spawn(process.execPath, ['-e', MAKE, join(__dirname, 'lib', 'owned-folders.mjs'), parent]);
    children.push(owner);
    const [path] = (await once(owner.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    folder = path.toString();
  });

  afterEach(async () => {
    await Promise.all(children.splice(0).map(end));
    rmSync(parent, { recursive: true, force: true });
  });

  it('is removed when the process was killed', async () => {
    await end(owner);

    removeLeftovers(parent);

    expect(existsSync(folder)).toBe(false);
  });

  it('stays while the process runs', () => {
    removeLeftovers(parent);

    expect(existsSync(folder)).toBe(true);
  });

  it('stays while a process that it has started uses it', async () => {
    const user = spawn(
      process.execPath,
      ['-e', `process.stdout.write('up'); setInterval(() => undefined, 1_000)`],
      {
        env: { ...process.env, TMPDIR: folder },
      },
    );
    children.push(user);
    await Promise.all([once(user.stdout, 'data'), end(owner)]);

    removeLeftovers(parent);
    expect(existsSync(folder)).toBe(true);

    await end(user);
    removeLeftovers(parent);
    expect(existsSync(folder)).toBe(false);
  });

  it('is removed when another process has got the id', async () => {
    const [, identity = ''] = readFileSync(join(folder, 'owner'), 'utf8').split(' ');
    await end(owner);
    writeFileSync(join(folder, 'owner'), `${process.pid} ${identity}`);

    removeLeftovers(parent);

    expect(existsSync(folder)).toBe(false);
  });

  it.each(['', '1', '1 another-1'])('is not removed while the text of its owner is "%s"', async (told) => {
    await end(owner);
    writeFileSync(join(folder, 'owner'), told);

    removeLeftovers(parent);

    expect(existsSync(folder)).toBe(true);
  });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
