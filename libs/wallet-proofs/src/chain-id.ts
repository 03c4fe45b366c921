import { accepted, refused, type Result } from '@countersign/errors';
import { readEvmAddress, type EvmAddress } from './evm-address';
import type { WalletAddressRefusal } from './wallet-refusals';

/** `-239` is the main network of TON, `-3` its test network. */
export type TonNetwork = '-239' | '-3';

/** A chain, read from its CAIP-2 id. */
export type ChainId =
  | { readonly namespace: 'eip155'; readonly id: string; readonly chainId: number }
  | { readonly namespace: 'ton'; readonly id: string; readonly network: TonNetwork };

/**
 * Reads a CAIP-2 id of an EVM chain or of TON. `id` is the form that is compared and stored: TON's is `ton:-239` also
 * where `tvm:-239` was sent, since both names are in use.
 */
export function readChainId(text: string): Result<ChainId, WalletAddressRefusal> {
  const [, namespace, reference] = /^(eip155|ton|tvm):(-?[0-9]{1,16})$/.exec(text) ?? [];
  if (reference === undefined) return refused('wallet.chain_invalid');
  if (namespace === 'eip155') {
    const chainId = Number(reference);
    if (!Number.isSafeInteger(chainId) || chainId <= 0 || String(chainId) !== reference) {
      return refused('wallet.chain_invalid');
    }
    return accepted({ namespace, id: text, chainId });
  }
  if (reference !== '-239' && reference !== '-3') return refused('wallet.chain_invalid');
  return accepted({ namespace: 'ton', id: `ton:${reference}`, network: reference });
}

/** An account on one chain, such as that of a contract wallet: another chain may have another owner at its address. */
export interface EvmAccountId {
  readonly chainId: number;
  readonly address: EvmAddress;
}

/** The CAIP-10 id of an account: `eip155:<chain>:0x<40 hex digits in lower case>`. */
export function writeAccountId({ chainId, address }: EvmAccountId): string {
  return `eip155:${String(chainId)}:${address}`;
}

/** Reads what `writeAccountId` writes; the address may also have its EIP-55 checksum. */
export function readAccountId(text: string): Result<EvmAccountId, WalletAddressRefusal> {
  const at = text.lastIndexOf(':');
  const chain = readChainId(text.slice(0, Math.max(at, 0)));
  if (!chain.ok) return chain;
  if (chain.value.namespace !== 'eip155') return refused('wallet.chain_invalid');
  const address = readEvmAddress(text.slice(at + 1));
  return address.ok ? accepted({ chainId: chain.value.chainId, address: address.value }) : address;
}
