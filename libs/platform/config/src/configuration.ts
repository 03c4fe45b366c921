import type { KeyRing } from '@countersign/crypto';
import { ConfigurationError } from './configuration-error';
import { environmentVariables } from './environment';
import { EnvironmentReader, readAll, type Values } from './environment-reader';

type Read = Partial<Values<typeof environmentVariables>>;
type Underived = Omit<Values<typeof environmentVariables>, 'databaseDirectUrl' | 'databasePooling'>;

/** The validated environment: read once at boot, frozen. `environmentVariables` declares its fields. */
export abstract class Configuration extends (Object as unknown as abstract new () => Underived) {
  /** Who signs identity tokens: `PUBLIC_URL`, or this machine when it is unset. */
  readonly issuer: string;
  readonly databaseDirectUrl: string;
  /** Whether connections to `databaseUrl` are the same ones from transaction to transaction. */
  readonly databasePooling: 'session' | 'transaction';
}

/**
 * Reads and validates the environment.
 * @throws ConfigurationError with all problems at once.
 */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const values = readAll(environmentVariables, environment, (read) => [
    ...missingForProvider(read),
    ...(read.nodeEnv === 'production' ? refusedInProduction(read) : []),
  ]);
  const { publicUrl, databaseUrl, databaseDirectUrl: directUrl } = values;
  return Object.freeze({
    ...values,
    issuer: publicUrl ?? `http://localhost:${values.port}`,
    databaseDirectUrl: directUrl ?? databaseUrl,
    // LISTEN asks for a direct URL as soon as there is a pooler in transaction mode.
    databasePooling: values.databasePooling ?? (directUrl === null ? 'session' : 'transaction'),
  });
}

/** The key ring of `KEYS` or `KEYS_FILE`, as it is now. @throws ConfigurationError */
export function readKeyRing(environment: NodeJS.ProcessEnv): KeyRing {
  const { keyRing } = environmentVariables;
  return readAll({ keyRing }, environment).keyRing;
}

/** What sign-in at the company's provider needs besides its issuer. */
function missingForProvider({ consoleOidcIssuer, consoleUrl, consoleOidcClientId }: Read): readonly string[] {
  if (!consoleOidcIssuer) return [];
  const needed = {
    CONSOLE_URL: consoleUrl,
    CONSOLE_OIDC_CLIENT_ID: consoleOidcClientId,
  };
  return Object.entries(needed)
    .filter(([, value]) => value === null)
    .map(([name]) => `${name} is missing: sign-in at CONSOLE_OIDC_ISSUER needs it.`);
}

/** Of values that may be absent, where they are not valid. */
function refusedInProduction(values: Read): readonly string[] {
  const problems: string[] = [];
  if (values.erasureLedger === null)
    problems.push(
      'ERASURE_LEDGER is missing: the postgresql:// URL of a database in another cluster; without it a restored backup has erased accounts again.',
    );
  if (values.demoTelegramKeys && values.demoTelegramKeys.length > 0)
    problems.push(
      'DEMO_TELEGRAM_KEY is for development only: unset it, or a made-up Telegram could sign people in.',
    );
  if (values.telegramOidcIssuer?.startsWith('http:'))
    problems.push('TELEGRAM_OIDC_ISSUER must be an https:// URL in production.');
  if (values.consoleOidcIssuer?.startsWith('http:'))
    problems.push('CONSOLE_OIDC_ISSUER must be an https:// URL in production.');
  if (isSameHost(values.consoleUrl, values.publicUrl))
    problems.push(
      'CONSOLE_URL needs another host name than PUBLIC_URL: browsers send the cookie of the console to all ports of its host.',
    );
  if (values.patience !== undefined && values.patience > 1)
    problems.push(
      'PATIENCE is for development on a busy machine: unset it, or an outage takes longer to be noticed.',
    );
  return problems;
}

function isSameHost(one: string | null | undefined, other: string | null | undefined): boolean {
  return one != null && other != null && new URL(one).hostname === new URL(other).hostname;
}

/**
 * The URL for what needs only the database, such as migrations: the direct one where there is one.
 * @throws ConfigurationError
 */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv): string {
  const reader = new EnvironmentReader(environment);
  const { databaseDirectUrl, databaseUrl } = environmentVariables;
  const url =
    reader.read(databaseDirectUrl) ?? (reader.problems.length === 0 ? reader.read(databaseUrl) : null);
  if (url == null) throw new ConfigurationError(reader.problems);
  return url;
}
