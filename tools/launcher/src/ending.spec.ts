import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'ending-'));
const program = join(folder, 'program.cjs');

/** Writes its id and what happens to it into the file that it gets. */
function writeProgram(): void {
  const source = readFileSync(join(__dirname, 'ending.ts'), 'utf8');
  writeFileSync(
    program,
    `${transformSync(source, { loader: 'ts', format: 'cjs' }).code}
const { appendFileSync } = require('node:fs');
const say = (line) => appendFileSync(process.argv[2], line + '\\n');
const running = setInterval(() => undefined, 1_000);
const ending = new module.exports.Ending();
ending.reload = () => say('reload');
ending.reached.then((code) => {
  say('end ' + code);
  process.exit(code);
});
say(String(process.pid));
`,
  );
}

beforeAll(writeProgram);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Lines of the file, when there are so many. */
async function linesOf(file: string, count: number): Promise<readonly string[]> {
  for (;;) {
    const lines = readFileSync(file, { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean);
    if (lines.length >= count) return lines;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

describe('SIGHUP', () => {
  it('reloads without a terminal, and another signal ends', async () => {
    const file = join(folder, 'alone');
    // In a session of its own, it has no terminal.
    const child = spawn(process.execPath, [program, file], { detached: true, stdio: 'ignore' });
    await linesOf(file, 1);

    child.kill('SIGHUP');
    await linesOf(file, 2);
    child.kill('SIGTERM');
    await once(child, 'exit');

    expect(await linesOf(file, 3)).toEqual([String(child.pid), 'reload', 'end 0']);
  });

  it('reloads in a terminal, and ends when the terminal closes', async () => {
    const file = join(folder, 'terminal');
    const command = [process.execPath, program, file].map((word) => `'${word}'`).join(' ');
    const terminal: ChildProcess = spawn('script', ['-qec', `exec ${command}`, '/dev/null'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const [pid = ''] = await linesOf(file, 1);

    process.kill(Number(pid), 'SIGHUP');
    await linesOf(file, 2);
    terminal.kill('SIGKILL');
    await once(terminal, 'exit');

    expect(await linesOf(file, 3)).toEqual([pid, 'reload', 'end 0']);
  });
});
