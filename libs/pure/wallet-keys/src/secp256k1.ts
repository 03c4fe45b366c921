import { secretBytes } from './secret-bytes';

/** The exports of libsecp256k1 0.8.1 in tiny-secp256k1's WebAssembly: byte addresses of arguments, and functions. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly PRIVATE_INPUT: { readonly value: number };
  readonly TWEAK_INPUT: { readonly value: number };
  readonly HASH_INPUT: { readonly value: number };
  readonly PUBLIC_KEY_INPUT: { readonly value: number };
  readonly SIGNATURE_INPUT: { readonly value: number };
  /** Writes the point into `PUBLIC_KEY_INPUT`. 0: the private key is out of range. */
  pointFromScalar(publicKeyBytes: number): number;
  /** Adds `TWEAK_INPUT` to `PRIVATE_INPUT`. 0: the sum is zero, or one of them is out of range. */
  privateAdd(): number;
  /** Writes `SIGNATURE_INPUT` (low s, nonce of RFC 6979) and returns the recovery id. */
  signRecoverable(hasExtraEntropy: 0 | 1): number;
}

/**
 * The stack starts at address 0, below all data.
 * @see https://github.com/bitcoinjs/tiny-secp256k1/blob/master/Makefile `-zstack-size=655360`
 */
const STACK_BYTES = 655_360;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** The order of the group (SEC 2, section 2.4.1). */
const ORDER = Buffer.from('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141', 'hex');
const ZERO = Buffer.alloc(KEY_BYTES);

const library = load();
const memory = Buffer.from(library.memory.buffer);

/** 33 bytes (compressed) or 65 bytes. Throws a `RangeError` for a number that is no private key. */
export function secp256k1PublicKey(privateKey: Buffer, length: 33 | 65): Buffer {
  assertPrivateKey(privateKey);
  return withCleanMemory(() => {
    write(library.PRIVATE_INPUT, privateKey);
    if (library.pointFromScalar(length) !== 1) throw new RangeError('no private key of secp256k1');
    return Buffer.from(read(library.PUBLIC_KEY_INPUT, length));
  });
}

/** The sum modulo the order of the group; null if BIP-32 has no such child. */
export function addPrivateKeys(privateKey: Buffer, tweak: Buffer): Buffer | null {
  assertPrivateKey(privateKey);
  return withCleanMemory(() => {
    write(library.PRIVATE_INPUT, privateKey);
    write(library.TWEAK_INPUT, tweak);
    if (library.privateAdd() !== 1) return null;
    const sum = secretBytes(KEY_BYTES);
    read(library.PRIVATE_INPUT, KEY_BYTES).copy(sum);
    return sum;
  });
}

/** 64 bytes (r, low s) with the deterministic nonce of RFC 6979, and the parity of its point. */
export function signSecp256k1(digest: Buffer, privateKey: Buffer): { signature: Buffer; yParity: 0 | 1 } {
  assertPrivateKey(privateKey);
  if (digest.length !== KEY_BYTES) throw new RangeError('a digest to sign has 32 bytes');
  return withCleanMemory(() => {
    write(library.HASH_INPUT, digest);
    write(library.PRIVATE_INPUT, privateKey);
    const recoveryId = library.signRecoverable(0);
    // 2 and 3 need an r above the order: one signature of 2^127.
    if (recoveryId !== 0 && recoveryId !== 1) throw new RangeError('the signature has no parity');
    return { signature: Buffer.from(read(library.SIGNATURE_INPUT, SIGNATURE_BYTES)), yParity: recoveryId };
  });
}

/** The library traps on such a key, and then loses a slice of its stack. */
function assertPrivateKey(key: Buffer): void {
  if (key.length !== KEY_BYTES || key.equals(ZERO) || Buffer.compare(key, ORDER) >= 0)
    throw new RangeError('no private key of secp256k1');
}

/** The package zeroes only arguments, and leaves the private key in its stack. Zeroing it costs about 20 µs. */
function withCleanMemory<T>(work: () => T): T {
  try {
    return work();
  } finally {
    memory.fill(0, 0, STACK_BYTES);
    for (const [argument, length] of [
      [library.PRIVATE_INPUT, KEY_BYTES],
      [library.TWEAK_INPUT, KEY_BYTES],
      [library.HASH_INPUT, KEY_BYTES],
      [library.PUBLIC_KEY_INPUT, 65],
      [library.SIGNATURE_INPUT, SIGNATURE_BYTES],
    ] as const)
      read(argument, length).fill(0);
  }
}

function write({ value }: { readonly value: number }, bytes: Buffer): void {
  bytes.copy(memory, value);
}

function read({ value }: { readonly value: number }, length: number): Buffer {
  return memory.subarray(value, value + length);
}

/** The package's functions do not give access to the memory, so this loads their instance. */
function load(): Exports {
  const entry = require.resolve('tiny-secp256k1');
  // oxlint-disable-next-line typescript/no-require-imports -- the package exports no other way to its memory
  const { default: exports } = require(entry.replace(/index\.cjs$/, 'wasm_loader.cjs')) as {
    default: Exports;
  };
  const data = [exports.PRIVATE_INPUT, exports.TWEAK_INPUT, exports.HASH_INPUT, exports.SIGNATURE_INPUT];
  if (data.some(({ value }) => value < STACK_BYTES))
    throw new TypeError('the memory of tiny-secp256k1 has another layout');
  return exports;
}
