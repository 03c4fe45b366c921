import { RapidpaceSecrets } from '@countersign/applications';
import { AppError, type Result } from '@countersign/errors';
import {
  canonicalString,
  parsePlayerBody,
  rapidpaceRefusals,
  readPlayer,
  signRecord,
  type RapidpaceRefusal,
} from '@countersign/rapidpace';
import { uuid, type Command } from '../command';
import { UsageError } from '../usage';

export const rapidpaceCommands: Record<string, Command> = {
  'rapidpace add-secret': {
    options: { application: { type: 'string' }, 'secret-stdin': { type: 'boolean' } },
    run: {
      kind: 'connected',
      execute: async (call, app, terminal) => {
        const applicationId = uuid('application', call.required('application'));
        if (!call.has('secret-stdin'))
          throw new UsageError('Pass --secret-stdin and the secret on standard input.');
        const secret = (await terminal.readInput()).trim();
        const added = await app.get(RapidpaceSecrets).add(applicationId, secret);
        return { json: added, text: `Secret ${added.secretId}` };
      },
    },
  },
  'rapidpace list-secrets': {
    options: { application: { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const applicationId = uuid('application', call.required('application'));
        const secrets = await app.get(RapidpaceSecrets).list(applicationId);
        const lines = secrets.map(({ secretId, createdAt }) => `${secretId}  ${createdAt.toISOString()}`);
        return { json: { applicationId, secrets }, text: lines.join('\n') || 'No secret' };
      },
    },
  },
  'rapidpace remove-secret': {
    options: { application: { type: 'string' }, secret: { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const applicationId = uuid('application', call.required('application'));
        const secretId = uuid('secret', call.required('secret'));
        await app.get(RapidpaceSecrets).remove(applicationId, secretId);
        return { json: { secretId }, text: `Secret ${secretId} is removed` };
      },
    },
  },
  'rapidpace sign': {
    options: { 'secret-stdin': { type: 'boolean' } },
    run: {
      kind: 'plain',
      execute: async (call, terminal) => {
        if (!call.has('secret-stdin')) {
          throw new UsageError('Pass --secret-stdin: the secret in the first line, then the record as JSON.');
        }
        const { secret, body } = splitInput(await terminal.readInput());
        const record = required(parsePlayerBody(body));
        required(readPlayer(record));
        const json = { canonical: canonicalString(record), signature: signRecord(record, secret) };
        return { json, text: `${json.canonical}\n${json.signature}` };
      },
    },
  },
};

function splitInput(input: string): { secret: string; body: string } {
  const [, line, body] = /^([^\r\n]+)\r?\n(.*)$/s.exec(input) ?? [];
  // As it is stored: blanks around it are no part of it.
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
