import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LedgerEntry, LedgerStore } from './ledger-store';

const { O_RDONLY, O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
const LOCK_LIMIT_MS = 5_000;
const LINE_END = '\n';

/**
 * An append-only file on another volume. Each line is the JSON of an entry, or of an earlier entry with more MACs. The
 * kernel releases the lock of the file when its process ends in any way.
 */
export class FileLedgerStore implements LedgerStore {
  /** @param warn receives a sentence about damage */
  constructor(
    private readonly path: string,
    private readonly warn: (message: string) => void,
  ) {}

  async create(): Promise<void> {
    await opened(this.path, O_RDWR | O_CREAT, (file) => file.sync());
    await opened(dirname(this.path), O_RDONLY, (folder) => folder.sync());
  }

  async read(installation: string | null, after: number): Promise<readonly LedgerEntry[]> {
    const content = await opened(this.path, O_RDONLY, (file) => file.readFile());
    return this.entriesIn(content).filter(
      (entry) => entry.number > after && (installation === null || entry.installation === installation),
    );
  }

  append(entries: readonly LedgerEntry[]): Promise<boolean> {
    return this.write(entries, (known) =>
      entries.some((entry) =>
        known.some(
          ({ installation, number }) => installation === entry.installation && number === entry.number,
        ),
      ),
    );
  }

  async addMacs(entries: readonly LedgerEntry[]): Promise<void> {
    await this.write(entries, () => false);
  }

  /** A process could not finish a last line that has no end. */
  private async write(
    entries: readonly LedgerEntry[],
    isTaken: (known: readonly LedgerEntry[]) => boolean,
  ): Promise<boolean> {
    return opened(this.path, O_RDWR | O_APPEND, async (file) => {
      await lock(file);
      const content = await file.readFile();
      const end = content.lastIndexOf(LINE_END) + 1;
      const torn = content.length - end;
      if (torn > 0) {
        this.warn(`the last line of the ledger of erasures is not complete: ${torn} bytes are cut off`);
        await file.truncate(end);
      }
      if (isTaken(this.entriesIn(content))) return false;
      await file.appendFile(entries.map((entry) => `${JSON.stringify(entry)}${LINE_END}`).join(''));
      await file.datasync();
      return true;
    });
  }

  private entriesIn(content: Buffer): readonly LedgerEntry[] {
    const entries = new Map<string, LedgerEntry>();
    for (const line of content.toString().split(LINE_END).slice(0, -1)) {
      const entry = parsed(line);
      if (!entry) this.warn('a line of the ledger of erasures cannot be read');
      else {
        const key = `${entry.installation} ${entry.number} ${entry.id}`;
        const known = entries.get(key);
        // The first MAC under a key counts, so a later line cannot replace it.
        entries.set(key, known ? { ...known, macs: { ...entry.macs, ...known.macs } } : entry);
      }
    }
    return [...entries.values()];
  }
}

async function opened<T>(path: string, flags: number, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags | O_NOFOLLOW, 0o600);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** Uses `flock` of util-linux, which locks the inherited open file: the lock ends when this process closes the file. */
async function lock({ fd }: FileHandle): Promise<void> {
  const flock = spawn('flock', ['--exclusive', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
    timeout: LOCK_LIMIT_MS,
  });
  const [code] = await once(flock, 'exit').catch(() => ['no start: is util-linux installed?']);
  if (code !== 0)
    throw new Error(`flock did not lock the ledger (${code ?? 'another process has the lock'})`);
}

function parsed(line: string): LedgerEntry | null {
  try {
    return JSON.parse(line) as LedgerEntry | null;
  } catch {
    return null;
  }
}
