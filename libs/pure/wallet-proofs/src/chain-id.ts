import { accepted, refused, type Result } from '@countersign/text';
import type { WalletAddressRefusal } from './wallet-refusals';

/** `-239` is the main network of TON, `-3` its test network. */
export type TonNetwork = '-239' | '-3';

/** A chain, read from its CAIP-2 id. */
export type ReadChain =
  | { readonly namespace: 'eip155'; readonly id: string; readonly chainId: number }
  | { readonly namespace: 'ton'; readonly id: string; readonly network: TonNetwork };

/** An EVM chain or TON. `id` is the stored form: `ton:-239` also for `tvm:-239`, because both names are in use. */
export function readChainId(text: string): Result<ReadChain, WalletAddressRefusal> {
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
