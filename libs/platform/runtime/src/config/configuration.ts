import type { KeyRing } from '@countersign/crypto';
import { environmentVariables } from './environment';
import {
  ConfigurationError,
  EnvironmentReader,
  readAll,
  type Values,
  type Variable,
} from './environment-reader';

type Read = Partial<Values<typeof environmentVariables>>;
type Underived = Omit<Values<typeof environmentVariables>, 'databaseDirectUrl' | 'databasePooling'>;

/** The validated environment: it is read once at boot, and frozen. `environmentVariables` declares its fields. */
export abstract class Configuration extends (Object as unknown as abstract new () => Underived) {
  /** The issuer of identity tokens: `PUBLIC_URL`, or this machine if it is unset. */
  readonly issuer: string;
  readonly databaseDirectUrl: string;
  /** With `session`, consecutive transactions use the same connection to `databaseUrl`. */
  readonly databasePooling: 'session' | 'transaction';
}

/** @throws ConfigurationError with all problems at once */
export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const values = readAll(environmentVariables, environment, (read) => [
    ...missingForProvider(read),
    ...(read.nodeEnv === 'production' ? refusedInProduction(read) : []),
  ]);
  const { publicUrl, databaseUrl, databaseDirectUrl: directUrl, consoleUrl, use } = values;
  return Object.freeze({
    ...values,
    consoleUrl: use.includes('all') || use.includes('console') ? consoleUrl : null,
    issuer: publicUrl ?? `http://localhost:${values.port}`,
    databaseDirectUrl: directUrl ?? databaseUrl,
    // With a pooler in transaction mode, LISTEN needs a direct URL.
    databasePooling: values.databasePooling ?? (directUrl === null ? 'session' : 'transaction'),
  });
}

/** Reads the key ring from `KEYS` or `KEYS_FILE` again. @throws ConfigurationError */
export function readKeyRing(environment: NodeJS.ProcessEnv): KeyRing {
  const { keyRing } = environmentVariables;
  return readAll({ keyRing }, environment).keyRing;
}

/** Sign-in at the company's provider needs these variables besides the issuer. */
function missingForProvider({ consoleOidcIssuer, consoleUrl, consoleOidcClientId }: Read): readonly string[] {
  if (!consoleOidcIssuer) return [];
  return Object.entries({ CONSOLE_URL: consoleUrl, CONSOLE_OIDC_CLIENT_ID: consoleOidcClientId })
    .filter(([, value]) => value === null)
    .map(([name]) => `${name} is missing: sign-in at CONSOLE_OIDC_ISSUER needs it.`);
}

/** A value that is not valid is absent here. */
function refusedInProduction(values: Read): readonly string[] {
  const { consoleUrl, publicUrl, demoTelegramKeys = [], patience = 1 } = values;
  const isSameHost = consoleUrl && publicUrl && new URL(consoleUrl).hostname === new URL(publicUrl).hostname;
  return [
    values.erasureLedger === null &&
      'ERASURE_LEDGER is missing: the postgresql:// URL of a database in another cluster, or file:/// and the path of a file on another volume; without it a restored backup has erased accounts again.',
    demoTelegramKeys.length > 0 &&
      'DEMO_TELEGRAM_KEY is for development only: unset it, or a made-up Telegram could sign people in.',
    values.telegramOidcIssuer?.startsWith('http:') &&
      'TELEGRAM_OIDC_ISSUER must be an https:// URL in production.',
    values.consoleOidcIssuer?.startsWith('http:') &&
      'CONSOLE_OIDC_ISSUER must be an https:// URL in production.',
    isSameHost &&
      'CONSOLE_URL needs another host name than PUBLIC_URL: browsers send the cookie of the console to all ports of its host.',
    patience > 1 &&
      'PATIENCE is for development on a busy machine: unset it, or an outage takes longer to be noticed.',
  ].filter((problem) => typeof problem === 'string');
}

/** The URL for work that needs only the database: the direct one if it is set. @throws ConfigurationError */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv): string {
  const reader = new EnvironmentReader(environment);
  const { databaseDirectUrl, databaseUrl } = environmentVariables;
  const url =
    reader.read(databaseDirectUrl) ?? (reader.problems.length === 0 ? reader.read(databaseUrl) : null);
  if (url == null) throw new ConfigurationError(reader.problems);
  return url;
}

/** Reads what the creation of the erasure ledger needs. @throws ConfigurationError */
export function readLedgerSettings(
  environment: NodeJS.ProcessEnv,
): Pick<Configuration, 'nodeEnv' | 'erasureLedger'> {
  const { nodeEnv, erasureLedger } = environmentVariables;
  return readAll({ nodeEnv, erasureLedger }, environment);
}

/** The variables as docs/configuration.md lists them. */
export function environmentList(declared: object = environmentVariables): string {
  const variables = Object.values(declared) as readonly Variable<unknown>[];
  const items = variables.map(({ name, meaning, fallback, derivedDefault, isSecret }) => {
    const names = isSecret === true ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``;
    const shown = derivedDefault ?? (fallback ? `\`${fallback}\`` : '');
    return `- ${names}${shown && ` (${shown})`}: ${meaning}`;
  });
  return `${items.join('\n')}\n`;
}
