import { decodeBase64url } from '@countersign/text';
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { isKeyId, randomKeyId } from './key-id';
import { hmacSha256 } from '../hash';

/** No key serves two purposes. */
export const KEY_PURPOSES = ['sealing', 'index', 'token'] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

/** The keys of one purpose. All of them open, find and verify. The first one seals, and signs new tokens. */
type KeyListDocument = readonly {
  readonly id: string;
  /** base64url of 32 bytes, in clear. */
  readonly secret: string;
}[];

/** A key ring as a file. It contains secrets in clear: never log it. */
export type KeyRingDocument = { readonly version: 1 } & Readonly<Record<KeyPurpose, KeyListDocument>>;

/** A key ring that cannot be used. The message names the field and its rule, never a value. */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';

  constructor(
    /** For example `sealing[0].secret`. */
    readonly field: string,
    rule: string,
  ) {
    super(`${field} ${rule}`);
  }
}

const SECRET_BYTES = 32;

const ROOT = 'the key ring';
/** A plausible typing error of an operator. Anything longer could be a misplaced secret. */
const FIELD_NAME = /^[a-z_-]{1,24}$/i;

/** Throws a `KeyRingError`. */
export function parseKeyRingDocument(text: string): KeyRingDocument {
  const root = toRecord(parseJson(text), ROOT);
  if (root['version'] !== 1) throw new KeyRingError('version', 'must be 1');
  refuseUnknownFields(root, ['version', ...KEY_PURPOSES]);
  const lists = byPurpose((purpose) => parseKeys(root[purpose], purpose));
  const document: KeyRingDocument = { version: 1, ...lists };
  refuseRepetitions(document);
  return document;
}

function byPurpose<T>(of: (purpose: KeyPurpose) => T): Record<KeyPurpose, T> {
  return { sealing: of('sealing'), index: of('index'), token: of('token') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Without a cause: the message of a SyntaxError quotes the text.
    throw new KeyRingError(ROOT, 'is not JSON');
  }
}

function parseKeys(value: unknown, field: string): KeyListDocument {
  if (!Array.isArray(value) || value.length === 0)
    throw new KeyRingError(field, 'must be a list of at least one key');
  return value.map((key, index) => parseKey(key, `${field}[${index}]`));
}

function parseKey(value: unknown, field: string): KeyListDocument[number] {
  const key = toRecord(value, field);
  refuseUnknownFields(key, ['id', 'secret'], field);
  const { id, secret } = key;
  if (typeof id !== 'string' || !isKeyId(id))
    throw new KeyRingError(`${field}.id`, 'must be 1 to 16 lower-case letters and digits');
  const bytes = typeof secret === 'string' ? decodeBase64url(secret) : undefined;
  if (typeof secret !== 'string' || bytes?.length !== SECRET_BYTES)
    throw new KeyRingError(`${field}.secret`, `must be base64url of exactly ${SECRET_BYTES} bytes`);
  if (bytes.every((byte) => byte === bytes[0])) throw new KeyRingError(`${field}.secret`, 'must be random');
  return { id, secret };
}

function refuseRepetitions(document: KeyRingDocument): void {
  const ids = new Set<string>();
  const secrets = new Set<string>();
  for (const purpose of KEY_PURPOSES) {
    for (const [index, { id, secret }] of document[purpose].entries()) {
      const field = `${purpose}[${index}]`;
      if (ids.has(id)) throw new KeyRingError(`${field}.id`, 'is the id of another key too');
      if (secrets.has(secret)) throw new KeyRingError(`${field}.secret`, 'is the secret of another key too');
      ids.add(id);
      secrets.add(secret);
    }
  }
}

function toRecord(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new KeyRingError(field, 'must be an object');
  return value as Record<string, unknown>;
}

function refuseUnknownFields(record: object, known: readonly string[], parent?: string): void {
  const unknown = Object.keys(record).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const name = FIELD_NAME.test(unknown) ? unknown : '(unprintable)';
  throw new KeyRingError(parent ? `${parent}.${name}` : name, 'is not a known field');
}

/** Safe to print: a `KeyObject` shows none of its bytes. */
export interface RingKey {
  readonly id: string;
  readonly purpose: KeyPurpose;
  /** 32 bytes. */
  readonly secret: KeyObject;
}

