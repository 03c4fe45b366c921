import { AppError, type Result } from '@countersign/errors';
import type { RapidpaceRefusal } from '@countersign/rapidpace';
import type { Call } from '../call';
import { command, group, type Answer } from '../declaration';
import { UsageError } from '../errors';

export const rapidpace = group('rapidpace', 'records of Rapidpace campaigns (docs/rapidpace.md)', {
  sign: command('sign a record as Rapidpace does; needs no database', {
    '--secret-stdin': 'standard input is the secret in its first line, then the record as JSON',
  }).plain(sign),
});

async function sign(call: Call): Promise<Answer> {
  if (!call.has('secret-stdin'))
    throw new UsageError('Pass --secret-stdin: the secret in the first line, then the record as JSON.');
  const { secret, body } = splitInput(await call.terminal.readInput());
  const { canonicalString, parsePlayerBody, rapidpaceRefusals, readPlayer, signRecord } =
    await import('../lazy/unconnected.js');
  const required = <T>(result: Result<T, RapidpaceRefusal>): T => {
    if (!result.ok) throw new AppError(result.code, rapidpaceRefusals[result.code]);
    return result.value;
  };
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
