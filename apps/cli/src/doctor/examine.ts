import type { INestApplicationContext } from '@nestjs/common';
import { ConfigurationError, readConfiguration, type Configuration } from '@countersign/config';
import { describeDatabaseFailure } from '@countersign/database';
import type { Call } from '../call';
import { openApplication } from '../connect';
import { UsageError } from '../errors';
import { botFindings } from './bot-api';
import { custodyFindings } from './custody-check';
import { databaseFindings, keyFindings, schemaFindings } from './database-checks';
import { unknown, wrong, type Finding } from './finding';
import { gatewayFindings } from './gateway-check';

/**
 * Looks at what the service needs. Each check needs those before it: the first one that finds nothing right ends it.
 * @throws UsageError
 */
export async function examine(call: Call): Promise<readonly Finding[]> {
  const { terminal } = call;
  const botApi = botApiOf(call);
  const checks: readonly (readonly [
    string,
    (app: INestApplicationContext) => Promise<readonly Finding[]>,
  ])[] = [
    ['database', databaseFindings],
    ['schema', schemaFindings],
    ['keys', keyFindings],
    ['bots', (app) => botFindings(app, botApi)],
    ['custody', custodyFindings],
  ];
  const notLookedAt = (from: number, reason: string): readonly Finding[] =>
    checks.slice(from).map(([name]) => unknown(name, `not looked at: ${reason}`));
  let configuration: Configuration;
  try {
    configuration = readConfiguration(terminal.environment);
  } catch (error) {
    return [...configurationFindings(error), ...notLookedAt(0, 'the configuration is not complete')];
  }
  const findings = [...gatewayFindings(configuration)];
  let app: INestApplicationContext;
  try {
    app = await (terminal.openApplication ?? openApplication)(terminal.environment);
  } catch (error) {
    const away = wrong('database', sentenceOf(error), 'docs/operations.md#boot-failures');
    return [...findings, away, ...notLookedAt(1, 'the database is not reached')];
  }
  try {
    for (const [index, [name, look]] of checks.entries()) {
      const found = await look(app).catch((error: unknown) => [unknown(name, sentenceOf(error))]);
      findings.push(...found);
      if (found.every(({ state }) => state === 'wrong' || state === 'unknown'))
        return [...findings, ...notLookedAt(index + 1, `it needs ${name}`)];
    }
    return findings;
  } finally {
    if (!terminal.openApplication) await app.close();
  }
}

function configurationFindings(error: unknown): readonly Finding[] {
  if (!(error instanceof ConfigurationError)) throw error;
  return error.problems.map((problem) => wrong('configuration', problem, 'docs/configuration.md'));
}

/** Messages of unknown errors are not printed: they could have a secret. */
function sentenceOf(error: unknown): string {
  const { name, code } = error as Error & { code?: unknown };
  return (
    describeDatabaseFailure(error) ?? `it cannot be looked at (${typeof code === 'string' ? code : name})`
  );
}

const PLAIN = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

function botApiOf(call: Call): string {
  const text = call.required('bot-api').replace(/\/$/, '');
  const isSafe = URL.canParse(text) && (new URL(text).protocol === 'https:' || PLAIN.test(text));
  if (!isSafe) throw new UsageError('--bot-api must be an https:// URL, or http:// on this machine.');
  return text;
}
