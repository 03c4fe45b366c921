import { NestFactory } from '@nestjs/core';
import { readConfiguration } from '@countersign/config';
import { KeyChecks, MIGRATE_COMMAND, Schema } from '@countersign/database';
import { createLogger, NestLogger } from '@countersign/observability';
import { CliModule } from './cli.module';
import { parseCall, type Answer, type Call, type Command, type Connected, type Terminal } from './command';
import { applicationCommands } from './commands/application';
import { botCommands } from './commands/bot';
import { explainCommands } from './commands/explain';
import { fakeTelegramCommands } from './commands/fake-telegram';
import { identityKeyCommands } from './commands/identity-key';
import { keysCommands } from './commands/keys';
import { migrateCommands } from './commands/migrate';
import { identityCommands } from './commands/identity';
import { peopleCommands } from './commands/people';
import { rapidpaceCommands } from './commands/rapidpace';
import { USAGE, UsageError } from './usage';

const commands: Record<string, Command> = {
  ...applicationCommands,
  ...botCommands,
  ...explainCommands,
  ...fakeTelegramCommands,
  ...identityKeyCommands,
  ...keysCommands,
  ...migrateCommands,
  ...identityCommands,
  ...peopleCommands,
  ...rapidpaceCommands,
};

/** @returns the exit code. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  if (words.length === 0 || words.includes('--help') || words[0] === 'help') {
    terminal.write(`${USAGE}\n`);
    return words.length === 0 ? 2 : 0;
  }
  const name = [words.slice(0, 2).join(' '), words[0] ?? ''].find((candidate) =>
    Object.hasOwn(commands, candidate),
  );
  const command = name === undefined ? undefined : commands[name];
  if (!command || name === undefined) throw new UsageError(`There is no such command.\n\n${USAGE}`);
  const call = parseCall(words.slice(name.split(' ').length), command.options);
  const answer =
    command.run.kind === 'plain'
      ? await command.run.execute(call, terminal)
      : await runConnected(command.run.execute, call, terminal);
  terminal.write(call.isJson ? `${JSON.stringify(answer.json)}\n` : `${answer.text}\n`);
  return answer.exitCode ?? 0;
}

async function runConnected(execute: Connected, call: Call, terminal: Terminal): Promise<Answer> {
  const configuration = readConfiguration(terminal.environment);
  const logger = createLogger('silent');
  const app = await NestFactory.createApplicationContext(CliModule.of(configuration, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  try {
    const missing = await app.get(Schema).missing();
    if (missing.length > 0) throw new UsageError(`The database schema is behind: run ${MIGRATE_COMMAND}`);
    await app.get(KeyChecks).verify();
    return await execute(call, app, terminal);
  } finally {
    await app.close();
  }
}
