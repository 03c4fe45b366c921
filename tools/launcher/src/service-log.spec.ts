import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceLog } from './service-log';

describe('ServiceLog', () => {
  const folder = mkdtempSync(join(tmpdir(), 'service-log-'));

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['{"level":"info","msg":"listening"}', ''],
    ['{"level":"warn","msg":"slow"}', 'warn: slow\n'],
    ['{"level":"error","msg":"lost","err":{"type":"Error","code":"EPIPE"}}', 'error: lost (Error EPIPE)\n'],
    ['{"level":"error","msg":"lost","err":null}', 'error: lost\n'],
    ['a text', 'error: a text\n'],
    ['null', 'error: null\n'],
    ['7', 'error: 7\n'],
    ['"a text"', 'error: "a text"\n'],
  ])('writes %s to the file, and what is loud to the screen', (line, shown) => {
    const [path, screen] = [join(folder, 'log'), { write: jest.fn() }];

    new ServiceLog(path, screen).write(`${line}\n`);

    expect(readFileSync(path, 'utf8')).toBe(`${line}\n`);
    expect(screen.write.mock.calls.flat().join('')).toBe(shown);
  });
});
