import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CustodyProcess } from './custody';

const folder = mkdtempSync(join(tmpdir(), 'custody-process-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A program that writes down its start and its variables; it ends at the first one. */
function program(
  name: string,
  firstCode: number,
): { readonly path: string; readonly starts: () => string[] } {
  const [path, record] = [join(folder, name), join(folder, `${name}.starts`)];
  const lines = [
    '#!/bin/sh',
    `echo "$LOG_LEVEL $CUSTODY_SOCKET$DATABASE_URL" >> ${record}`,
    `[ "$(wc -l < ${record})" -gt 1 ] || exit ${firstCode}`,
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
  it.each([3, 0])(
    'is started again when it ends by itself (%i), with its variables alone, and ends with us',
    async (code) => {
      const { path, starts } = program(`ends-once-${code}`, code);
      const errors = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
      const { DATABASE_URL: before } = process.env;
      process.env['DATABASE_URL'] = 'of the API';

      const custody = new CustodyProcess(path, { LOG_LEVEL: 'info' });
      while (starts().length < 2) await sleep(20);
      await custody.close();

      expect(starts()).toEqual(Array.from({ length: 2 }, () => `info ${custody.socket}`));
      expect(errors.mock.calls.join('')).toContain(
        `The custody process ended (${code}): it is started again.`,
      );
      expect(existsSync(dirname(custody.socket))).toBe(false);
      errors.mockRestore();
      if (before === undefined) delete process.env['DATABASE_URL'];
      else process.env['DATABASE_URL'] = before;
    },
  );

  it('that cannot be spawned ends nothing', async () => {
    const errors = jest.spyOn(process.stderr, 'write').mockReturnValue(true);

    const custody = new CustodyProcess(join(folder, 'nowhere'), {});
    await sleep(50);
    await custody.close();

    expect(errors.mock.calls.join('')).toContain('ENOENT');
    errors.mockRestore();
  });
});
