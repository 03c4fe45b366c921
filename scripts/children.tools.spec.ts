import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const RUN = `import(process.argv[1]).then(async ({ Children }) => {
  const children = new Children(process.argv[2]);
  const start = (name, source) => children.start(name, process.execPath, ['-e', source]);
  start('first', "console.log(process.pid); process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 1000)");
  if (process.argv[3] === 'fails') start('second', "console.log('out of coffee'); process.exit(3)");
  process.stdout.write('up');
  await children.ended.catch((error) => process.stderr.write(error.message));
  await children.stop();
  process.stdout.write(' ended');
})`;

describe('the programs of a command', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-children-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(how: string, signal?: NodeJS.Signals): Promise<{ stdout: string; stderr: string }> {
    const told = { stdout: '', stderr: '' };
    const args = ['-e', RUN, join(__dirname, 'lib/children.mjs'), folder, how];
    const command = spawn(process.execPath, args);
    for (const name of ['stdout', 'stderr'] as const)
      command[name].on('data', (text: Buffer) => {
        told[name] += text.toString('utf8');
        if (signal && told.stdout === 'up') command.kill(signal);
      });
    await once(command, 'close');
    return told;
  }

  it('end together when one of them ends, and its last output is printed', async () => {
    expect(await run('fails')).toEqual({
      stdout: 'up ended',
      stderr: 'second has ended:\nout of coffee',
    });
  });

  it('end when the command is killed', async () => {
    const command = spawn(process.execPath, ['-e', RUN, join(__dirname, 'lib/children.mjs'), folder, 'runs']);
    await once(command.stdout, 'data');
    const { log, pid } = await until(() => {
      const text = readFileSync(join(folder, 'first.log'), 'utf8');
      return text.endsWith('\n') ? { log: text, pid: Number(text) } : null;
    });
    expect(log).toMatch(/^\d+\n$/);
    command.kill('SIGKILL');

    await until(() => (isRunning(pid) ? null : true));
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('end at %s', async (signal) => {
    expect(await run('runs', signal)).toEqual({ stdout: 'up ended', stderr: '' });
  });
});

async function until<T>(ask: () => T | null): Promise<T> {
  for (;;) {
    const answer = ask();
    if (answer !== null) return answer;
    await sleep(20);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