type Keys = Readonly<Record<KeyPurpose, readonly [RingKey, ...RingKey[]]>>;

/** The keys of this installation by purpose. The first one of a list seals, all of them open. Safe to print. */
export class KeyRing {
  #keys: Keys;
  #refuse: (() => never) | null = null;
  #retiredIds: ReadonlySet<string> = new Set();

  private constructor(
    keys: Keys,
    readonly source: string,
  ) {
    this.#keys = keys;
  }

  /** Throws a `KeyRingError` that names the wrong field. @param source the file or variable, for messages */
  static parse(text: string, source = ROOT): KeyRing {
    const document = parseKeyRingDocument(text);
    const keys = byPurpose((purpose) => toKeys(purpose, document[purpose]));
    return new KeyRing(keys, source);
  }

  /** Each use of a key calls `refuse`, which throws, until `release` or `replaceBy`. */
  withhold(refuse: () => never): void {
    this.#refuse = refuse;
  }

  release(): void {
    this.#refuse = null;
  }

  replaceBy(other: KeyRing): void {
    this.#keys = other.#keys;
    this.#retiredIds = other.#retiredIds;
    this.#refuse = null;
  }

  /** From now on `inUse` leaves out exactly these keys. */
  retire(ids: ReadonlySet<string>): void {
    this.#retiredIds = ids;
  }

  /** The key for new values. Throws while the ring is withheld. */
  active(purpose: KeyPurpose): RingKey {
    this.#refuse?.();
    return this.#keys[purpose][0];
  }

  /** The active key comes first. Throws while the ring is withheld. */
  all(purpose: KeyPurpose): readonly RingKey[] {
    this.#refuse?.();
    return this.#keys[purpose];
  }

  /** Like `all`, without the retired keys. */
  inUse(purpose: KeyPurpose): readonly RingKey[] {
    return this.all(purpose).filter(({ id }) => !this.#retiredIds.has(id));
  }

  /** Like `all`, also while the ring is withheld. */
  known(purpose: KeyPurpose): readonly [RingKey, ...RingKey[]] {
    return this.#keys[purpose];
  }

  /** Throws for an unknown key while the ring is withheld, because the ring may be outdated. */
  find(purpose: KeyPurpose, id: string): RingKey | undefined {
    const found = this.#keys[purpose].find((key) => key.id === id);
    if (!found) this.#refuse?.();
    return found;
  }
}

/** Makes one random key per purpose. The document contains secrets in clear. */
export function generateKeyRing(): KeyRingDocument {
  return { version: 1, ...byPurpose((purpose) => [newKey(purpose)]) };
}

/** Adds a random key as the last one of its purpose: it opens, but does not seal yet. */
export function extendKeyRing(
  document: KeyRingDocument,
  purpose: KeyPurpose,
): { readonly document: KeyRingDocument; readonly id: string } {
  const taken = new Set(KEY_PURPOSES.flatMap((known) => document[known].map(({ id }) => id)));
  let added = newKey(purpose);
  while (taken.has(added.id)) added = newKey(purpose);
  return { document: { ...document, [purpose]: [...document[purpose], added] }, id: added.id };
}

const LETTERS: Readonly<Record<KeyPurpose, string>> = { sealing: 'k', index: 'i', token: 't' };

function newKey(purpose: KeyPurpose): KeyListDocument[number] {
  return { id: randomKeyId(LETTERS[purpose]), secret: randomBytes(SECRET_BYTES).toString('base64url') };
}

/** A public value derived from this key, base64url of 32 bytes. By it, the boot refuses another key under this id. */
export function keyCheckValue(key: RingKey): string {
  const message = `countersign/key-check/v1/${key.purpose}/${key.id}`;
  return hmacSha256(key.secret, message).toString('base64url');
}

function toKeys(purpose: KeyPurpose, document: KeyListDocument): Keys[KeyPurpose] {
  const [first, ...others] = document.map(({ id, secret }) =>
    Object.freeze<RingKey>({ id, purpose, secret: createSecretKey(secret, 'base64url') }),
  );
  if (!first) throw new RangeError('a key ring has a key of each purpose');
  return Object.freeze<[RingKey, ...RingKey[]]>([first, ...others]);
}
