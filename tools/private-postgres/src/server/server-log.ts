import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';

/** Bytes; what an older log holds beyond this is dropped at the next start. */
const LOG_LIMIT = 8 * 1024 * 1024;

/** The file that the server and `initdb` write to, and what they wrote since this start. */
export class ServerLog {
  private start = 0;

  constructor(readonly file: string) {}

  /** Opens the log for a child process; `close` is to be called as soon as the child has it. */
  open(): { readonly handle: number; close(): void } {
    if (existsSync(this.file) && statSync(this.file).size > LOG_LIMIT) truncateSync(this.file);
    const handle = openSync(this.file, 'a', 0o600);
    this.start = statSync(this.file).size;
    return { handle, close: () => closeSync(handle) };
  }

  /** What was written since the log was opened last. */
  recent(): string {
    return readFileSync(this.file).subarray(this.start).toString('utf8');
  }

  /** The most telling line about the failure, or null without output. */
  reason(): string | null {
    const lines = this.recent().split('\n').map(withoutPrefix).filter(Boolean);
    return lines.findLast((line) => /\b(FATAL|PANIC|error|Error)\b/.test(line)) ?? lines.at(-1) ?? null;
  }
}

/** Without the server's timestamp and process id, and earlier output of `initdb` on the same line. */
function withoutPrefix(line: string): string {
  return line
    .replace(/^.*\d{4}-\d\d-\d\d [\d:.]+ \w+ \[\d+\] /, '')
    .replace(/\s+/g, ' ')
    .trim();
}
