import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { killChildren, startInChild, type Child } from '../testing/child-start';
import { query } from '../testing/database';
import { removeScratch, scratchFolder } from '../testing/scratch';
import { startPrivatePostgres, type PrivatePostgres } from '.';

const baseDirectory = scratchFolder();
const postmasterFile = join(baseDirectory, 'data/postmaster.pid');
const onLinux = process.platform === 'linux' ? it : it.skip;
const lines: string[] = [];

function start(folder = baseDirectory): Promise<PrivatePostgres> {
  lines.length = 0;
  return startPrivatePostgres({
    baseDirectory: folder,
    durability: 'durable',
    log: (line) => lines.push(line),
  });
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

async function startAndInsert(text: string): Promise<Child> {
  const child = startInChild({ baseDirectory, durability: 'durable' });
  const { url = '' } = await child.started;
  await query(url, 'CREATE TABLE IF NOT EXISTS kept (it text)', `INSERT INTO kept VALUES ('${text}')`);
  return child;
}

function serverPid(): number {
  return Number.parseInt(readFileSync(postmasterFile, 'utf8'), 10);
}

afterAll(() => {
  killChildren();
  removeScratch();
});

describe('after kill -9', () => {
  it('in the middle of the first start: nothing stands in the way of the next one', async () => {
    const folder = scratchFolder();
    const child = startInChild({ baseDirectory: folder, durability: 'disposable' }, { isPaused: true });
    const begun = appears(folder, /^data\.new-/);
    child.begin();
    await begun;
    await child.kill();
    expect(readdirSync(folder)).not.toContain('data');

    const { url, stop } = await start(folder);

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await stop();
    // Its initdb may have lived on, and been writing when this start cleaned up.
    await (await start(folder)).stop();
    expect(readdirSync(folder).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  it('of the parent: its server ends too, and the next start has everything that was acknowledged', async () => {
    const child = await startAndInsert('yes');

    await child.kill();
    while (existsSync(postmasterFile)) await wait(5);

    const next = await start();
    expect(await query(next.url, 'TABLE kept')).toEqual([{ it: 'yes' }]);
    await next.stop();
  });

  onLinux('of all but the server: the next start ends that, and starts anew', async () => {
    const child = await startAndInsert('orphan');
    const pid = serverPid();
    // What would end the server.
    const watchdogs = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    for (const watchdog of watchdogs.split(' ')) process.kill(Number(watchdog), 'SIGKILL');
    await child.kill();
    expect(serverPid()).toBe(pid);

    const next = await start();

    expect(lines).toContain('Ending the private PostgreSQL that another start left running ...');
    expect(serverPid()).not.toBe(pid);
    expect(await query(next.url, 'TABLE kept')).toEqual([{ it: 'yes' }, { it: 'orphan' }]);
    await next.stop();
  });

  it('of server and parent: the next start recovers', async () => {
    const child = await startAndInsert('still');
    process.kill(serverPid(), 'SIGKILL');
    await child.kill();

    const next = await start();

    expect(await query(next.url, 'TABLE kept')).toEqual([{ it: 'yes' }, { it: 'orphan' }, { it: 'still' }]);
    await next.stop();
  });

  it('and a reboot: a process that got the server’s id is not harmed', async () => {
    const { stop } = await start();
    const file = readFileSync(postmasterFile, 'utf8');
    const pid = serverPid();
    await stop();
    writeFileSync(postmasterFile, file.replace(String(pid), String(process.pid)));

    const next = await start();

    expect(serverPid()).not.toBe(process.pid);
    await next.stop();
  });
});
