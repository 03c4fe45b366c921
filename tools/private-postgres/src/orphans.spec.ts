import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { killChildren, startInChild } from '../testing/child-start';
import { query } from '../testing/database';
import { removeScratch, scratchFolder } from '../testing/scratch';
import { startPrivatePostgres, type PrivatePostgres } from '.';
import { postmasterFileOf, readPostmasterFile } from './server/postmaster-file';
import { isRunning } from './processes';

const baseDirectory = scratchFolder();
const dataFolder = join(baseDirectory, 'data');
const lines: string[] = [];

function start(): Promise<PrivatePostgres> {
  lines.length = 0;
  return startPrivatePostgres({ baseDirectory, durability: 'durable', log: (line) => lines.push(line) });
}

async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await wait(5);
}

function serverPid(): number {
  return readPostmasterFile(dataFolder)?.pid ?? 0;
}

afterAll(() => {
  killChildren();
  removeScratch();
});

describe('after kill -9', () => {
  it('of the parent: the running server is adopted with everything it acknowledged', async () => {
    const child = startInChild({ baseDirectory, durability: 'durable' });
    const { url = '' } = await child.started;
    await query(url, 'CREATE TABLE kept (it text)', "INSERT INTO kept VALUES ('yes')");
    await child.kill();
    const pid = serverPid();

    const adopted = await start();

    expect(adopted).toMatchObject({ adopted: true, url });
    expect(lines).toEqual([`Adopting the private PostgreSQL that still runs as process ${pid} ...`]);
    expect(await query(url, 'TABLE kept')).toEqual([{ it: 'yes' }]);
    await adopted.stop();
    expect(isRunning(pid)).toBe(false);
  });

  it('of parent and server: the next start recovers', async () => {
    const child = startInChild({ baseDirectory, durability: 'durable' });
    const { url = '' } = await child.started;
    await query(url, "INSERT INTO kept VALUES ('still')");
    await child.kill();
    process.kill(serverPid(), 'SIGKILL');

    const recovered = await start();

    expect(recovered.adopted).toBe(false);
    expect(await query(recovered.url, 'TABLE kept')).toEqual([{ it: 'yes' }, { it: 'still' }]);
    await recovered.stop();
  });

  it('of the parent, and of the server just after the next start found it: that start recovers', async () => {
    const child = startInChild({ baseDirectory, durability: 'durable' });
    await child.started;
    await child.kill();
    const pid = serverPid();
    process.kill(pid, 'SIGSTOP');

    const starting = start();
    while (!lines.some((line) => line.startsWith('Adopting'))) await wait(5);
    process.kill(pid, 'SIGKILL');
    const recovered = await starting;

    expect(recovered.adopted).toBe(false);
    expect(await query(recovered.url, 'TABLE kept')).toEqual([{ it: 'yes' }, { it: 'still' }]);
    await recovered.stop();
  });

  it('and a reboot: a process that got the server’s id is neither adopted nor harmed', async () => {
    const { stop } = await start();
    const file = readFileSync(postmasterFileOf(dataFolder), 'utf8');
    const pid = serverPid();
    await stop();
    writeFileSync(postmasterFileOf(dataFolder), file.replace(String(pid), String(process.pid)));

    const fresh = await start();

    expect(fresh.adopted).toBe(false);
    expect(serverPid()).not.toBe(process.pid);
    await fresh.stop();
  });

  it('of the parent of a disposable server: that one goes too', async () => {
    const child = startInChild({ baseDirectory, durability: 'disposable' });
    await child.started;
    const pid = serverPid();

    await child.kill();
    await gone(pid);

    expect(existsSync(postmasterFileOf(dataFolder))).toBe(false);
  });

  it('a lock of the dead is no obstacle, one of the living is', async () => {
    const child = startInChild({ baseDirectory, durability: 'disposable' });
    await child.started;

    await expect(start()).rejects.toThrow(
      /^The private PostgreSQL in .* is in use by process \d+: stop that one first\.$/,
    );

    await child.stop();
    await (await start()).stop();
  });
});
