import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { declarations as ofTheProduct } from './commands/index';
import type { CommandDeclaration, Declaration, OptionDeclaration } from './declaration';

const NOTES = `
Instants are written with their zone: 2026-01-31T23:59:00Z.
Secrets enter by standard input. With --json one JSON object is printed, or for a list one per line.
Commands call the administration API as the principal in COUNTERSIGN_PRINCIPAL_FILE, else as who has run login, or work on the database and the key ring of the environment: those have --as.
In development, commands use the data folder that --data-dir or COUNTERSIGN_DATA_DIR names, or that a start of yours made here.
In development, start runs the service with data in this folder, stop ends it, and reset also deletes the data.
Exit codes: 0 done, 1 failed, 2 wrong call or environment, 3 refused, 4 not found, 5 database or service away.`;

type Run = (declaration: CommandDeclaration, command: Command) => Promise<void>;

export function createProgram(run: Run, declarations: readonly Declaration[] = ofTheProduct): Command {
  const program = new Command('countersign')
    .description('Administers Countersign.')
    .version(versionOf(__dirname), '-V, --version', 'print the version')
    .addHelpText('after', NOTES);
  for (const declaration of declarations) {
    const command = program.command(declaration.name).description(declaration.description);
    if ('commands' in declaration)
      for (const [name, inner] of Object.entries(declaration.commands))
        fill(command.command(name).summary(inner.description), inner, run);
    else fill(command, declaration, run);
  }
  for (const command of program.commands) finish(command, [command.name()]);
  return finish(program, []);
}

function fill(command: Command, declaration: CommandDeclaration, run: Run): void {
  const { description, details } = declaration;
  command.description(details ? `${description}\n\n${details}` : description);
  for (const [flags, taken] of Object.entries(declaration.takes)) {
    const option = typeof taken === 'string' ? { description: taken } : taken;
    if (flags.startsWith('-')) command.addOption(optionOf(flags, option));
    else command.argument(flags, option.description);
  }
  command.action(() => run(declaration, command));
}

function optionOf(flags: string, declared: OptionDeclaration): Option {
  const option = new Option(flags, declared.description).makeOptionMandatory(declared.isNeeded === true);
  if (declared.words) option.choices(declared.words);
  if (declared.isRepeated === true)
    option.argParser((text, earlier: readonly string[] | undefined) => [...(earlier ?? []), text]);
  return declared.default === undefined ? option : option.default(declared.default);
}

function finish(command: Command, path: readonly string[]): Command {
  for (const inner of command.commands) if (path.length > 0) finish(inner, [...path, inner.name()]);
  const isLeaf = command.commands.length === 0;
  if (isLeaf) command.option('--json', 'print JSON: one object, or for a list one object per line');
  return command
    .helpCommand(path.length === 0)
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError(`Help: ${['countersign', ...path, '--help'].join(' ')}`)
    .configureHelp({
      subcommandDescription: describe,
      subcommandTerm: (inner) => inner.name(),
      commandUsage: usageOf,
    });
}

function describe(command: Command): string {
  const inner = command.commands.map((one) => one.name());
  return inner.length === 0
    ? command.summary() || command.description()
    : `${command.description()}: ${inner.join(', ')}`;
}

function usageOf(command: Command): string {
  const path: string[] = [];
  for (let at: Command | null = command; at; at = at.parent) path.unshift(at.name());
  const needed = command.options.filter((option) => option.mandatory).map(({ flags }) => flags);
  return [...path, ...needed, command.usage()].join(' ');
}

/** Reads the package.json above. Sources and build output have different depths. */
function versionOf(folder: string): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return versionOf(dirname(folder));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
