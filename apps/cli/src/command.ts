import { parseArgs, type ParseArgsConfig } from 'node:util';
import { isUUID } from 'class-validator';
import type { INestApplicationContext } from '@nestjs/common';
import { UsageError, USAGE } from './usage';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** What a command was called with. */
export interface Call {
  readonly positionals: readonly string[];
  /** @throws UsageError when the option is absent. */
  required(name: string): string;
  optional(name: string): string | undefined;
  all(name: string): readonly string[];
  has(name: string): boolean;
}

/** The world of a command: replaced in tests. */
export interface Terminal {
  readonly environment: NodeJS.ProcessEnv;
  /** Standard input to its end, without the line break that `echo` adds. */
  readInput(): Promise<string>;
  write(text: string): void;
  /** Calls back at Ctrl-C, once: for a command that goes on after it has answered. */
  onInterrupt(listener: () => void): void;
}

/** What a command answers: an object for `--json`, and lines for people. */
export interface Answer {
  readonly json: object;
  readonly text: string;
  readonly exitCode?: number;
}

/** Runs with the business modules, and so with the database. */
export type Connected = (call: Call, app: INestApplicationContext, terminal: Terminal) => Promise<Answer>;

export interface Command {
  readonly options: Options;
  readonly run:
    | { readonly kind: 'plain'; readonly execute: (call: Call, terminal: Terminal) => Promise<Answer> }
    | { readonly kind: 'connected'; readonly execute: Connected };
}

export function parseCall(words: readonly string[], options: Options): Call & { readonly isJson: boolean } {
  const { values, positionals } = parse(words, options);
  const textOf = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals,
    isJson: values['json'] === true,
    has: (name) => values[name] !== undefined && values[name] !== false,
    optional: textOf,
    all: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
    },
    required: (name) => {
      const value = textOf(name);
      if (value === undefined || value === '') throw new UsageError(`--${name} is missing.\n\n${USAGE}`);
      return value;
    },
  };
}

function parse(words: readonly string[], options: Options): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({
      args: [...words],
      options: { ...options, json: { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** @throws UsageError naming the option and what it takes. */
export function choose<const T extends string>(name: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === given);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${allowed.join(', ')}.`);
  return found;
}

/** @throws UsageError naming the option when the text is not a UUID. */
export function uuid(name: string, text: string): string {
  if (!isUUID(text)) throw new UsageError(`--${name} must be a UUID.`);
  return text.toLowerCase();
}
