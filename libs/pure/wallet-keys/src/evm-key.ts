import { getAddress, keccak256 } from 'viem/utils';
import { secp256k1PublicKey, signSecp256k1 } from './secp256k1';

/** The address with its EIP-55 checksum. Throws a `RangeError` for a number that is no private key. */
export function evmAddressOf(privateKey: Buffer): `0x${string}` {
  const point = secp256k1PublicKey(privateKey, 65).subarray(1);
  return getAddress(`0x${keccak256(point).slice(-40)}`);
}

/** r, s and 27 or 28 (65 bytes), deterministic (RFC 6979). Throws a `RangeError` for an invalid digest or key. */
export function signEvmDigest(privateKey: Buffer, digest: Buffer): Buffer {
  const { signature, yParity } = signSecp256k1(digest, privateKey);
  return Buffer.concat([signature, Buffer.of(27 + yParity)]);
}
