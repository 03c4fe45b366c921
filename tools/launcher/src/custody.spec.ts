import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CustodyProcess } from './custody';

const folder = mkdtempSync(join(tmpdir(), 'custody-process-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A program that writes down its start and its variables; it fails at the first one. */
function program(name: string): { readonly path: string; readonly starts: () => string[] } {
  const [path, record] = [join(folder, name), join(folder, `${name}.starts`)];
  const lines = [
    '#!/bin/sh',
    `echo "$LOG_LEVEL $CUSTODY_SOCKET$DATABASE_URL" >> ${record}`,
    `[ "$(wc -l < ${record})" -gt 1 ] || exit 3`,
    'trap "exit 0" TERM',
    'while :; do sleep 0.05; done',
  ];
  writeFileSync(path, lines.join('\n'), { mode: 0o700 });
  return {
    path,
    starts: () => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : []),
  };
}

describe('the custody process', () => {
  it('is started again when it ends by itself, with its variables alone, and ends with us', async () => {
    const { path, starts } = program('fails-once');
    const errors = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { DATABASE_URL: before } = process.env;
    process.env['DATABASE_URL'] = 'of the API';

    const custody = new CustodyProcess(path, { LOG_LEVEL: 'info' });
    while (starts().length < 2) await sleep(20);
    await custody.close();

    expect(starts()).toEqual(Array.from({ length: 2 }, () => `info ${custody.socket}`));
    expect(errors.mock.calls.join('')).toContain('The custody process ended (3): it is started again.');
    expect(existsSync(dirname(custody.socket))).toBe(false);
    errors.mockRestore();
    if (before === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = before;
  });
});
