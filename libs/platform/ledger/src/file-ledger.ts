import { open, readFile, type FileHandle } from 'node:fs/promises';
import { ErasureLedger, type LedgerEntry, type LedgerMark, type LedgerRequest } from './erasure-ledger';

type Line =
  | ({ readonly type: 'mark' } & LedgerMark)
  | ({ readonly type: 'request'; readonly requestedAt: string; readonly eraseAt: string } & Pick<
      LedgerRequest,
      'userId' | 'kind' | 'reason' | 'assurance'
    >)
  | {
      readonly type: 'intend' | 'finish' | 'cancel';
      readonly userIds: readonly string[];
      readonly at: string;
    };

interface Content {
  readonly mark: LedgerMark | null;
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  readonly requests: ReadonlyMap<string, LedgerRequest>;
}

/** The file is not a ledger, or was damaged. */
export class LedgerFileError extends Error {
  override readonly name = 'LedgerFileError';
}

/**
 * A file of JSON lines that are only appended, each durable before its promise resolves. For one machine: the
 * service and the CLI may both append.
 */
export class FileLedger extends ErasureLedger {
  override readonly isStored = true;

  constructor(private readonly path: string) {
    super();
  }

  override async readMark(): Promise<LedgerMark | null> {
    return (await this.read()).mark;
  }

  override async writeMark({ lineage, mark }: LedgerMark): Promise<void> {
    await this.append({ type: 'mark', lineage, mark });
  }

  override async intend(userIds: readonly string[], at: Date): Promise<void> {
    await this.append({ type: 'intend', userIds, at: at.toISOString() });
  }

  override async finish(userIds: readonly string[], at: Date): Promise<void> {
    await this.append({ type: 'finish', userIds, at: at.toISOString() });
  }

  override async request(requests: readonly Omit<LedgerRequest, 'cancelledAt'>[]): Promise<void> {
    for (const { userId, kind, reason, assurance, requestedAt, eraseAt } of requests)
      await this.append({
        type: 'request',
        userId,
        kind,
        reason,
        assurance,
        requestedAt: requestedAt.toISOString(),
        eraseAt: eraseAt.toISOString(),
      });
  }

  override async cancel(userIds: readonly string[], at: Date): Promise<void> {
    await this.append({ type: 'cancel', userIds, at: at.toISOString() });
  }

  override async *requests(): AsyncGenerator<readonly LedgerRequest[]> {
    const { requests } = await this.read();
    if (requests.size > 0) yield [...requests.values()];
  }

  override async *entries(): AsyncGenerator<readonly LedgerEntry[]> {
    const { entries } = await this.read();
    if (entries.size > 0) yield [...entries.values()];
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  private async append(line: Line): Promise<void> {
    const file: FileHandle = await open(this.path, 'a', 0o600);
    try {
      // A line that a crash cut off must not swallow this one.
      await file.write(`\n${JSON.stringify(line)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  private async read(): Promise<Content> {
    let mark: LedgerMark | null = null;
    const entries = new Map<string, LedgerEntry>();
    const requests = new Map<string, LedgerRequest>();
    for (const line of linesOf(await this.text())) {
      if (line.type === 'mark') {
        const before: number = mark?.lineage === line.lineage ? mark.mark : 0;
        mark = { lineage: line.lineage, mark: Math.max(before, line.mark) };
        continue;
      }
      if (line.type === 'request') {
        noteRequest(requests, line);
        continue;
      }
      const at = new Date(line.at);
      for (const userId of line.userIds) {
        if (line.type === 'cancel') {
          const known = requests.get(userId);
          if (known) requests.set(userId, { ...known, cancelledAt: laterOf(known.cancelledAt, at) });
          continue;
        }
        const known = entries.get(userId) ?? { userId, intendedAt: at, doneAt: null };
        entries.set(userId, line.type === 'finish' ? { ...known, doneAt: known.doneAt ?? at } : known);
      }
    }
    return { mark, entries, requests };
  }

  private async text(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }
}

function noteRequest(
  requests: Map<string, LedgerRequest>,
  line: Extract<Line, { readonly type: 'request' }>,
): void {
  const { userId, kind, reason, assurance } = line;
  const [requestedAt, eraseAt] = [new Date(line.requestedAt), new Date(line.eraseAt)];
  const known = requests.get(userId);
  if (known && known.requestedAt > requestedAt) return;
  const cancelledAt = known?.cancelledAt ?? null;
  requests.set(userId, { userId, kind, reason, assurance, requestedAt, eraseAt, cancelledAt });
}

function laterOf(known: Date | null, at: Date): Date {
  return known && known > at ? known : at;
}

/** A line that a crash cut off was never promised. @throws LedgerFileError for other damage */
function linesOf(text: string): readonly Line[] {
  const isCutOff = !text.endsWith('\n');
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line) as Line];
    } catch {
      if (isTorn(line, isCutOff && index === lines.length - 1)) return [];
      throw new LedgerFileError(
        'ERASURE_LEDGER names a file that is not a ledger of erasures, or is damaged.',
      );
    }
  });
}

/** The beginning of a line of ours. */
function isTorn(line: string, isLast: boolean): boolean {
  return isLast || (line.startsWith('{"type":') && !line.endsWith('}')) || '{"type":'.startsWith(line);
}
