import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFileSync } from '@swc/core';

const SOURCES = ['file-ledger-store', 'ledger-store'];

const PROGRAM = `
  const { randomUUID } = require('node:crypto');
  const { FileLedgerStore } = require('./file-ledger-store.js');
  const [, , path, installation, count] = process.argv;
  const ledger = new FileLedgerStore(path, () => {});
  const at = '2026-11-30T00:00:00.000Z';
  const rest = { kind: 'mark', run: randomUUID(), userId: null, refersTo: null, keyId: null, at, macs: { key: 'mac' } };
  let known = 0;
  const append = async () => {
    known = (await ledger.read(installation, known)).at(-1)?.number ?? known;
    console.log('begun ' + (known + 1));
    return ledger.append([{ number: known + 1, id: randomUUID(), installation, ...rest }]);
  };
  (async () => {
    for (let each = 0; each < count; each += 1) {
      while (!(await append()));
      console.log('durable');
    }
  })().catch((error) => {
    console.log(error.code ?? error.message);
    process.exit(1);
  });
`;

/** Compiles the ledger for processes without jest. */
export function compileLedger(folder: string): void {
  for (const name of SOURCES) {
    const { code } = transformFileSync(join(__dirname, '../src', `${name}.ts`), {
      swcrc: false,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    writeFileSync(join(folder, `${basename(name)}.js`), code);
  }
  writeFileSync(join(folder, 'child.js'), PROGRAM);
}

export interface WritingChild {
  readonly process: ChildProcess;
  /** What it printed so far, line by line. */
  readonly lines: readonly string[];
  readonly ended: Promise<unknown>;
}

/** A process that appends entries, one after another. @param blocks the highest size of a file, in blocks of 512 bytes */
export function startWriting(
  folder: string,
  wanted: {
    readonly path: string;
    readonly installation: string;
    readonly count: number;
    readonly blocks?: number;
  },
): WritingChild {
  const { path, installation, count, blocks } = wanted;
  const limit = blocks === undefined ? '' : `ulimit -f ${blocks}; `;
  const words = [process.execPath, join(folder, 'child.js'), path, installation, String(count)];
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  return { process: child, lines, ended: once(child, 'close') };
}
