import type { KeyRing } from '@countersign/crypto';
import { ConfigurationError } from './configuration-error';
import { environmentVariables } from './environment';
import type { Variable } from './environment-variable';
import { EnvironmentReader } from './environment-reader';
import { absolutePath, keyRing, postgresUrl, socketPath } from './environment-texts';

/** The environment of the custody process, which has no other variables. */
interface CustodyConfiguration {
  readonly socket: string;
  readonly operatorSocket: string;
  readonly consentSocket: string | null;
  readonly databaseUrl: string;
  readonly keyRing: KeyRing;
  readonly rules: string | null;
  readonly copy: string | null;
  readonly logLevel: string;
  readonly patience: number;
}

/** Every variable that the custody process reads, in the order of docs/configuration.md. */
export const custodyVariables: {
  readonly [K in keyof CustodyConfiguration]: Variable<CustodyConfiguration[K]>;
} = {
  socket: {
    name: 'CUSTODY_SOCKET',
    meaning:
      'absolute path of the Unix socket to listen on, in a folder of the user of custody, writable by no other',
    parse: socketPath,
    whenMissing: 'is missing: the absolute path of a Unix socket',
  },
  operatorSocket: {
    name: 'CUSTODY_OPERATOR_SOCKET',
    meaning:
      'absolute path of the Unix socket of `countersign-custody <command>`, in a folder that no process but custody, and no person but its operator, can enter; it is made where it is missing',
    parse: socketPath,
    whenMissing: 'is missing: the absolute path of a Unix socket in a folder that the API cannot enter',
  },
  consentSocket: {
    name: 'CUSTODY_CONSENT_SOCKET',
    meaning:
      'absolute path of the Unix socket of the [consent page](embedded-wallets.md#consent), as `CUSTODY_SOCKET`, in a folder that the API cannot enter. Without it nobody consents',
    parse: socketPath,
  },
  databaseUrl: {
    name: 'CUSTODY_DATABASE_URL',
    meaning:
      'PostgreSQL 15 or newer, by a role of its own, which owns the database or the schema `custody` in it',
    parse: postgresUrl,
    isSecret: true,
    whenMissing: 'is missing: the postgresql:// URL of the database of wallets',
  },
  keyRing: {
    name: 'CUSTODY_KEYS',
    meaning:
      'a key ring of its own (`countersign keys generate`), better as a file. Its `sealing` keys open all wallets: keep a copy apart from the database, and give it to no other process',
    parse: keyRing,
    isSecret: true,
    whenMissing: '_FILE is missing: make one with `countersign keys generate --out custody-keys.json`',
  },
  rules: {
    name: 'CUSTODY_RULES',
    meaning:
      'absolute path of the file of [rules](embedded-wallets.md#rules): what is signed, and how much. Read again at SIGHUP. Without it messages are signed, nothing that moves money, and no words are shown',
    parse: absolutePath,
  },
  copy: {
    name: 'CUSTODY_COPY',
    meaning:
      'absolute path of a folder on another disk than the database, closed to all but the user of custody, who makes it in an existing folder: each wallet is there too, sealed, before its creation is answered ([second copy](operations.md#the-second-copy)). Without it wallets made since the last backup are lost with the database',
    parse: absolutePath,
  },
  logLevel: environmentVariables.logLevel,
  patience: environmentVariables.patience,
};

/** The environment of the consent page, which has no other variables. */
interface ConsentConfiguration {
  readonly socket: string;
  readonly host: string;
  readonly port: number | null;
  readonly logLevel: string;
}

/** Every variable that the consent page reads, in the order of docs/configuration.md. */
export const consentVariables: {
  readonly [K in keyof ConsentConfiguration]: Variable<ConsentConfiguration[K]>;
} = {
  socket: {
    ...custodyVariables.consentSocket,
    meaning: 'absolute path of the socket of custody for it',
    whenMissing: 'is missing: the absolute path of the socket of custody for the consent page',
  } as Variable<string>,
  host: { ...environmentVariables.host, name: 'CONSENT_HOST' },
  port: {
    ...environmentVariables.port,
    name: 'CONSENT_PORT',
    meaning: 'port of the consent page',
    fallback: '3005',
  },
  logLevel: environmentVariables.logLevel,
};

/** @throws ConfigurationError with all problems at once */
export function readConsentConfiguration(
  environment: NodeJS.ProcessEnv,
): ConsentConfiguration & { readonly port: number } {
  const reader = new EnvironmentReader(environment);
  const [socket, host, port, logLevel] = [
    reader.read(consentVariables.socket),
    reader.read(consentVariables.host),
    reader.read(consentVariables.port),
    reader.read(consentVariables.logLevel),
  ];
  if (!socket || !host || typeof port !== 'number' || !logLevel)
    throw new ConfigurationError(reader.problems);
  return Object.freeze({ socket, host, port, logLevel });
}

/** What commands of the operator need. @throws ConfigurationError */
export function readOperatorConfiguration(
  environment: NodeJS.ProcessEnv,
): Pick<CustodyConfiguration, 'operatorSocket' | 'copy'> {
  const reader = new EnvironmentReader(environment);
  const operatorSocket = reader.read(custodyVariables.operatorSocket);
  const copy = reader.read(custodyVariables.copy);
  if (!operatorSocket || copy === undefined) throw new ConfigurationError(reader.problems);
  return { operatorSocket, copy };
}

/** @throws ConfigurationError with all problems at once */
export function readCustodyConfiguration(environment: NodeJS.ProcessEnv): CustodyConfiguration {
  const reader = new EnvironmentReader(environment);
  const [socket, operatorSocket, consentSocket, databaseUrl, ring, rules, copy, logLevel, patience] = [
    reader.read(custodyVariables.socket),
    reader.read(custodyVariables.operatorSocket),
    reader.read(custodyVariables.consentSocket),
    reader.read(custodyVariables.databaseUrl),
    reader.read(custodyVariables.keyRing),
    reader.read(custodyVariables.rules),
    reader.read(custodyVariables.copy),
    reader.read(custodyVariables.logLevel),
    reader.read(custodyVariables.patience),
  ];
  if (environment['NODE_ENV'] === 'production' && patience !== 1)
    reader.problems.push('PATIENCE is for development on a busy machine: unset it.');
  if (
    reader.problems.length > 0 ||
    !socket ||
    !operatorSocket ||
    consentSocket === undefined ||
    !databaseUrl ||
    !ring ||
    rules === undefined ||
    copy === undefined ||
    !logLevel ||
    !patience
  )
    throw new ConfigurationError(reader.problems);
  return Object.freeze({
    socket,
    operatorSocket,
    consentSocket,
    databaseUrl,
    keyRing: ring,
    rules,
    copy,
    logLevel,
    patience,
  });
}
