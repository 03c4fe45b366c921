import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CustodyProcess } from './custody';

const folder = mkdtempSync(join(tmpdir(), 'custody-process-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the custody process', () => {
  it('gets its variables alone, and ends with us', async () => {
    const [path, record] = [join(folder, 'program'), join(folder, 'record')];
    const lines = [
      '#!/bin/sh',
      'trap "exit 0" TERM',
      `echo "$LOG_LEVEL $CUSTODY_SOCKET$DATABASE_URL" > ${record}.new && mv ${record}.new ${record}`,
      'while :; do sleep 0.05; done',
    ];
    writeFileSync(path, lines.join('\n'), { mode: 0o700 });
    const errors = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { DATABASE_URL: before } = process.env;
    process.env['DATABASE_URL'] = 'of the API';

    const custody = new CustodyProcess(path, { LOG_LEVEL: 'info' });
    while (!existsSync(record)) await sleep(20);
    await custody.close();

    expect(readFileSync(record, 'utf8')).toBe(`info ${custody.socket}\n`);
    expect(errors).not.toHaveBeenCalled();
    expect(existsSync(dirname(custody.socket))).toBe(false);
    errors.mockRestore();
    if (before === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = before;
  });

  it.each([
    ['false', 'The custody process ended (1): start again.'],
    ['nowhere', 'ENOENT'],
  ])('that ends by itself ends nothing else: %s', async (program, sentence) => {
    const errors = jest.spyOn(process.stderr, 'write').mockReturnValue(true);

    const custody = new CustodyProcess(program, {});
    while (errors.mock.calls.length === 0) await sleep(20);
    await custody.close();

    expect(errors.mock.calls.join('')).toContain(sentence);
    errors.mockRestore();
  });
});
