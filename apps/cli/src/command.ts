import { Option, type Command } from 'commander';
import type { INestApplicationContext } from '@nestjs/common';
import type { ExitCode } from './exit-codes';
import { UsageError } from './usage';

/** The arguments and options of a command. */
export interface Call {
  readonly positionals: readonly string[];
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
  write(text: string): void;
  /** Resolves when more can be written, for a long output: with `false` when its reader is gone. */
  drained?(): Promise<boolean>;
  /** Calls back at Ctrl-C, once: for a command that keeps running after its output. */
  onInterrupt(listener: () => void): void;
  /** Opens the application of a command. One that is opened by it stays open afterwards. */
  readonly openApplication?: (environment: NodeJS.ProcessEnv) => Promise<INestApplicationContext>;
}

/** The output of a command: for `--json` an object, or for a list one object per line; and lines for people. */
export interface Answer {
  readonly json: object | readonly object[];
  /** Empty when the command has written its output itself. */
  readonly text: string;
  readonly exitCode?: ExitCode;
}

export type Plain = (call: Call, terminal: Terminal) => Promise<Answer>;

/** Runs with the business modules, and so with the database. */
export type Connected = (call: Call, app: INestApplicationContext, terminal: Terminal) => Promise<Answer>;

/** An action of commander: its last argument is the command. */
type Action = (...given: unknown[]) => Promise<void>;

/** Makes commander actions from commands. */
export interface Actions {
  readonly plain: (execute: Plain) => Action;
  /** Loaded lazily: the module imports Nest, TypeORM and the libs, which takes seconds. */
  readonly connected: <K extends string>(
    load: () => Promise<Readonly<Record<K, Connected>>>,
    name: K,
  ) => Action;
}

/** Adds the commands of a feature to the program. */
export type Declare = (program: Command, actions: Actions) => void;

/** The parsed arguments, by the names of the options as they are typed. */
export function callOf(command: Command): Call {
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

/** A required option. Commander checks for it before it checks for misspelt options, and would hide those. */
export class NeededOption extends Option {
  /** Reports the first that is absent. */
  static check(command: Command): void {
    const absent = command.options.find(
      (option) =>
        option instanceof NeededOption && command.getOptionValue(option.attributeName()) === undefined,
    );
    if (absent) command.error(`${absent.long ?? absent.flags} is missing.`);
  }
}

/** Refuses `--name --json`: commander would take the second as the name. `--name=--json` is one. */
export function refuseForgottenValue(command: Command, words: readonly string[]): void {
  const takesValue = (word: string): boolean =>
    command.options.some(({ long, required }) => required && long === word);
  const forgotten = words.find((word, place) => takesValue(word) && /^-./.test(words[place + 1] ?? ''));
  if (forgotten !== undefined) command.error(`${forgotten} needs a value.`);
}

/** An option with a closed list of words. The help lists them, `choose` checks them. */
export function wordOption(
  flags: string,
  description: string,
  words: readonly string[],
  Kind = Option,
): Option {
  return new Kind(flags, description).choices(words).argParser((text) => text);
}

/** An option that may be given several times. */
export function repeatedOption(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be repeated`).argParser(
    (text, earlier: readonly string[] | undefined) => [...(earlier ?? []), text],
  );
}

/** Reads the value of an option that may be absent. @throws what `read` throws */
export function ifGiven<T>(call: Call, name: string, read: (name: string, text: string) => T): T | undefined {
  const text = call.optional(name);
  return text === undefined ? undefined : read(name, text);
}

/** Like `ifGiven`, for a closed list of words. @throws UsageError naming the option and its words. */
export function chooseIfGiven<const T extends string>(
  call: Call,
  name: string,
  allowed: readonly T[],
): T | undefined {
  return ifGiven(call, name, (_, text) => choose(name, text, allowed));
}

/** @throws UsageError naming the option and its words. */
export function choose<const T extends string>(name: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === given);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${allowed.join(', ')}.`);
  return found;
}

const REASON = /^[\w.#/-]{1,64}$/;

/** A word or the number of a request: free text could hold what the audit trail must not. @throws UsageError */
export function reasonOf(call: Call): string {
  const reason = call.required('reason');
  if (!REASON.test(reason))
    throw new UsageError('--reason must be a word or a number of a request: letters, digits and . _ - # /.');
  return reason;
}

/** @throws UsageError naming the option when the text is not a whole number within the bounds. */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!(number >= least && number <= most))
    throw new UsageError(`--${name} must be a whole number from ${least} to ${most}.`);
  return number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws UsageError naming the option when the text is not a UUID. */
export function uuid(name: string, text: string): string {
  if (!UUID.test(text)) throw new UsageError(`--${name} must be a UUID.`);
  return text.toLowerCase();
}

/**
 * The first argument of a command, or the value of the option that may stand for it.
 * @throws UsageError naming the argument or the option when the text is not a UUID.
 */
export function uuidArgument(call: Call, name: string, option?: string): string {
  const [text = ''] = call.positionals;
  if (text === '' && option !== undefined) return uuid(option, call.required(option));
  if (!UUID.test(text)) throw new UsageError(`<${name}> must be a UUID.`);
  return text.toLowerCase();
}
