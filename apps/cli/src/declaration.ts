import type { INestApplicationContext } from '@nestjs/common';
import type { Keyset } from '@countersign/http';
import type { FeatureLibs } from '../../api/src/features';
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
export type Libs = typeof business & FeatureLibs;

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

/** How a list is printed: its columns, and the text when it is empty, which is the line of headings by default. */
interface Listed<T> {
  readonly columns: Cells<T>;
  readonly none?: string;
}

interface List<T> extends Listed<T> {
  readonly read: Connected<readonly T[]>;
}

/** A command, by what it does. */
interface Kinds {
  /** Needs no database, or opens it itself. */
  plain(run: CommandDeclaration['run']): CommandDeclaration;
  /** Does something, and says what. */
  act(run: Connected<Answer>): CommandDeclaration;
  /** Prints one object: the fields that are named, or else all that it has. */
  show<T extends object>(get: Connected<T>, cells?: Cells<T>): CommandDeclaration;
  /** Prints a list: objects for programs, columns of them for people. */
  list<T extends object>(list: List<T>): CommandDeclaration;
}

export function command(description: string, takes: Takes = {}): Kinds {
  const plain: Kinds['plain'] = (run) => ({ description, takes, run });
  const act: Kinds['act'] = (run) => ({
    description,
    takes: { ...takes, '--as <name>': 'who calls, for the audit trail; the system user by default' },
    run: (_call, connect) => connect(run),
  });
  return {
    plain,
    act,
    show: (get, cells) =>
      act(async (...context) => {
        const json = await get(...context);
        return { json, text: cells ? fieldsOf(json, cells) : listing(json) };
      }),
    list: ({ read, ...listed }) => act(async (...context) => answerOf(await read(...context), listed)),
  };
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
