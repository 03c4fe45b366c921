import { writeSync } from 'node:fs';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

const STANDARD_OUTPUT = 1;

/** A batch of lines is written at this length in characters, or after this time. */
const WRITE_AT_LENGTH = 65_536;
const WRITE_AFTER_MS = 100;

/** If unread lines exceed this size, they are dropped, and the service continues. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;

/** Callers pass ids and codes, never a token, a secret or a personal field. Errors are reduced to safe fields. */
export abstract class Logger {
  abstract trace(fields: object, message: string): void;
  abstract debug(fields: object, message: string): void;
  abstract info(fields: object, message: string): void;
  abstract warn(fields: object, message: string): void;
  abstract error(fields: object, message: string): void;
  abstract fatal(fields: object, message: string): void;
}

export function createLogger(level: string, destination?: DestinationStream): PinoLogger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (error: unknown) => safeError(error) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Does not wait for the reader. It buffers here: a destination with `minLength` never exits without a reader. */
export function standardOutput(): DestinationStream {
  const output = pino.destination({ dest: STANDARD_OUTPUT, sync: false, maxLength: MAX_UNREAD_BYTES });
  let lines = '';
  let timer: NodeJS.Timeout | null = null;
  const take = (): string => {
    if (timer) clearTimeout(timer);
    timer = null;
    const taken = lines;
    lines = '';
    return taken;
  };
  const flush = (): void => {
    output.write(take());
  };
  process.on('exit', () => writeLast(take()));
  return {
    write: (line) => {
      lines += line;
      if (lines.length >= WRITE_AT_LENGTH) flush();
      else timer ??= setTimeout(flush, WRITE_AFTER_MS).unref();
    },
  };
}

function writeLast(lines: string): void {
  try {
    if (lines !== '') writeSync(STANDARD_OUTPUT, lines);
  } catch {
    // The reader has gone.
  }
}

interface LoggedError {
  readonly type: string;
  readonly code?: string;
  readonly stack: readonly string[];
  readonly cause?: LoggedError;
}

interface ErrorLike {
  readonly name?: string;
  readonly code?: unknown;
  readonly stack?: string;
  readonly cause?: unknown;
  readonly driverError?: unknown;
}

/** Class, code and stack of an error, without the message: PostgreSQL and JSON errors quote values in it. */
export function safeError(error: unknown, depth = 0): LoggedError {
  const { name, code, stack, cause, driverError } = (error ?? {}) as ErrorLike;
  const inner = driverError ?? cause;
  const lines = (stack ?? '').split('\n').map((line) => line.trim());
  return {
    type: name ?? typeof error,
    ...(typeof code === 'string' ? { code } : {}),
    stack: lines.filter((line) => line.startsWith('at ')).slice(0, 12),
    ...(inner && depth < 3 ? { cause: safeError(inner, depth + 1) } : {}),
  };
}
