import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import { UsageError } from './errors';
import { printable } from './output';

export interface Call {
  readonly positionals: readonly string[];
  readonly argument: string;
  readonly terminal: Terminal;
  required(name: string): string;
  optional(name: string): string | undefined;
  all(name: string): readonly string[];
  has(name: string): boolean;
}

export interface Terminal {
  readonly environment: NodeJS.ProcessEnv;
  /** Standard input to its end, without the line break that `echo` adds. */
  readInput(): Promise<string>;
  /** Standard input in chunks, for a long input. Absent if the terminal only has a short one. */
  readonly chunks?: () => AsyncIterable<Uint8Array>;
  write(text: string): void;
  /** Writes a line to the person, apart from the output that programs read. */
  notify(line: string): void;
  /** Resolves when more can be written. `false` means that the reader is gone. */
  drained?(): Promise<boolean>;
  onInterrupt(listener: () => void): void;
  /** Opens the application of a command. This application stays open after the command. */
  readonly openApplication?: (environment: NodeJS.ProcessEnv) => Promise<INestApplicationContext>;
}

export function announceReceiver(terminal: Terminal, url: string): void {
  terminal.notify(`Secrets of this command are sent to ${printable(url)}.`);
}

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

export function wholeNumber(call: Call, name: string, least: number, most: number): number {
  const text = call.required(name);
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!(number >= least && number <= most))
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}.`);
  return number;
}
