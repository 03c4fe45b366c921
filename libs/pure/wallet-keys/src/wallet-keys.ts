import { evmAddressOf } from './evm-key';
import { tonPublicKeyOf } from './ton-key';
import { tonWalletOf } from './ton-wallet';
import { deriveEd25519, deriveSecp256k1, HARDENED, type DerivedKey } from './derivation';
import { seedOf } from './mnemonic';
import { wipe, wiping } from './secret-bytes';

/** The private keys of one wallet, 32 bytes each. Secrets: the caller wipes them. */
export interface WalletKeys {
  /** A secp256k1 key at `m/44'/60'/0'/0/0`. */
  readonly evm: Buffer;
  /** The seed of an Ed25519 key (RFC 8032), at `m/44'/607'/0'`. */
  readonly ton: Buffer;
}

const EVM_PATH = [44 + HARDENED, 60 + HARDENED, HARDENED, 0, 0];
const TON_PATH = [44 + HARDENED, 607 + HARDENED, HARDENED];

/** About 2 ms (BIP-39, BIP-32, SLIP-0010, BIP-44). Copies in Node live until the collector overwrites them. */
export function deriveWalletKeys(entropy: Buffer): WalletKeys {
  return wiping(seedOf(entropy), (seed) => ({
    evm: privateKeyOf(deriveSecp256k1(seed, EVM_PATH)),
    ton: privateKeyOf(deriveEd25519(seed, TON_PATH)),
  }));
}

function privateKeyOf({ privateKey, chainCode }: DerivedKey): Buffer {
  wipe(chainCode);
  return privateKey;
}

export interface PublicKeys {
  /** The address with its EIP-55 checksum. */
  readonly evmAddress: string;
  /** The Ed25519 key, 64 hex digits. */
  readonly tonPublicKey: string;
}

export function publicKeysOf({ evm, ton }: WalletKeys): PublicKeys {
  return { evmAddress: evmAddressOf(evm), tonPublicKey: tonPublicKeyOf(ton).toString('hex') };
}

/** The address on a chain (CAIP-2) in the form of decoded acts: lower case, or raw. */
export function addressOn({ evmAddress, tonPublicKey }: PublicKeys, chain: string): string {
  return chain.startsWith('ton:')
    ? tonWalletOf(Buffer.from(tonPublicKey, 'hex'), chain === 'ton:-3' ? -3 : -239).address
    : evmAddress.toLowerCase();
}
