import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPooled } from './test-server';

/** Those that only a direct connection gets; behind a pooler each transaction begins with all its settings. */
const OF_DIRECT_CONNECTIONS: readonly string[] = [
  'SET enable_seqscan = off; SET jit = off',
  'BEGIN; SET LOCAL lock_timeout = ?; SELECT clock_timestamp() AS now',
  // Sent where a row is held for longer than a quarter of a second, by held-rows.nightly-spec.ts.
  'SET LOCAL statement_timeout = ?',
  // Sent by young-database.integration-spec.ts itself, through the service's pool.
  "SELECT current_setting('?') AS seqscan, current_setting('?') AS jit",
];

/** Files that draw their requests: filters of lists, and so statements that read them, differ from run to run. */
const OF_DRAWN_REQUESTS: readonly string[] = [
  'admin-attacks-values.integration-spec.ts',
  'http-hostile-values.integration-spec.ts',
];

/** What the service's pools have sent while a test file ran. */
export interface SentByFile {
  readonly file: string;
  readonly statements: readonly string[];
}

/** @param record a line for each file, see test/runner/statements.cjs */
export function readRecord(record: string): readonly SentByFile[] {
  return readFileSync(record, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SentByFile);
}

/**
 * Compares what the files of a run have sent with what those of `pooled-files.json` have: each statement of the service is
 * to go through a pooler once. Says nothing of a run of some files only.
 * @throws Error that names the statements and the files that send them
 */
export function checkPooledFiles(lines: readonly SentByFile[]): void {
  const files = ['integration', 'nightly']
    .flatMap((folder) => readdirSync(join(__dirname, '..', folder)))
    .filter((name) => name.endsWith('-spec.ts'));
  const hasRun = new Set(lines.map(({ file }) => file));
  if (!files.every((file) => hasRun.has(file))) return;

  const pooled = lines.filter(({ file }) => isPooled(file));
  const covered = new Set(pooled.flatMap(({ statements }) => statements));
  const missing = lines
    .map(({ file, statements }) => ({
      file,
      left: statements.filter((text) => !covered.has(text) && !isExempt(file, text)),
    }))
    .filter(({ left }) => left.length > 0)
    .toSorted((one, other) => other.left.length - one.left.length);
  if (missing.length === 0) {
    const needless = withoutOwn(pooled);
    process.stderr.write(
      `Files of pooled-files.json without a statement of their own: ${needless.join(', ')}\n`,
    );
    return;
  }
  throw new Error(
    `Statements of the service that no file of test/integration/pooled-files.json sends:\n${missing
      .map(({ file, left }) => `${file}\n${left.map((text) => `  ${text.slice(0, 160)}`).join('\n')}`)
      .join('\n')}`,
  );
}

function isExempt(file: string, text: string): boolean {
  return (
    OF_DIRECT_CONNECTIONS.includes(text) || (OF_DRAWN_REQUESTS.includes(file) && text.startsWith('SELECT'))
  );
}

/** Files whose statements others send as well: they cost time behind the pooler, unless they are there for their races. */
function withoutOwn(lines: readonly SentByFile[]): readonly string[] {
  const senders = new Map<string, Set<string>>();
  for (const { file, statements } of lines)
    for (const text of statements) senders.set(text, (senders.get(text) ?? new Set()).add(file));
  const own = new Set([...senders.values()].filter(({ size }) => size === 1).flatMap((files) => [...files]));
  return [...new Set(lines.map(({ file }) => file))].filter((file) => !own.has(file));
}
