import { AppError, type Result } from '@countersign/errors';
import {
  canonicalString,
  parsePlayerBody,
  rapidpaceRefusals,
  readPlayer,
  signRecord,
  type RapidpaceRefusal,
} from '@countersign/rapidpace';
import { uuidOption, type Call } from '../call';
import { command, group, needed, type Answer, type Takes } from '../declaration';
import { UsageError } from '../errors';
import { secret as secretOption } from '../options';

const one: Takes = { '--application <applicationId>': needed('application of the campaign') };

export const rapidpace = group('rapidpace', 'secrets of Rapidpace campaigns (docs/rapidpace.md)', {
  'add-secret': command('add the secret that Rapidpace signs with', {
    ...one,
    '--secret-stdin': 'read the secret from standard input',
  }).act(async (call, app, { applications }) => {
    const applicationId = uuidOption(call, 'application');
    if (!call.has('secret-stdin'))
      throw new UsageError('Pass --secret-stdin and the secret on standard input.');
    const secret = (await call.terminal.readInput()).trim();
    const added = await app.get(applications.RapidpaceSecrets).add(applicationId, secret);
    return { json: added, text: `Secret ${added.secretId}` };
  }),
  'list-secrets': command('list the secrets, by id', one).act(async (call, app, { applications }) => {
    const applicationId = uuidOption(call, 'application');
    const secrets = await app.get(applications.RapidpaceSecrets).list(applicationId);
    const lines = secrets.map(({ secretId, createdAt }) => `${secretId}  ${createdAt.toISOString()}`);
    return { json: { applicationId, secrets }, text: lines.join('\n') || 'No secret' };
  }),
  'remove-secret': command('remove a secret', { ...one, ...secretOption }).act(
    async (call, app, { applications }) => {
      const applicationId = uuidOption(call, 'application');
      const secretId = uuidOption(call, 'secret');
      await app.get(applications.RapidpaceSecrets).remove(applicationId, secretId);
      return { json: { secretId }, text: `Secret ${secretId} is removed` };
    },
  ),
  sign: command('sign a record as Rapidpace does; needs no database', {
    '--secret-stdin': 'standard input is the secret in its first line, then the record as JSON',
  }).plain(sign),
});

async function sign(call: Call): Promise<Answer> {
  if (!call.has('secret-stdin'))
    throw new UsageError('Pass --secret-stdin: the secret in the first line, then the record as JSON.');
  const { secret, body } = splitInput(await call.terminal.readInput());
  const record = required(parsePlayerBody(body));
  required(readPlayer(record));
  const json = { canonical: canonicalString(record), signature: signRecord(record, secret) };
  return { json, text: `${json.canonical}\n${json.signature}` };
}

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
