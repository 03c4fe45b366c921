import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { awayBecause, LedgerRefusedError, type LedgerEntry, type LedgerStore } from './ledger-store';

const LOCK_LIMIT_MS = 5_000;
const LINE_END = 10;
const WRITABLE_BY_OTHERS = 0o022;
const ROOT = 0;

type MoreMacs = Pick<LedgerEntry, 'installation' | 'number' | 'macs'>;

/**
 * The ledger as an append-only file on another volume. Each line is the JSON of an entry, or of further MACs of an earlier entry. A
 * process that writes holds the lock of the file, which the kernel releases when the process ends in any way.
 */
export class FileLedgerStore implements LedgerStore {
  /** Of each installation the position of the first entry above a number: numbers ascend, so a later reading begins there. */
  private readonly begins = new Map<
    string,
    { readonly inode: number; readonly after: number; readonly start: number }
  >();

  constructor(
    private readonly path: string,
    private readonly warn: (message: string) => void,
  ) {}

  async create(): Promise<void> {
    await this.run(constants.O_RDWR | constants.O_CREAT, (file) => file.sync());
    const folder = await open(dirname(this.path));
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async *entries(installation: string | null, after: number): AsyncGenerator<readonly LedgerEntry[]> {
    const { found, inode, start } = await this.run(constants.O_RDONLY, (file) =>
      this.find(file, installation, after),
    );
    if (installation !== null) this.begins.set(installation, { inode, after, start });
    yield found;
  }

  async append(entries: readonly LedgerEntry[]): Promise<boolean> {
    const { installation, number } = entries[0] as LedgerEntry;
    return this.write(entries, installation, number - 1);
  }

  async addMacs(entries: readonly MoreMacs[]): Promise<void> {
    const lines = entries.map(({ installation, number, macs }) => ({ installation, number, macs }));
    await this.write(lines, null, Number.POSITIVE_INFINITY);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async find(file: FileHandle, installation: string | null, after: number) {
    const { ino: inode, size } = await file.stat();
    const begin = this.begins.get(installation ?? '');
    const isUsable = begin?.inode === inode && begin.start <= size && begin.after <= after;
    let start = isUsable ? begin.start : 0;
    let end = start;
    const found = new Map<string, LedgerEntry>();
    for await (const { line, end: lineEnd } of linesOf(file, start)) {
      end = lineEnd;
      if (!line) this.warn('a line of the ledger of erasures cannot be read');
      if (line && line.number > after && line.installation === (installation ?? line.installation)) {
        const key = `${line.installation} ${line.number}`;
        const known = found.get(key);
        if (known) found.set(key, { ...known, macs: { ...known.macs, ...line.macs } });
        else if ('id' in line) found.set(key, line);
      }
      if (found.size === 0) start = end;
    }
    return { found: [...found.values()], inode, start, end };
  }

  /** A line without its end is one that a process could not finish. @returns false where an entry is above the number */
  private async write(
    lines: readonly MoreMacs[],
    installation: string | null,
    known: number,
  ): Promise<boolean> {
    return this.run(constants.O_RDWR | constants.O_APPEND, async (file) => {
      await lock(file);
      const { found, end } = await this.find(file, installation, known);
      const { size } = await file.stat();
      if (size > end) {
        this.warn(`the last line of the ledger of erasures is not complete: ${size - end} bytes are cut off`);
        await file.truncate(end);
      }
      if (found.length > 0) return false;
      await file.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await file.datasync();
      return true;
    });
  }

  /** @throws LedgerRefusedError for a file that is missing, or that other users could change */
  private async run<T>(flags: number, work: (file: FileHandle) => Promise<T>): Promise<T> {
    let file: FileHandle | undefined;
    try {
      const folder = dirname(this.path);
      const found = await stat(folder).catch(() => null);
      if (!found) throw new LedgerRefusedError(`The folder ${folder} of ERASURE_LEDGER is missing: make it.`);
      assertOwn(folder, found, ROOT);
      file = await open(this.path, flags | constants.O_NOFOLLOW, 0o600);
      assertOwn(this.path, await file.stat());
      return await work(file);
    } catch (error) {
      throw awayBecause(error, 'ENOENT');
    } finally {
      await file?.close();
    }
  }
}

/** By `flock` of util-linux, which locks the open file that it inherits: the lock ends when this process closes it. */
async function lock({ fd }: FileHandle): Promise<void> {
  const flock = spawn('flock', ['--exclusive', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
    timeout: LOCK_LIMIT_MS,
  });
  const [code] = await once(flock, 'exit').catch(() => ['no start: is util-linux installed?']);
  if (code !== 0)
    throw new Error(`flock did not lock the ledger (${code ?? 'another process has the lock'})`);
}

function assertOwn(path: string, { uid, mode }: Stats, ...others: readonly number[]): void {
  if (![process.geteuid?.(), ...others].includes(uid))
    throw new LedgerRefusedError(`${path} of ERASURE_LEDGER belongs to another user: change its owner.`);
  if ((mode & WRITABLE_BY_OTHERS) !== 0)
    throw new LedgerRefusedError(`Other users can write ${path} of ERASURE_LEDGER: run chmod go-w on it.`);
}

/** The complete lines from a position on, each with its end; `null` for one that is not of a ledger. */
async function* linesOf(
  file: FileHandle,
  start: number,
): AsyncGenerator<{ readonly line: LedgerEntry | MoreMacs | null; readonly end: number }> {
  let [rest, end] = [Buffer.alloc(0), start];
  for await (const chunk of file.createReadStream({ start, autoClose: false })) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    for (let at = rest.indexOf(LINE_END); at >= 0; at = rest.indexOf(LINE_END)) {
      end += at + 1;
      yield { line: parsed(rest.toString('utf8', 0, at)), end };
      rest = rest.subarray(at + 1);
    }
  }
}

function parsed(text: string): LedgerEntry | MoreMacs | null {
  try {
    const line = JSON.parse(text) as Partial<LedgerEntry> | null;
    const isOurs = typeof line?.installation === 'string' && Number.isSafeInteger(line.number) && line.macs;
    return isOurs ? (line as LedgerEntry) : null;
  } catch {
    return null;
  }
}
