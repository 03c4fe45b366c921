import { accepted, refused, type Result } from '@countersign/text';
import { Address } from '@ton/core';
import type { WalletAddressRefusal } from '../wallet-refusals';

export interface TonAddress {
  /** `<workchain>:<64 hex digits in lower case>`: the form that is compared, stored and found again. */
  readonly raw: string;
  readonly workchain: 0 | -1;
  /** 32 bytes: the hash of the contract's state init. */
  readonly hash: Buffer;
  /** Whether the user-friendly form says that it is for test networks; null for the raw form, which says nothing. */
  readonly isTest: boolean | null;
}

const RAW = /^(0|-1):([0-9a-fA-F]{64})$/;
/** 36 bytes: tag, workchain, hash, checksum. In one of the two alphabets, not in a mixture. */
const FRIENDLY = /^(?:[A-Za-z0-9_-]{48}|[A-Za-z0-9+/]{48})$/;

/** Reads an address of the workchains 0 or -1 in its raw or user-friendly form, whose checksum has to fit. */
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

/**
 * The form that people see: non-bounceable, as for wallets, URL-safe.
 *
 * @param raw as `readTonAddress` answers it
 */
export function showTonAddress(raw: string, { isTest }: { readonly isTest: boolean }): string {
  return Address.parseRaw(raw).toString({ bounceable: false, testOnly: isTest, urlSafe: true });
}

function addressOf(workchain: 0 | -1, hash: Buffer, isTest: boolean | null): TonAddress {
  return { raw: `${String(workchain)}:${hash.toString('hex')}`, workchain, hash, isTest };
}
