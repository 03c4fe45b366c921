import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { compileLedger, startWriting } from '../testing/writing-child';
import { FileLedgerStore } from './file-ledger-store';
import type { LedgerEntry } from './ledger-store';

const onLinux = process.platform === 'linux' ? describe : describe.skip;
const INSTALLATION = randomUUID();

function anEntry(number: number, installation = INSTALLATION): LedgerEntry {
  return {
    ...{
      number,
      id: randomUUID(),
      installation,
      run: randomUUID(),
      kind: 'mark' as const,
      macs: { one: 'mac' },
    },
    ...{ userId: null, refersTo: null, keyId: null, at: '2026-11-30T10:00:00.000Z' },
  };
}

onLinux('a ledger of erasures in a file', () => {
  let folder: string;
  let path: string;
  let ledger: FileLedgerStore;
  const warnings: string[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
    path = join(folder, 'erasures');
    warnings.length = 0;
    ledger = new FileLedgerStore(path, (message) => warnings.push(message));
    await ledger.create();
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const entriesOf = (installation: string | null = INSTALLATION, after = 0) =>
    new FileLedgerStore(path, (message) => warnings.push(message)).read(installation, after);
  const numbersOf = async (installation?: string): Promise<number[]> =>
    (await entriesOf(installation)).map(({ number }) => number);
  const append = async (): Promise<void> => {
    const last = (await numbersOf()).at(-1) ?? 0;
    expect(await ledger.append([anEntry(last + 1)])).toBe(true);
  };
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

  it('is for its owner alone, and is not made anew', async () => {
    await append();
    await ledger.create();

    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await numbersOf()).toEqual([1]);
  });

  it('answers entries as they were written, those of one installation above a number', async () => {
    const [one, two, foreign] = [anEntry(1), anEntry(2), anEntry(1, randomUUID())];
    await ledger.append([one, two]);
    await ledger.append([foreign]);

    expect(await entriesOf()).toEqual([one, two]);
    expect(await entriesOf(INSTALLATION, 1)).toEqual([two]);
    expect(await entriesOf(null)).toEqual([one, two, foreign]);
  });

  it('writes no entry under a number that another process has written', async () => {
    await ledger.append([anEntry(1), anEntry(2)]);

    expect(await ledger.append([anEntry(2), anEntry(3)])).toBe(false);

    expect(await numbersOf()).toEqual([1, 2]);
  });

  it('adds MACs to entries', async () => {
    await append();
    const [entry] = await entriesOf();
    for (const macs of [{ two: 'other' }, { one: 'of a stranger' }])
      await ledger.addMacs([{ ...anEntry(1), ...entry, macs }]);

    expect(await entriesOf()).toEqual([{ ...entry, macs: { one: 'mac', two: 'other' } }]);
  });

  it('cuts a torn last line off, and reports it', async () => {
    await append();
    await append();
    const complete = readFileSync(path, 'utf8');
    appendFileSync(path, complete.slice(0, 40));
    expect(await numbersOf()).toEqual([1, 2]);

    await append();

    expect(await numbersOf()).toEqual([1, 2, 3]);
    expect(readFileSync(path, 'utf8').startsWith(`${complete}{`)).toBe(true);
    expect(warnings).toEqual([
      'the last line of the ledger of erasures is not complete: 40 bytes are cut off',
    ]);
  });

  it('reports a line that is no entry, and reads the others', async () => {
    await append();
    appendFileSync(path, 'null\n{"number":"9","installation":"x"}\n\0\0\0\n');
    await append();
    warnings.length = 0;

    expect(await numbersOf()).toEqual([1, 2]);
    expect(warnings).toEqual(Array(2).fill('a line of the ledger of erasures cannot be read'));
  });

  it('follows no link, and makes no file by itself', async () => {
    const link = join(folder, 'link');
    symlinkSync(path, link);
    await expect(new FileLedgerStore(link, () => undefined).create()).rejects.toThrow('ELOOP');
    rmSync(path);

    await expect(ledger.append([anEntry(1)])).rejects.toThrow();
    await expect(entriesOf()).rejects.toThrow();
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('waits for the process that has the lock', async () => {
    const released = join(folder, 'released');
    const holder = spawn('flock', [path, 'sh', '-c', `echo has; sleep 0.4; touch ${released}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(holder, 'exit');
    await once(holder.stdout, 'data');

    await append();

    expect(existsSync(released)).toBe(true);
    await ended;
  });

  it('gives each entry of two processes, and of two installations, a number of its own', async () => {
    compileLedger(folder);
    const other = randomUUID();
    const start = (installation: string) => startWriting(folder, { path, installation, count: 25 });

    const children = [start(INSTALLATION), start(INSTALLATION), start(other)];
    await Promise.all(children.map(({ ended }) => ended));

    expect(children.map(({ lines }) => lines.filter((line) => line === 'durable').length)).toEqual([
      25, 25, 25,
    ]);
    expect(await numbersOf()).toEqual(upTo(50));
    expect(await numbersOf(other)).toEqual(upTo(25));
    expect(warnings).toEqual([]);
  });

  it('has every entry that was durable before kill -9, and is not locked after it', async () => {
    compileLedger(folder);
    for (let round = 0; round < 4; round += 1) {
      const before = (await numbersOf()).length;
      const child = startWriting(folder, { path, installation: INSTALLATION, count: 10_000 });
      while (child.lines.length < 7 + round) await wait(1);
      child.process.kill('SIGKILL');
      await child.ended;
      const durable = child.lines.filter((line) => line === 'durable').length;
      const begun = child.lines.filter((line) => line.startsWith('begun')).length;

      const found = await numbersOf();
      expect(found).toEqual(upTo(found.length));
      expect(found.length).toBeGreaterThanOrEqual(before + durable);
      expect(found.length).toBeLessThanOrEqual(before + begun);
      await append();
    }
  });

  it('has no half of an entry whose write failed in the middle, as on a full disk', async () => {
    compileLedger(folder);
    const child = startWriting(folder, { path, installation: INSTALLATION, count: 100, blocks: 2 });
    await child.ended;
    const durable = child.lines.filter((line) => line === 'durable').length;
    expect(child.lines.at(-1)).toBe('EFBIG');
    expect(durable).toBeGreaterThan(1);
    expect(statSync(path).size).toBe(1_024);

    await append();

    expect(await numbersOf()).toEqual(upTo(durable + 1));
    expect(warnings).toEqual([expect.stringContaining('bytes are cut off')]);
  });
});
