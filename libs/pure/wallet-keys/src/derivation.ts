import { createHmac } from 'node:crypto';
import { addPrivateKeys, secp256k1PublicKey } from './secp256k1';
import { secretBytes, wipe, wiping } from './secret-bytes';

export const HARDENED = 0x8000_0000;

const KEY_BYTES = 32;
const INDEX_BYTES = 4;

/** The private key of a path, and the chain code for its children. Both are secrets. */
export interface DerivedKey {
  readonly privateKey: Buffer;
  readonly chainCode: Buffer;
}

/** A key of secp256k1 (BIP-32). Throws a `RangeError` for a path without a key, about one of 2^127. */
export function deriveSecp256k1(seed: Buffer, path: readonly number[]): DerivedKey {
  return derive('Bitcoin seed', seed, path, secp256k1Child);
}

/** A key of Ed25519 (SLIP-0010), which has only hardened children. */
export function deriveEd25519(seed: Buffer, path: readonly number[]): DerivedKey {
  return derive('ed25519 seed', seed, path, (parent, index) => {
    if (index < HARDENED) throw new RangeError('Ed25519 has hardened children only');
    return wiping(childData(parent, index), (data) => split(hmac(parent.chainCode, data)));
  });
}

function derive(
  curve: string,
  seed: Buffer,
  path: readonly number[],
  childOf: (parent: DerivedKey, index: number) => DerivedKey,
): DerivedKey {
  let key = split(hmac(curve, seed));
  for (const index of path) {
    const parent = key;
    try {
      key = childOf(parent, index);
    } finally {
      wipe(parent.privateKey, parent.chainCode);
    }
  }
  return key;
}

function secp256k1Child(parent: DerivedKey, index: number): DerivedKey {
  const { privateKey: tweak, chainCode } = wiping(childData(parent, index), (data) =>
    split(hmac(parent.chainCode, data)),
  );
  const privateKey = wiping(tweak, () => addPrivateKeys(parent.privateKey, tweak));
  if (!privateKey) throw new RangeError('the path has no key');
  return { privateKey, chainCode };
}

/** The digest of a child covers the public key, or for a hardened child the private key. */
function childData({ privateKey }: DerivedKey, index: number): Buffer {
  const data = secretBytes(1 + KEY_BYTES + INDEX_BYTES);
  if (index < HARDENED) secp256k1PublicKey(privateKey, 33).copy(data);
  else privateKey.copy(data, 1);
  data.writeUInt32BE(index, 1 + KEY_BYTES);
  return data;
}

function hmac(key: string | Buffer, data: Buffer): Buffer {
  return createHmac('sha512', key).update(data).digest();
}

function split(digest: Buffer): DerivedKey {
  return wiping(digest, () => {
    const [privateKey, chainCode] = [secretBytes(KEY_BYTES), secretBytes(KEY_BYTES)];
    digest.copy(privateKey, 0, 0, KEY_BYTES);
    digest.copy(chainCode, 0, KEY_BYTES);
    return { privateKey, chainCode };
  });
}
