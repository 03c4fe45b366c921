import { CommanderError, type Command } from 'commander';
import { callOf, type Terminal } from './call';
import { declarationsIn } from './commands/index';
import type { Answer, CommandDeclaration, Declaration } from './declaration';
import { UsageError, exitCodes, type ExitCode } from './errors';
import { jsonOf } from './output';
import { createProgram } from './program';

/** @param declarations by default, the commands of the features in use @returns the exit code */
export async function runCommand(
  words: readonly string[],
  terminal: Terminal,
  declarations: readonly Declaration[] = declarationsIn(terminal.environment),
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const run = async (declaration: CommandDeclaration, command: Command): Promise<void> => {
    const call = callOf(command, terminal);
    const answer = await declaration.run(call, async (execute) => {
      const { runConnected } = await import('./connect.js');
      return runConnected(execute, call);
    });
    const isJson = command.getOptionValue('json') === true;
    if (isJson || answer.text !== '') terminal.write(isJson ? linesOf(answer.json) : `${answer.text}\n`);
    exitCode = answer.exitCode ?? exitCodes.ok;
  };
  const program = createProgram(run, declarations);
  let complaint = '';
  forEach(program, (command) =>
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.write(text),
      writeErr: (text) => {
        complaint += text;
      },
      outputError: () => undefined,
    }),
  );
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.ok;
    if (error.code !== 'commander.help') throw new UsageError(`${sentenceOf(error)}\n\n${complaint.trim()}`);
    terminal.write(complaint);
    return exitCodes.usage;
  }
  return exitCode;
}

function linesOf(json: Answer['json']): string {
  const objects = Array.isArray(json) ? (json as readonly object[]) : [json];
  return objects.map((object) => `${jsonOf(object)}\n`).join('');
}

function forEach(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const inner of command.commands) forEach(inner, visit);
}

/** Only this text may be a mistyped name. Any other could be a secret in the wrong place. */
const MISTYPED = /^unknown (?:option|command) '(-{0,2}[a-z-]{1,24})(?:=|'(?:\n|$))/;

function sentenceOf({ code, message }: CommanderError): string {
  const text = message.replace(/^error: /, '');
  const name = /'(?:-\w, )?(-*[\w-]+)/.exec(text)?.[1] ?? '';
  if (code === 'commander.missingArgument') return `<${name}> is missing.`;
  if (code === 'commander.missingMandatoryOptionValue') return `${name} is missing.`;
  if (code === 'commander.optionMissingArgument') return `${name} needs a value.`;
  const choices = /Allowed choices are (.*\.)$/.exec(text)?.[1];
  if (choices !== undefined) return `${name} must be one of ${choices}`;
  const unknown = /^unknown (option|command)/.exec(text)?.[1];
  if (unknown === undefined) return `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/\.?$/, '.');
  const mistyped = MISTYPED.exec(text)?.[1];
  const suggestion = /\n\(Did you mean .*\?\)$/.exec(text)?.[0] ?? '';
  return `Unknown ${unknown}${mistyped === undefined ? '' : ` '${mistyped}'`}.${suggestion}`;
}
