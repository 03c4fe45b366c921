import type { LoggerService } from '@nestjs/common';
import { safeError, type Logger } from './logger';

/** Writes Nest's messages as structured lines. Lines for each module and route at a start have the level `trace`. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(fieldsOf(rest), textOf(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(fieldsOf(rest), textOf(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const err = message instanceof Error ? { err: message } : {};
    this.logger.error({ ...fieldsOf(rest), ...err }, textOf(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(fieldsOf(rest), textOf(message));
  }
}

function fieldsOf(rest: readonly unknown[]): object {
  const context = rest.at(-1);
  return typeof context === 'string' && !context.includes('\n') ? { context } : {};
}

function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  return message instanceof Error ? safeError(message).type : 'message';
}
