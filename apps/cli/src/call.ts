import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import { UsageError } from './errors';

export interface Call {
  readonly positionals: readonly string[];
  /** The first of them, or an empty text. */
  readonly argument: string;
  readonly terminal: Terminal;
  /** @throws UsageError when the option is absent. */
  required(name: string): string;
  optional(name: string): string | undefined;
  all(name: string): readonly string[];
  has(name: string): boolean;
}

/** The environment of a command: replaced in tests. */
export interface Terminal {
  readonly environment: NodeJS.ProcessEnv;
  /** Standard input to its end, without the line break that `echo` adds. */
  readInput(): Promise<string>;
  /** Standard input in chunks, for a long input; absent where the terminal has a short one only. */
  readonly chunks?: () => AsyncIterable<Uint8Array>;
  write(text: string): void;
  /** Resolves when more can be written, for a long output: with `false` when its reader is gone. */
  drained?(): Promise<boolean>;
  /** Calls back at Ctrl-C, once: for a command that keeps running after its output. */
  onInterrupt(listener: () => void): void;
  /** Opens the application of a command. One that is opened by it stays open afterwards. */
  readonly openApplication?: (environment: NodeJS.ProcessEnv) => Promise<INestApplicationContext>;
}

/** The parsed arguments, by the names of the options as they are typed. */
export function callOf(command: Command, terminal: Terminal): Call {
  const valueOf = (name: string): unknown => {
    const option = command.options.find(({ long }) => long === `--${name}`);
    if (!option) throw new Error(`${command.name()} does not declare --${name}`);
    return command.getOptionValue(option.attributeName());
  };
  const optional = (name: string): string | undefined => {
    const value = valueOf(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals: command.args,
    argument: command.args[0] ?? '',
    terminal,
    has: (name) => valueOf(name) !== undefined && valueOf(name) !== false,
    optional,
    all: (name) => {
      const value = valueOf(name);
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    },
    required: (name) => {
      const value = optional(name);
      if (value === undefined || value === '') throw new UsageError(`--${name} is missing.`);
      return value;
    },
  };
}

export function ifGiven<T>(call: Call, name: string, read: (name: string, text: string) => T): T | undefined {
  const text = call.optional(name);
  return text === undefined ? undefined : read(name, text);
}

const REASON = /^[\w.#/-]{1,64}$/;

/** A word or the number of a request: free text could hold what the audit trail must not. @throws UsageError */
export function reasonOf(call: Call): string {
  const reason = call.required('reason');
  if (!REASON.test(reason))
    throw new UsageError('--reason must be a word or a number of a request: letters, digits and . _ - # /.');
  return reason;
}

export const MAX_LIMIT = 10_000;
export const DEFAULT_LIMIT = 100;

/** How many items of a list are wanted. @throws UsageError */
export function limitOf(call: Call): number {
  return ifGiven(call, 'limit', (name, text) => wholeNumber(name, text, 1, MAX_LIMIT)) ?? DEFAULT_LIMIT;
}

/** @throws UsageError naming the option when the text is not a whole number within the bounds. */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!(number >= least && number <= most))
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}.`);
  return number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The value of an option that is a UUID. @throws UsageError */
export function uuidOption(call: Call, name: string): string {
  const text = call.required(name);
  if (!UUID.test(text)) throw new UsageError(`--${name} must be a UUID.`);
  return text.toLowerCase();
}
