import { openSync, writeSync } from 'node:fs';

const LOUD = ['warn', 'error', 'fatal'];

/** The log of one start. A file has all lines. The screen shows warnings and errors as text. */
export class ServiceLog {
  private readonly file: number;

  constructor(
    path: string,
    private readonly screen: Pick<NodeJS.WriteStream, 'write'> = process.stderr,
  ) {
    this.file = openSync(path, 'w', 0o600);
  }

  write(line: string): void {
    writeSync(this.file, line);
    const { level = 'error', msg = line.trim(), err } = parsed(line);
    if (!LOUD.includes(level)) return;
    const reason = err ? ` (${[err.type, err.code].filter(Boolean).join(' ')})` : '';
    this.screen.write(`${level}: ${msg}${reason}\n`);
  }
}

interface Line {
  readonly level?: string;
  readonly msg?: string;
  readonly err?: { readonly type?: string; readonly code?: string };
}

function parsed(line: string): Line {
  try {
    return (JSON.parse(line) as Line | null) ?? {};
  } catch {
    return {};
  }
}
