import { transactionHash } from '@countersign/sends';
import { readTonExternalMessage } from '@countersign/ton-sends';

/** The hash by which a chain finds a version: of TON that of its message, normalised. @param raw `0x` and hex */
export function versionHash(chainId: string, raw: string): string {
  const bytes = Buffer.from(raw.slice(2), 'hex');
  return chainId.startsWith('ton:') ? readTonExternalMessage(bytes).hash : transactionHash(bytes);
}
