import { lengthPrefixed, macOf } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';

type Keyed = Pick<OpenedWallet, 'macKey'>;

function digestOf({ macKey }: Keyed, ...names: readonly string[]): Buffer {
  return macOf(macKey, lengthPrefixed(names));
}

/** Of the final history of a wallet on a chain. */
export function historyDigest(wallet: Keyed, chainId: string): Buffer {
  return digestOf(wallet, 'history', chainId);
}

/** Of the assets of a wallet on a chain. */
export function assetsDigest(wallet: Keyed, chainId: string): Buffer {
  return digestOf(wallet, 'assets', chainId);
}

/** Of what is counted of a wallet on a chain. */
export function omissionsDigest(wallet: Keyed, chainId: string): Buffer {
  return digestOf(wallet, 'tally', chainId);
}

/** Of a wallet in one block: another one in each block. */
export function pendingDigest(wallet: Keyed, chainId: string, blockHash: string): Buffer {
  return digestOf(wallet, 'pending', chainId, blockHash);
}

/** Of an entry that is on the chain, by `nameOf`. */
export function entryDigest(wallet: Keyed, chainId: string, name: string): Buffer {
  return digestOf(wallet, 'entry', chainId, name);
}

/** Of an entry that is no longer on the chain. */
export function vanishedDigest(wallet: Keyed, chainId: string, name: string): Buffer {
  return digestOf(wallet, 'vanished', chainId, name);
}

/** Of one asset, by `nameOfAsset`. */
export function assetDigest(wallet: Keyed, chainId: string, name: string): Buffer {
  return digestOf(wallet, 'asset', chainId, name);
}
