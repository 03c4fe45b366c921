import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { NeededOption, type Actions, type Declare } from './command';
import { declareApplication } from './commands/application';
import { declareAudit } from './commands/audit';
import { declareBot } from './commands/bot';
import { declareExplain } from './commands/explain';
import { declareFakeTelegram } from './commands/fake-telegram';
import { declareIdentity } from './commands/identity';
import { declareIdentityKey } from './commands/identity-key';
import { declareInvitation } from './commands/invitation';
import { declareChain } from './commands/chain';
import { declareJob } from './commands/job';
import { declareKeys } from './commands/keys';
import { declareLedger } from './commands/ledger';
import { declareMigrate } from './commands/migrate';
import { declarePrincipal } from './commands/principal';
import { declareRapidpace } from './commands/rapidpace';
import { declareReferral } from './commands/referral';
import { declareSession } from './commands/session';
import { declareTeam } from './commands/team';
import { declareUser } from './commands/user';
import { declareWallet } from './commands/wallet';
import { declareWebhook } from './commands/webhook';

const features: readonly Declare[] = [
  declareApplication,
  declareBot,
  declareUser,
  declareSession,
  declareIdentity,
  declareIdentityKey,
  declareChain,
  declareJob,
  declareKeys,
  declareLedger,
  declareMigrate,
  declarePrincipal,
  declareTeam,
  declareInvitation,
  declareReferral,
  declareWallet,
  declareWebhook,
  declareAudit,
  declareRapidpace,
  declareExplain,
  declareFakeTelegram,
];

const NOTES = `
Instants are written with their zone: 2026-01-31T23:59:00Z.
Secrets enter by standard input. With --json one JSON object is printed, or for a list one per line.
The audit trail names who calls: --as, or the system user.
Exit codes: 0 done, 1 failed, 2 wrong call or environment, 3 refused, 4 not found, 5 database or service away.`;

/** All commands, with their options and their help. */
export function createProgram(actions: Actions): Command {
  const program = new Command('countersign')
    .description('Administers Countersign, on the database and the key ring that the environment names.')
    .version(versionOf(__dirname), '-V, --version', 'print the version')
    .addHelpText('after', NOTES);
  for (const declare of features) declare(program, actions);
  program
    .command('help')
    .description('show the help of a command, as --help after it does')
    .argument('[command...]')
    .action(() => program.help());
  for (const command of program.commands) finish(command, [command.name()]);
  return finish(program, []);
}

function finish(command: Command, path: readonly string[]): Command {
  for (const inner of command.commands) if (path.length > 0) finish(inner, [...path, inner.name()]);
  const isLeaf = command.commands.length === 0;
  if (isLeaf && command.name() !== 'help')
    command
      .option('--json', 'print JSON: one object, or for a list one object per line')
      .option('--as <name>', 'who calls, for the audit trail; the system user by default');
  return command
    .helpCommand(false)
    .helpOption('-h, --help', 'show this help')
    .showHelpAfterError(`Help: ${['countersign', ...path, '--help'].join(' ')}`)
    .configureHelp({
      subcommandDescription: describe,
      subcommandTerm: (inner) => inner.name(),
      commandUsage: usageOf,
    });
}

/** A group is described with the commands in it. */
function describe(command: Command): string {
  const inner = command.commands.map((one) => one.name());
  return inner.length === 0 ? command.description() : `${command.description()}: ${inner.join(', ')}`;
}

/** With the required options. */
function usageOf(command: Command): string {
  const path: string[] = [];
  for (let at: Command | null = command; at; at = at.parent) path.unshift(at.name());
  const needed = command.options.filter((option) => option instanceof NeededOption).map(({ flags }) => flags);
  return [...path, ...needed, command.usage()].join(' ');
}

/** Of the package.json above: sources and build output are at different depths. */
function versionOf(folder: string): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return versionOf(dirname(folder));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
