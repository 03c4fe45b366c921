import { environmentVariables } from './environment';
import { readAll, variable, type Values } from './environment-reader';
import { absolutePath, keyRing, postgresUrl, socketPath } from './environment-texts';

/** All variables of the custody process, in the order of docs/configuration.md. */
export const custodyVariables = {
  socket: variable(
    'CUSTODY_SOCKET',
    'absolute path of the Unix socket to listen on, in a folder of the user of custody, writable by no other',
    socketPath,
    { whenMissing: 'is missing: the absolute path of a Unix socket' },
  ),
  operatorSocket: variable(
    'CUSTODY_OPERATOR_SOCKET',
    'absolute path of the Unix socket of `countersign-custody <command>`, in a folder that no process but custody, and no person but its operator, can enter; it is made where it is missing',
    socketPath,
    { whenMissing: 'is missing: the absolute path of a Unix socket in a folder that the API cannot enter' },
  ),
  consentSocket: variable(
    'CUSTODY_CONSENT_SOCKET',
    'absolute path of the Unix socket of the [consent page](embedded-wallets.md#consent), as `CUSTODY_SOCKET`, in a folder that the API cannot enter. Without it nobody consents',
    socketPath,
  ),
  readerSocket: variable(
    'CUSTODY_READER_SOCKET',
    'absolute path of the Unix socket of the [reader](operations.md#the-reader-of-chains), as `CUSTODY_SOCKET`, in a folder that the API cannot enter. `countersign-custody reader` reads this variable and `LOG_LEVEL`, and no other. Without it no transaction of an EVM chain is signed',
    socketPath,
  ),
  databaseUrl: variable(
    'CUSTODY_DATABASE_URL',
    'PostgreSQL 15 or newer, by a role of its own, which owns the database or the schema `custody` in it',
    postgresUrl,
    { isSecret: true, whenMissing: 'is missing: the postgresql:// URL of the database of wallets' },
  ),
  apiDatabaseUrl: variable(
    'CUSTODY_API_DATABASE_URL',
    "the database of the API, by a role of its own that may do nothing but connect: each minute custody looks up whether each signature was allowed there ([comparison](operations.md#signatures-without-an-act)). Without it a taken API's signatures are noticed by `countersign audit verify` alone",
    postgresUrl,
    { isSecret: true },
  ),
  keyRing: variable(
    'CUSTODY_KEYS',
    'a key ring of its own (`countersign keys generate`), better as a file. Its `sealing` keys open all wallets: keep a copy apart from the database, and give it to no other process',
    keyRing,
    {
      isSecret: true,
      whenMissing: '_FILE is missing: make one with `countersign keys generate --out custody-keys.json`',
    },
  ),
  rules: variable(
    'CUSTODY_RULES',
    'absolute path of the file of [rules](embedded-wallets.md#rules): what is signed, and how much. Read again at SIGHUP. Without it messages are signed, nothing that moves money, and no words are shown',
    absolutePath,
  ),
  copy: variable(
    'CUSTODY_COPY',
    'absolute path of a folder on another disk than the database, closed to all but the user of custody, who makes it in an existing folder: each wallet is there too, sealed, before its creation is answered ([second copy](operations.md#the-second-copy)). Without it wallets made since the last backup are lost with the database',
    absolutePath,
  ),
  logLevel: environmentVariables.logLevel,
  patience: environmentVariables.patience,
} as const;

/** All variables of the consent page, in the order of docs/configuration.md. */
export const consentVariables = {
  socket: variable(
    custodyVariables.consentSocket.name,
    'absolute path of the socket of custody for it',
    socketPath,
    { whenMissing: 'is missing: the absolute path of the socket of custody for the consent page' },
  ),
  host: { ...environmentVariables.host, name: 'CONSENT_HOST' },
  port: {
    ...environmentVariables.port,
    name: 'CONSENT_PORT',
    meaning: 'port of the consent page',
    fallback: '3005',
  },
  logLevel: environmentVariables.logLevel,
} as const;

/** @throws ConfigurationError with all problems at once */
export function readConsentConfiguration(environment: NodeJS.ProcessEnv): Values<typeof consentVariables> {
  return readAll(consentVariables, environment);
}

/** Reads the variables of the operator's commands. @throws ConfigurationError */
export function readOperatorConfiguration(
  environment: NodeJS.ProcessEnv,
): Pick<Values<typeof custodyVariables>, 'operatorSocket' | 'copy'> {
  const { operatorSocket, copy } = custodyVariables;
  return readAll({ operatorSocket, copy }, environment);
}

const readerVariables = {
  socket: variable(custodyVariables.readerSocket.name, custodyVariables.readerSocket.meaning, socketPath, {
    whenMissing: 'is missing: the absolute path of the socket of custody for the reader',
  }),
  logLevel: environmentVariables.logLevel,
} as const;

/** @throws ConfigurationError */
export function readReaderConfiguration(environment: NodeJS.ProcessEnv): Values<typeof readerVariables> {
  return readAll(readerVariables, environment);
}

/** @throws ConfigurationError with all problems at once */
export function readCustodyConfiguration(environment: NodeJS.ProcessEnv): Values<typeof custodyVariables> {
  return readAll(custodyVariables, environment, ({ patience }) =>
    environment['NODE_ENV'] === 'production' && patience !== 1
      ? ['PATIENCE is for development on a busy machine: unset it.']
      : [],
  );
}
