import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { hmacSha256 } from '../hash';
import {
  KEY_PURPOSES,
  parseKeyRingDocument,
  SECRET_BYTES,
  type KeyFamilyDocument,
  type KeyPurpose,
  type KeyRingDocument,
} from './key-ring-document';
import { randomKeyId, type RandomSource } from '../random';

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

/** Which keys are active and retired at all replicas. It overrides the active key of each document. */
export interface KeyRingState {
  readonly active: Readonly<Record<KeyPurpose, string>>;
  /** Key ids that are used for nothing any more, in the document or not. */
  readonly retired: ReadonlySet<string>;
}

/** The keys of this installation, by purpose. Safe to print. */
export class KeyRing {
  #families: Readonly<Record<KeyPurpose, KeyFamily>>;
  readonly #document: Readonly<Record<KeyPurpose, KeyFamily>>;
  #assertUsable: (purpose: KeyPurpose) => void = () => undefined;
  #refuse: (() => never) | null = null;

  private constructor(families: Readonly<Record<KeyPurpose, KeyFamily>>) {
    this.#families = families;
    this.#document = families;
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

  /** Until `follow` is called, each key for new values and for lookups is refused: `refuse` throws. */
  withhold(refuse: () => never): void {
    this.#refuse = refuse;
  }

  /** Uses the keys as `state` says. Throws a `RangeError` when the document lacks an active key. */
  follow({ active, retired }: KeyRingState): void {
    const next = (purpose: KeyPurpose): KeyFamily => {
      const { all } = this.#document[purpose];
      const usable = all.filter(({ id }) => !retired.has(id));
      return familyOf(usable, active[purpose]);
    };
    this.#families = { sealing: next('sealing'), index: next('index'), token: next('token') };
    this.#refuse = null;
  }

  /** `assertUsable` is called before a key seals, tags or looks up; it throws while none may. */
  guard(assertUsable: (purpose: KeyPurpose) => void): void {
    this.#assertUsable = assertUsable;
  }

  /** The key that the document names as active. The state may have another one. */
  declared(purpose: KeyPurpose): RingKey {
    return this.#document[purpose].active;
  }

  /** All keys of the document, also those that are retired. */
  known(purpose: KeyPurpose): readonly RingKey[] {
    return this.#document[purpose].all;
  }

  /** The key for new values. Throws what the guard throws. */
  active(purpose: KeyPurpose): RingKey {
    this.#refuse?.();
    this.#assertUsable(purpose);
    return this.#families[purpose].active;
  }

  /**
   * The key that was active when the state was read last, without asking the guard: for values that every key of the
   * ring checks, so that another key has become active does not matter.
   */
  lastActive(purpose: KeyPurpose): RingKey {
    this.#refuse?.();
    return this.#families[purpose].active;
  }

  find(purpose: KeyPurpose, id: string): RingKey | undefined {
    return this.#families[purpose].byId.get(id);
  }

  /** All keys of a purpose, the active one first. Throws what the guard throws. */
  all(purpose: KeyPurpose): readonly RingKey[] {
    this.#refuse?.();
    this.#assertUsable(purpose);
    return this.#families[purpose].all;
  }
}

/** A new key ring with one random key per purpose. The document holds its secrets in clear. */
export function generateKeyRing(random: RandomSource = randomBytes): KeyRingDocument {
  return {
    version: 1,
    sealing: generateFamily(LETTERS.sealing, random),
    index: generateFamily(LETTERS.index, random),
    token: generateFamily(LETTERS.token, random),
  };
}

/** The document with one more random key, of the next epoch. The active key stays the same. */
export function extendKeyRing(
  document: KeyRingDocument,
  purpose: KeyPurpose,
  random: RandomSource = randomBytes,
): { readonly document: KeyRingDocument; readonly id: string } {
  const { active, keys } = document[purpose];
  const id = newKeyId(document, LETTERS[purpose], random);
  const epoch = Math.max(...keys.map((key) => key.epoch)) + 1;
  const added = { id, epoch, secret: random(SECRET_BYTES).toString('base64url') };
  return { document: { ...document, [purpose]: { active, keys: [...keys, added] } }, id };
}

const LETTERS: Readonly<Record<KeyPurpose, string>> = { sealing: 'k', index: 'i', token: 't' };

function newKeyId(document: KeyRingDocument, letter: string, random: RandomSource): string {
  const taken = new Set(KEY_PURPOSES.flatMap((purpose) => document[purpose].keys.map(({ id }) => id)));
  for (;;) {
    const id = randomKeyId(letter, random);
    if (!taken.has(id)) return id;
  }
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
  return familyOf(keys, document.active);
}

function familyOf(keys: readonly RingKey[], activeId: string): KeyFamily {
  const byId = new Map(keys.map((key) => [key.id, key]));
  const active = byId.get(activeId);
  if (!active) throw new RangeError(`the key ring lacks the key ${activeId}`);
  return { active, all: Object.freeze([active, ...keys.filter((key) => key !== active)]), byId };
}
