import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeScratch, scratchFolder } from '../../testing/scratch';
import { ServerLog } from './server-log';

const STAMP = '2026-11-20 09:30:46.122 UTC [32229]';

afterAll(removeScratch);

describe('ServerLog', () => {
  it.each([
    [`${STAMP} LOG:  starting\n${STAMP} FATAL:  no space\n${STAMP} LOG:  shut down\n`, 'FATAL: no space'],
    [`running bootstrap script ... ${STAMP} FATAL:  no space\nchild process exited\n`, 'FATAL: no space'],
    ['initdb: error: no such user\ninitdb: hint: use another\n', 'initdb: error: no such user'],
    ['one\ntwo\n\n', 'two'],
    ['', null],
  ])('finds why a program gave up: %j', (text, reason) => {
    const log = new ServerLog(join(scratchFolder(), 'log'));
    appendFileSync(log.file, `${STAMP} FATAL:  of an earlier start\n`);

    log.open().close();
    appendFileSync(log.file, text);

    expect(log.reason()).toBe(reason);
  });
});
