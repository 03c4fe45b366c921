import type { KeyRing } from '@countersign/crypto';
import { ConfigurationError } from './configuration-error';
import { environmentVariables } from './environment';
import type { Variable } from './environment-variable';
import { EnvironmentReader } from './environment-reader';
import { keyRing, postgresUrl, socketPath } from './environment-texts';

/** The environment of the custody process, which has no other variables. */
interface CustodyConfiguration {
  readonly socket: string;
  readonly databaseUrl: string;
  readonly keyRing: KeyRing;
  readonly logLevel: string;
}

/** Every variable that the custody process reads, in the order of docs/configuration.md. */
export const custodyVariables: {
  readonly [K in keyof CustodyConfiguration]: Variable<CustodyConfiguration[K]>;
} = {
  socket: {
    name: 'CUSTODY_SOCKET',
    meaning:
      'absolute path of the Unix socket to listen on, in a folder that only the user of the service can enter',
    parse: socketPath,
    whenMissing: 'is missing: the absolute path of a Unix socket',
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
  logLevel: environmentVariables.logLevel,
};

/** @throws ConfigurationError with all problems at once */
export function readCustodyConfiguration(environment: NodeJS.ProcessEnv): CustodyConfiguration {
  const reader = new EnvironmentReader(environment);
  const [socket, databaseUrl, ring, logLevel] = [
    reader.read(custodyVariables.socket),
    reader.read(custodyVariables.databaseUrl),
    reader.read(custodyVariables.keyRing),
    reader.read(custodyVariables.logLevel),
  ];
  if (!socket || !databaseUrl || !ring || !logLevel) throw new ConfigurationError(reader.problems);
  return Object.freeze({ socket, databaseUrl, keyRing: ring, logLevel });
}
