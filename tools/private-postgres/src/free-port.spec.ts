import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';

describe('a free port', () => {
  it('is another one each time, and none that an outgoing connection may take', async () => {
    const ports = await Promise.all(Array.from({ length: 100 }, () => freePort()));

    expect(new Set(ports).size).toBe(100);
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(10_000);
      expect(port).toBeLessThan(32_000);
    }
  });

  it('is not one that is taken', async () => {
    const server = createServer().listen((await freePort()) + 1, '127.0.0.1');
    await once(server, 'listening');
    const { port: taken } = server.address() as { port: number };

    expect(await freePort()).not.toBe(taken);

    server.close();
    await once(server, 'close');
  });

  it('is not one that a running process has drawn, and again one of a process that has ended', async () => {
    const port = await freePort();
    const ofProcess = (offset: number) =>
      join(tmpdir(), `countersign-ports-${process.getuid?.()}`, String(port + offset));
    const ended = spawnSync('true').pid;
    for (const [offset, pid] of [process.ppid, ended].entries()) {
      rmSync(ofProcess(offset + 1), { force: true });
      symlinkSync(String(pid), ofProcess(offset + 1));
    }

    expect([port + 1, port + 2]).not.toContain(await freePort());
    expect(readlinkSync(ofProcess(1))).toBe(String(process.ppid));
    expect(() => readlinkSync(ofProcess(2))).toThrow('ENOENT');

    rmSync(ofProcess(1));
  });
});
