import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

const source = readFileSync(join(__dirname, 'process-end.ts'), 'utf8');
const service = `${transformSync(source, { loader: 'ts', format: 'cjs' }).code}
const { setImmediate: turn } = require('node:timers/promises');
const logger = { fatal: ({ err }, text) => console.log(text, err.message) };
const serving = setInterval(() => undefined, 1_000);
let onClose = () => undefined;
const close = async () => {
  await turn();
  await onClose();
  console.log('drained');
};
module.exports.endProcessAfter(Promise.resolve({ logger, close }), ['SIGTERM']);
`;

const rejects = "void Promise.reject(new Error('one'));";
const signal = "process.kill(process.pid, 'SIGTERM');";
const LOGGED = 'a defect: the process ends one';

describe('a process', () => {
  it.each([
    ['by a rejection that nothing handles with 1, drained', rejects, 1, [LOGGED, 'drained']],
    [
      'by an error that nothing catches',
      "setImmediate(() => { throw new Error('one'); });",
      1,
      [LOGGED, 'drained'],
    ],
    ['by a signal with 0', signal, 0, ['drained']],
    [
      'by a defect while it drains',
      `onClose = () => { ${rejects} return turn(); }; ${signal}`,
      1,
      [LOGGED, 'drained'],
    ],
    ['when it cannot be closed', `onClose = () => Promise.reject(new Error()); ${signal}`, 1, []],
  ])('ends %s', async (_, cause, exitCode, lines) => {
    const child = spawn(process.execPath, ['-e', service + cause]);
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    const [code] = (await once(child, 'close')) as [number | null];

    expect({ code, lines: output.split('\n').filter(Boolean) }).toEqual({ code: exitCode, lines });
  });
});
