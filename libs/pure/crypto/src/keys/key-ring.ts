import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { hmacSha256 } from '../hash';
import {
  KEY_PURPOSES,
  parseKeyRingDocument,
  SECRET_BYTES,
  type KeyListDocument,
  type KeyPurpose,
  type KeyRingDocument,
} from './key-ring-document';
import { randomKeyId } from './key-id';

/** One key of the ring. Safe to print: a `KeyObject` shows nothing of its bytes. */
export interface RingKey {
  readonly id: string;
  readonly purpose: KeyPurpose;
  /** 32 bytes. */
  readonly secret: KeyObject;
}

type Keys = Readonly<Record<KeyPurpose, readonly [RingKey, ...RingKey[]]>>;

/** The keys of this installation, by purpose: the first one of a list seals, all of them open. Safe to print. */
export class KeyRing {
  #keys: Keys;
  #refuse: (() => never) | null = null;

  private constructor(keys: Keys) {
    this.#keys = keys;
  }

  /** Reads a `KeyRingDocument` from its JSON text. Throws a `KeyRingError` that names the field at fault. */
  static parse(text: string): KeyRing {
    const document = parseKeyRingDocument(text);
    return new KeyRing({
      sealing: toKeys('sealing', document.sealing),
      index: toKeys('index', document.index),
      token: toKeys('token', document.token),
    });
  }

  /** Refuses each use of a key: `refuse` throws. Until `release` or `replaceBy` is called. */
  withhold(refuse: () => never): void {
    this.#refuse = refuse;
  }

  release(): void {
    this.#refuse = null;
  }

  /** Uses the keys of another ring from now on. */
  replaceBy(other: KeyRing): void {
    this.#keys = other.#keys;
    this.#refuse = null;
  }

  /** The key for new values. Throws while the ring is withheld. */
  active(purpose: KeyPurpose): RingKey {
    this.#refuse?.();
    return this.#keys[purpose][0];
  }

  /** All keys of a purpose, the active one first. Throws while the ring is withheld. */
  all(purpose: KeyPurpose): readonly RingKey[] {
    this.#refuse?.();
    return this.#keys[purpose];
  }

  /** Like `all`, also while the ring is withheld. */
  known(purpose: KeyPurpose): readonly [RingKey, ...RingKey[]] {
    return this.#keys[purpose];
  }

  /** Throws for an unknown key while the ring is withheld: the ring may be behind. */
  find(purpose: KeyPurpose, id: string): RingKey | undefined {
    const found = this.#keys[purpose].find((key) => key.id === id);
    if (!found) this.#refuse?.();
    return found;
  }
}

/** A new key ring with one random key per purpose. The document holds its secrets in clear. */
export function generateKeyRing(): KeyRingDocument {
  return {
    version: 1,
    sealing: [newKey('sealing')],
    index: [newKey('index')],
    token: [newKey('token')],
  };
}

/** The document with one more random key of a purpose, as the last one: it opens, and does not seal yet. */
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

/**
 * A public value derived from this key, base64url of 32 bytes. Stored with the data when the key is first
 * used, it stops a boot with another key under the same id. It reveals nothing about the key (HMAC-SHA256 is
 * one-way).
 */
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
