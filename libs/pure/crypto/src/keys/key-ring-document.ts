import { decodeBase64url } from '@countersign/text';
import { isKeyId } from './key-id';

/** What a key is for; no key serves two purposes. */
export const KEY_PURPOSES = ['sealing', 'index', 'token'] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

/** The keys of one purpose. All of them open, find and verify; the first one seals, and signs new tokens. */
export type KeyListDocument = readonly {
  readonly id: string;
  /** base64url of 32 bytes, in clear. */
  readonly secret: string;
}[];

/** A key ring as it is written to a file. Holds secrets in clear: not for logs. */
export type KeyRingDocument = { readonly version: 1 } & Readonly<Record<KeyPurpose, KeyListDocument>>;

/** A key ring that cannot be used. The message names the field and its rule, never a value. */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';

  constructor(
    /** As in `sealing[0].secret`. */
    readonly field: string,
    rule: string,
  ) {
    super(`${field} ${rule}`);
  }
}

export const SECRET_BYTES = 32;

const ROOT = 'the key ring';
/** A plausible typing error of an operator; anything longer could be a secret in the wrong place. */
const FIELD_NAME = /^[a-z_-]{1,24}$/i;

/** Parses and checks a key ring. Throws a `KeyRingError`. */
export function parseKeyRingDocument(text: string): KeyRingDocument {
  const root = toRecord(parseJson(text), ROOT);
  if (root['version'] !== 1) throw new KeyRingError('version', 'must be 1');
  refuseUnknownFields(root, ['version', ...KEY_PURPOSES]);
  const document: KeyRingDocument = {
    version: 1,
    sealing: parseKeys(root['sealing'], 'sealing'),
    index: parseKeys(root['index'], 'index'),
    token: parseKeys(root['token'], 'token'),
  };
  refuseRepetitions(document);
  return document;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not kept as a cause: the message of a SyntaxError quotes the text.
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
  if (typeof id !== 'string' || !isKeyId(id)) {
    throw new KeyRingError(`${field}.id`, 'must be 1 to 16 lower-case letters and digits');
  }
  const bytes = typeof secret === 'string' ? decodeBase64url(secret) : undefined;
  if (typeof secret !== 'string' || bytes?.length !== SECRET_BYTES) {
    throw new KeyRingError(`${field}.secret`, `must be base64url of exactly ${SECRET_BYTES} bytes`);
  }
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
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new KeyRingError(field, 'must be an object');
  }
  return value as Record<string, unknown>;
}

function refuseUnknownFields(record: object, known: readonly string[], parent?: string): void {
  const unknown = Object.keys(record).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const name = FIELD_NAME.test(unknown) ? unknown : '(unprintable)';
  throw new KeyRingError(parent ? `${parent}.${name}` : name, 'is not a known field');
}
