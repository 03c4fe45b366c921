import type { INestApplicationContext } from '@nestjs/common';
import type { Call } from './call';
import type { ExitCode } from './errors';
import type * as business from './lazy/business';

export interface Answer {
  /** Printed for `--json`. A list gives one object per line. */
  readonly json: object | readonly object[];
  /** Empty if the command wrote its output itself. */
  readonly text: string;
  readonly exitCode?: ExitCode;
}

export interface OptionDeclaration {
  readonly description: string;
  readonly isNeeded?: boolean;
  readonly isRepeated?: boolean;
  readonly words?: readonly string[];
  readonly default?: string;
}

/** Arguments (`<name>`, `[name]`, `<name...>`) and options (`--name <value>`, `--name`) in the order of the help. */
export type Takes = Readonly<Record<string, string | OptionDeclaration>>;

export type Connected = (call: Call, app: INestApplicationContext, libs: typeof business) => Promise<Answer>;

/** A command as plain data: nothing is loaded before it runs. */
export interface CommandDeclaration {
  readonly description: string;
  readonly details?: string;
  readonly takes: Takes;
  readonly run: (call: Call, connect: (execute: Connected) => Promise<Answer>) => Promise<Answer>;
}

export interface GroupDeclaration {
  readonly name: string;
  readonly description: string;
  readonly commands: Readonly<Record<string, CommandDeclaration>>;
}

export type Declaration = GroupDeclaration | (CommandDeclaration & { readonly name: string });

interface Kinds {
  /** This kind needs no database, or opens it itself. */
  plain(run: CommandDeclaration['run']): CommandDeclaration;
  act(run: Connected): CommandDeclaration;
}

export function command(description: string, takes: Takes = {}): Kinds {
  return {
    plain: (run) => ({ description, takes, run }),
    act: (run) => ({
      description,
      takes: { ...takes, '--as <name>': 'who calls, for the audit trail; the system user by default' },
      run: (_call, connect) => connect(run),
    }),
  };
}

export function needed(description: string): OptionDeclaration {
  return { description, isNeeded: true };
}

export function repeated(description: string): OptionDeclaration {
  return { description: `${description}; may be repeated`, isRepeated: true };
}
