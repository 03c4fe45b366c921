import { accepted, refused, type Result } from '@countersign/text';
import { Address } from '@ton/core';
import type { WalletAddressRefusal } from '../wallet-refusals';

export interface TonAddress {
  /** `<workchain>:<64 hex digits in lower case>`: the stored form. */
  readonly raw: string;
  readonly workchain: 0 | -1;
  /** The hash of the contract's state init, 32 bytes. */
  readonly hash: Buffer;
  /** Whether the user-friendly form is for test networks; null for the raw form, which does not say it. */
  readonly isTest: boolean | null;
}

const RAW = /^(0|-1):([0-9a-fA-F]{64})$/;
/** 36 bytes: tag, workchain, hash, checksum. The two alphabets must not be mixed. */
const FRIENDLY = /^(?:[A-Za-z0-9_-]{48}|[A-Za-z0-9+/]{48})$/;

/** Accepts workchains 0 and -1, raw or user-friendly with a correct checksum. */
export function readTonAddress(text: string): Result<TonAddress, WalletAddressRefusal> {
  const [, workchain, hex] = RAW.exec(text) ?? [];
  if (hex !== undefined)
    return accepted(addressOf(workchain === '0' ? 0 : -1, Buffer.from(hex, 'hex'), null));
  if (!FRIENDLY.test(text)) return refused('wallet.address_invalid');
  try {
    const { address, isTestOnly } = Address.parseFriendly(text);
    const { workChain, hash } = address;
    if (workChain !== 0 && workChain !== -1) return refused('wallet.address_invalid');
    return accepted(addressOf(workChain, hash, isTestOnly));
  } catch {
    return refused('wallet.address_invalid');
  }
}

/** The form for people: non-bounceable, as for wallets, and URL-safe. @param raw in the form of `readTonAddress` */
export function showTonAddress(raw: string, { isTest }: { readonly isTest: boolean }): string {
  return Address.parseRaw(raw).toString({ bounceable: false, testOnly: isTest, urlSafe: true });
}

function addressOf(workchain: 0 | -1, hash: Buffer, isTest: boolean | null): TonAddress {
  return { raw: `${String(workchain)}:${hash.toString('hex')}`, workchain, hash, isTest };
}
