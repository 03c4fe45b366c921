import type { INestApplicationContext } from '@nestjs/common';
import type { Keyset } from '@countersign/http';
import { limitOf, type Call } from './call';
import type { ExitCode } from './exit-codes';
import type * as business from './lazy/business';
import { cellOf, fieldsOf, listing, tableOf, type Cell, type Cells } from './output';

/** The output of a command: for `--json` an object, or for a list one object per line; and lines for people. */
export interface Answer {
  readonly json: object | readonly object[];
  /** Empty when the command has written its output itself. */
  readonly text: string;
  readonly exitCode?: ExitCode;
}

/** An option that is more than a description. */
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

/** What commands use of the business. */
export type Libs = typeof business;

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

interface Taking {
  readonly takes?: Takes;
}

/** A command that needs no database, or opens it itself. */
export function plain(
  description: string,
  { takes = {}, run }: Taking & Pick<CommandDeclaration, 'run'>,
): CommandDeclaration {
  return { description, takes, run };
}

/** A command that does something, and says what. */
export function act(
  description: string,
  { takes = {}, run }: Taking & { readonly run: Connected<Answer> },
): CommandDeclaration {
  return { description, takes, run: (_call, connect) => connect(run) };
}

/** A command that prints one object: the fields that are named, or else all that it has. */
export function show<T extends object>(
  description: string,
  { takes = {}, get, fields }: Taking & { readonly get: Connected<T>; readonly fields?: Cells<T> },
): CommandDeclaration {
  return act(description, {
    takes,
    run: async (...given) => {
      const json = await get(...given);
      return { json, text: fields ? fieldsOf(json, fields) : listing(json) };
    },
  });
}

/** How a list is printed: its columns, and the text when it is empty, which is the line of headings by default. */
interface Listed<T> {
  readonly columns: Cells<T>;
  readonly none?: string;
}

/** A command that prints a list: objects for programs, columns of them for people. */
export function list<T extends object>(
  description: string,
  { takes = {}, read, ...listed }: Taking & { readonly read: Connected<readonly T[]> } & Listed<T>,
): CommandDeclaration {
  return act(description, { takes, run: async (...given) => answerOf(await read(...given), listed) });
}

/** A list, for a command that prints one of several. */
export function answerOf<T extends object>(json: readonly T[], { columns, none }: Listed<T>): Answer {
  return { json, text: json.length === 0 && none !== undefined ? none : tableOf(json, columns) };
}

/**
 * As many rows as `--limit` wants of a list that is read in pages.
 * @param id which tells where the next page begins
 */
export async function readUpTo<Row>(
  call: Call,
  read: (keyset: Keyset) => Promise<readonly Row[]>,
  id: Cell<Row>,
): Promise<readonly Row[]> {
  const { admin } = await import('./lazy/business.js');
  return admin.readUpTo(limitOf(call), read, (row) => cellOf(row, id));
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

/** The value without fields that are `undefined`. */
export function given<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
