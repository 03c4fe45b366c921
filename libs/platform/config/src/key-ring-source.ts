import {
  KEY_PURPOSES,
  parseKeyRingDocument,
  type KeyPurpose,
  type KeyRingDocument,
} from '@countersign/crypto';
import { ConfigurationError } from './configuration-error';
import { environmentVariables } from './environment';
import { EnvironmentReader } from './environment-reader';
import type { KeyManagement, Wrapping } from './key-management';
import { VaultTransit } from './vault-transit';

/** Where the key ring comes from. */
interface KeyRingSource {
  /** The ring in clear. @throws ConfigurationError, KeyManagementError */
  open(): Promise<KeyRingDocument>;
  /** The form in which a ring is stored there. @throws KeyManagementError */
  store(document: KeyRingDocument): Promise<object>;
}

interface StoredKey {
  readonly id: string;
  readonly epoch: number;
  readonly wrapped?: unknown;
}
type Stored = Readonly<Record<KeyPurpose, { readonly keys: readonly StoredKey[] }>>;

/** `KEYS` or `KEYS_FILE`, its secrets wrapped where `KMS_URL` is set. @throws ConfigurationError */
export function keyRingSource(environment: NodeJS.ProcessEnv): KeyRingSource {
  const kms = keyManagement(environment);
  const read = (): string => readText(environment);
  return kms === null ? new ClearSource(read) : new WrappedSource(read, kms);
}

/** Whether a key management service is set. @throws ConfigurationError when it is set in part. */
export function keyManagement(environment: NodeJS.ProcessEnv): KeyManagement | null {
  const reader = new EnvironmentReader(environment);
  const { kmsUrl, kmsKey, kmsMount, kmsToken, nodeEnv } = environmentVariables;
  const url = reader.read(kmsUrl);
  if (url === null) return null;
  const [key, mount, token] = [reader.read(kmsKey), reader.read(kmsMount), reader.read(kmsToken)];
  const problems = [...reader.problems];
  if (key === null) problems.push('KMS_KEY is missing: the name of the key that wraps the ring.');
  if (token === null) problems.push('KMS_TOKEN_FILE is missing: the token for KMS_URL.');
  if (reader.read(nodeEnv) === 'production' && url?.startsWith('http:') === true)
    problems.push('KMS_URL must be an https:// URL in production.');
  if (problems.length > 0 || !url || !key || !mount || !token) throw new ConfigurationError(problems);
  return new VaultTransit({ url, key, mount, token });
}

class ClearSource implements KeyRingSource {
  constructor(private readonly read: () => string) {}

  open(): Promise<KeyRingDocument> {
    return Promise.resolve().then(() => parse(this.read()));
  }

  store(document: KeyRingDocument): Promise<object> {
    return Promise.resolve(document);
  }
}

class WrappedSource implements KeyRingSource {
  constructor(
    private readonly read: () => string,
    private readonly kms: KeyManagement,
  ) {}

  async open(): Promise<KeyRingDocument> {
    const stored = parseStored(this.read());
    const wrapped = keysOf(stored).map(({ purpose, key }): Wrapping => {
      if (typeof key.wrapped !== 'string')
        throw new ConfigurationError([
          'KEYS_FILE holds a key in clear although KMS_URL is set: wrap the ring with `countersign keys wrap`.',
        ]);
      return { text: key.wrapped, context: contextOf(purpose, key) };
    });
    const secrets = [...(await this.kms.unwrap(wrapped))];
    return parse(
      JSON.stringify(replaced(stored, ({ wrapped: _, ...key }) => ({ ...key, secret: secrets.shift() }))),
    );
  }

  async store(document: KeyRingDocument): Promise<object> {
    const plain = KEY_PURPOSES.flatMap((purpose) =>
      document[purpose].keys.map((key) => ({ text: key.secret, context: contextOf(purpose, key) })),
    );
    const wrapped = [...(await this.kms.wrap(plain))];
    return replaced(document, ({ id, epoch }) => ({ id, epoch, wrapped: wrapped.shift() }));
  }
}

/** A secret that is moved to another id, epoch or purpose does not unwrap. */
function contextOf(purpose: KeyPurpose, { id, epoch }: Pick<StoredKey, 'id' | 'epoch'>): string {
  return `countersign/key-ring/v1/${purpose}/${id}/${epoch}`;
}

function keysOf(stored: Stored): readonly { readonly purpose: KeyPurpose; readonly key: StoredKey }[] {
  return KEY_PURPOSES.flatMap((purpose) => stored[purpose].keys.map((key) => ({ purpose, key })));
}

function replaced(document: Stored, replace: (key: StoredKey) => object): object {
  const families = KEY_PURPOSES.map((purpose) => {
    const family = document[purpose];
    return [purpose, { ...family, keys: family.keys.map(replace) }];
  });
  return { ...document, ...(Object.fromEntries(families) as object) };
}

function readText(environment: NodeJS.ProcessEnv): string {
  const reader = new EnvironmentReader(environment);
  const text = reader.read({ ...environmentVariables.keyRing, parse: (found: string) => found });
  if (typeof text !== 'string') throw new ConfigurationError(reader.problems);
  return text;
}

function parse(text: string): KeyRingDocument {
  try {
    return parseKeyRingDocument(text);
  } catch (error) {
    throw notARing((error as Error).message);
  }
}

function parseStored(text: string): Stored {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    throw notARing('it is not JSON');
  }
  const isRing = KEY_PURPOSES.every((purpose) => {
    const keys = (stored as Partial<Stored> | null)?.[purpose]?.keys as unknown;
    return Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null);
  });
  if (!isRing) throw notARing('a purpose has no list of keys');
  return stored as Stored;
}

function notARing(why: string): ConfigurationError {
  return new ConfigurationError([`KEYS_FILE is not a key ring: ${why}.`]);
}
