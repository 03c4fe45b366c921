import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ModuleKind, transpileModule } from 'typescript';

const { outputText: logger } = transpileModule(readFileSync(join(__dirname, 'logger.ts'), 'utf8'), {
  compilerOptions: { module: ModuleKind.CommonJS },
});

/** A process that logs to its standard output, and ends as it is told. */
function start(end: string) {
  const program = `${logger}
    const log = createLogger('info', standardOutput());
    log.info({}, 'first');
    setTimeout(() => {
      for (let index = 0; index < 500; index += 1) log.info({ index }, 'one of many');
      log.info({}, 'last');
      ${end}
    }, 300);`;
  return spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
}

describe('lines on standard output', () => {
  it.each([
    ['process.exit(0)', 0],
    ['throw new Error()', 1],
    ['process.exitCode = 3', 3],
  ])('are all written when it ends by %s', async (end, code) => {
    const child = start(end);
    const [written, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')]);

    const messages = written
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string; index?: number }).index ?? line);
    expect(exitCode).toBe(code);
    expect(messages).toHaveLength(502);
    // On a busy machine lines that were on their way at the end may come behind those that were not.
    const many = messages.filter((message) => typeof message === 'number');
    expect(many.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 500 }, (_, index) => index),
    );
    expect(messages.filter((message) => typeof message === 'string')).toHaveLength(2);
  });

  it.each([
    ['process.exit(0)', 0],
    ['throw new Error()', 1],
  ])('do not keep a process whose reader has gone, when it ends by %s', async (end, code) => {
    const child = start(end);
    child.stdout.destroy();

    const [exitCode] = await once(child, 'exit');

    expect(exitCode).toBe(code);
  });
});
