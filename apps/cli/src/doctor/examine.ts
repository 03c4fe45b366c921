import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import {
  ConfigurationError,
  KeyManagementError,
  loadConfiguration,
  type Configuration,
} from '@countersign/config';
import { describeDatabaseFailure } from '@countersign/database';
import type { Call } from '../call';
import { openApplication } from '../connect';
import { UsageError } from '../errors';
import { databaseFindings, keyFindings, principalFindings, schemaFindings } from './database-checks';
import { unknown, wrong, type Finding } from './finding';
import { botFindings, chainFindings, custodyFindings, jobFindings, ledgerFindings } from './outside-checks';
import { unsafeSettings } from './unsafe-settings';

/** Milliseconds, for each check: an operator waits. */
const TIME_LIMIT = 30_000;

interface Check {
  readonly name: string;
  /** Checks that have to be right before this one can be made. */
  readonly needs: readonly string[];
  readonly run: (app: INestApplicationContext) => AsyncGenerator<Finding>;
}

/**
 * Looks at everything that the service needs. A broken part hides no other one that can be looked at without it.
 * @throws UsageError
 */
export async function examine(call: Call): Promise<readonly Finding[]> {
  const { terminal } = call;
  const botApi = botApiOf(call);
  const checks: readonly Check[] = [
    { name: 'database', needs: [], run: databaseFindings },
    { name: 'schema', needs: ['database'], run: schemaFindings },
    { name: 'keys', needs: ['schema'], run: keyFindings },
    { name: 'principals', needs: ['schema'], run: principalFindings },
    { name: 'ledger', needs: ['schema'], run: ledgerFindings },
    { name: 'jobs', needs: ['schema'], run: jobFindings },
    { name: 'chains', needs: [], run: chainFindings },
    { name: 'custody', needs: [], run: custodyFindings },
    { name: 'bots', needs: ['keys'], run: (app) => botFindings(app, botApi) },
  ];
  const none = (reason: string): readonly Finding[] =>
    checks.map(({ name }) => unknown(name, `not looked at: ${reason}`));
  let configuration: Configuration;
  try {
    configuration = await loadConfiguration(terminal.environment);
  } catch (error) {
    return [...configurationFindings(error), ...none('the configuration is not complete')];
  }
  const settings = unsafeSettings(configuration);
  const open = terminal.openApplication ?? openApplication;
  let app: INestApplicationContext;
  try {
    app = await open(terminal.environment);
  } catch (error) {
    const [, ...others] = none('the database is not reached');
    return [...settings, wrong('database', sentenceOf(error), 'docs/operations.md#boot-failures'), ...others];
  }
  try {
    return [...settings, ...(await runAll(checks, app))];
  } finally {
    if (!terminal.openApplication) await app.close();
  }
}

/** A check has failed only if none of its findings is right. */
async function runAll(checks: readonly Check[], app: INestApplicationContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const failed = new Set<string>();
  for (const { name, needs, run } of checks) {
    const missing = needs.find((one) => failed.has(one));
    const found =
      missing === undefined
        ? await inTime(name, run(app))
        : [unknown(name, `not looked at: it needs ${missing}`)];
    if (found.every(({ state }) => state === 'wrong' || state === 'unknown')) failed.add(name);
    findings.push(...found);
  }
  return findings;
}

/** Findings before an error or the time limit are kept. */
async function inTime(name: string, checked: AsyncGenerator<Finding>): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const late = delay(TIME_LIMIT, null, { ref: false });
  try {
    for (;;) {
      const next = await Promise.race([checked.next(), late]);
      if (next === null) return [...findings, unknown(name, 'not all of it answered in time')];
      if (next.done) return findings;
      findings.push(next.value);
    }
  } catch (error) {
    return [...findings, unknown(name, sentenceOf(error))];
  }
}

function configurationFindings(error: unknown): readonly Finding[] {
  if (error instanceof KeyManagementError)
    return [wrong('keys', error.message, 'docs/operations.md#a-key-management-service')];
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
