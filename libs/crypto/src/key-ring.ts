import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { hmacSha256 } from './hash';
import {
  parseKeyRingDocument,
  SECRET_BYTES,
  type KeyFamilyDocument,
  type KeyPurpose,
  type KeyRingDocument,
} from './key-ring-document';
import { randomKeyId, type RandomSource } from './random';

/** One key of the ring. Safe to print: a `KeyObject` shows nothing of its bytes. */
export interface RingKey {
  readonly id: string;
  readonly epoch: number;
  readonly purpose: KeyPurpose;
  /** 32 bytes. */
  readonly secret: KeyObject;
}

interface KeyFamily {
  readonly active: RingKey;
  readonly all: readonly RingKey[];
  readonly byId: ReadonlyMap<string, RingKey>;
}

/** The keys of this installation, by purpose. Safe to print. */
export class KeyRing {
  readonly #families: Readonly<Record<KeyPurpose, KeyFamily>>;

  private constructor(families: Readonly<Record<KeyPurpose, KeyFamily>>) {
    this.#families = families;
  }

  /** Reads a `KeyRingDocument` from its JSON text. Throws a `KeyRingError` that names the field at fault. */
  static parse(text: string): KeyRing {
    const document = parseKeyRingDocument(text);
    return new KeyRing({
      sealing: toFamily('sealing', document.sealing),
      index: toFamily('index', document.index),
      token: toFamily('token', document.token),
    });
  }

  /** The key for new values. */
  active(purpose: KeyPurpose): RingKey {
    return this.#families[purpose].active;
  }

  find(purpose: KeyPurpose, id: string): RingKey | undefined {
    return this.#families[purpose].byId.get(id);
  }

  /** All keys of a purpose, the active one first. */
  all(purpose: KeyPurpose): readonly RingKey[] {
    return this.#families[purpose].all;
  }
}

/** A new key ring with one random key per purpose. The document holds its secrets in clear. */
export function generateKeyRing(random: RandomSource = randomBytes): KeyRingDocument {
  return {
    version: 1,
    sealing: generateFamily('k', random),
    index: generateFamily('i', random),
    token: generateFamily('t', random),
  };
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

function generateFamily(letter: string, random: RandomSource): KeyFamilyDocument {
  const id = randomKeyId(letter, random);
  return { active: id, keys: [{ id, epoch: 1, secret: random(SECRET_BYTES).toString('base64url') }] };
}

function toFamily(purpose: KeyPurpose, document: KeyFamilyDocument): KeyFamily {
  const keys = document.keys.map(({ id, epoch, secret }) =>
    Object.freeze<RingKey>({ id, epoch, purpose, secret: createSecretKey(secret, 'base64url') }),
  );
  const byId = new Map(keys.map((key) => [key.id, key]));
  const active = byId.get(document.active) as RingKey;
  return { active, all: Object.freeze([active, ...keys.filter((key) => key !== active)]), byId };
}
