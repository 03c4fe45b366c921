import { AppError, type Result } from '@countersign/errors';
import {
  canonicalString,
  parsePlayerBody,
  rapidpaceRefusals,
  readPlayer,
  signRecord,
  type RapidpaceRefusal,
} from '@countersign/rapidpace';
import { NeededOption, type Declare, type Plain } from '../command';
import { UsageError } from '../usage';

const actions = () => import('./rapidpace.actions.js');

export const declareRapidpace: Declare = (program, { connected, plain }) => {
  const group = program
    .command('rapidpace')
    .description('secrets of Rapidpace campaigns (docs/rapidpace.md)');
  const ofApplication = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .addOption(new NeededOption('--application <applicationId>', 'application of the campaign'));
  ofApplication('add-secret', 'add the secret that Rapidpace signs with')
    .option('--secret-stdin', 'read the secret from standard input')
    .action(connected(actions, 'addSecret'));
  ofApplication('list-secrets', 'list the secrets, by id').action(connected(actions, 'listSecrets'));
  ofApplication('remove-secret', 'remove a secret')
    .addOption(new NeededOption('--secret <secretId>', 'the secret, as list-secrets names it'))
    .action(connected(actions, 'removeSecret'));
  group
    .command('sign')
    .description('sign a record as Rapidpace does; needs no database')
    .option('--secret-stdin', 'standard input is the secret in its first line, then the record as JSON')
    .action(plain(sign));
};

const sign: Plain = async (call, terminal) => {
  if (!call.has('secret-stdin'))
    throw new UsageError('Pass --secret-stdin: the secret in the first line, then the record as JSON.');
  const { secret, body } = splitInput(await terminal.readInput());
  const record = required(parsePlayerBody(body));
  required(readPlayer(record));
  const json = { canonical: canonicalString(record), signature: signRecord(record, secret) };
  return { json, text: `${json.canonical}\n${json.signature}` };
};

function splitInput(input: string): { secret: string; body: string } {
  const [, line, body] = /^([^\r\n]+)\r?\n(.*)$/s.exec(input) ?? [];
  // Stored without surrounding whitespace.
  const secret = line?.trim();
  if (!secret || body === undefined) {
    throw new UsageError(
      'Standard input needs the secret in its first line, and the record as JSON after it.',
    );
  }
  return { secret, body };
}

function required<T>(result: Result<T, RapidpaceRefusal>): T {
  if (!result.ok) throw new AppError(result.code, rapidpaceRefusals[result.code]);
  return result.value;
}
