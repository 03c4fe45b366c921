import type { INestApplicationContext } from '@nestjs/common';
import type { Call } from './call';
import type { ExitCode } from './errors';
import type * as business from './lazy/business';

/** The output of a command: for `--json` an object, or for a list one object per line; and lines for people. */
export interface Answer {
  readonly json: object | readonly object[];
  /** Empty when the command has written its output itself. */
  readonly text: string;
  readonly exitCode?: ExitCode;
}

export interface OptionDeclaration {
  readonly description: string;
  readonly isNeeded?: boolean;
  readonly isRepeated?: boolean;
  /** The words that it may have. The help lists them, `choose` checks them. */
  readonly words?: readonly string[];
  readonly default?: string;
}

/** Arguments (`<name>`, `[name]`, `<name...>`) and options (`--name <value>`, `--name`), in the order of the help. */
export type Takes = Readonly<Record<string, string | OptionDeclaration>>;

type Libs = typeof business;

/** Runs with the business modules, and so with the database. */
export type Connected<Result> = (call: Call, app: INestApplicationContext, libs: Libs) => Promise<Result>;

/** A command, as plain data: nothing is loaded before it runs. */
export interface CommandDeclaration {
  readonly description: string;
  readonly takes: Takes;
  /** @param connect opens the business modules */
  readonly run: (call: Call, connect: (execute: Connected<Answer>) => Promise<Answer>) => Promise<Answer>;
}

export interface GroupDeclaration {
  readonly name: string;
  readonly description: string;
  readonly commands: Readonly<Record<string, CommandDeclaration>>;
}

/** What a file of `commands/` declares: a group of commands, or one command. */
export type Declaration = GroupDeclaration | (CommandDeclaration & { readonly name: string });

/** Commands whose first word is `name`, by their second. */
export function group(
  name: string,
  description: string,
  commands: GroupDeclaration['commands'],
): GroupDeclaration {
  return { name, description, commands };
}

interface Kinds {
  /** Needs no database, or opens it itself. */
  plain(run: CommandDeclaration['run']): CommandDeclaration;
  /** Does something, and says what. */
  act(run: Connected<Answer>): CommandDeclaration;
}

export function command(description: string, takes: Takes = {}): Kinds {
  const plain: Kinds['plain'] = (run) => ({ description, takes, run });
  const act: Kinds['act'] = (run) => ({
    description,
    takes: { ...takes, '--as <name>': 'who calls, for the audit trail; the system user by default' },
    run: (_call, connect) => connect(run),
  });
  return { plain, act };
}

export function needed(description: string): OptionDeclaration {
  return { description, isNeeded: true };
}

export function repeated(description: string): OptionDeclaration {
  return { description: `${description}; may be repeated`, isRepeated: true };
}

export function oneOf(
  words: readonly string[],
  description: string,
  more: Pick<OptionDeclaration, 'default' | 'isNeeded'> = {},
): OptionDeclaration {
  return { description, words, ...more };
}
