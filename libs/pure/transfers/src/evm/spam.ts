import { foldConfusables, foldLookAlikes } from '@countersign/text';
import { ZERO_ADDRESS, type Address } from './hex';
import type { Transfer } from './transfers-of';

/** Why a transfer is hidden by default. docs/wallets.md explains the reasons. */
export const spamReasons = [
  'zero_value_not_own',
  'counterfeit_symbol',
  'look_alike_counterparty',
  'advertising_name',
] as const;
export type SpamReason = (typeof spamReasons)[number];

/** The contract's own claims, decoded by `decodeText`. */
interface TokenNames {
  readonly symbol: string | null;
  readonly name: string | null;
}

interface SpamContext {
  readonly wallet: Address;
  readonly listed: readonly { readonly address: string; readonly symbol: string }[];
  readonly coin: string;
  /** For unlisted tokens, by contract. */
  readonly names: ReadonlyMap<Address, TokenNames>;
  /** The addresses to which the wallet itself sent assets. */
  readonly paid: readonly Address[];
}

const URL = /\bhttps?:|\bwww\.|\bt\.me\b|[\p{L}\p{N}-][.。][\p{L}-]{2,}(?:[/\s:?#)\]]|$)/iu;
const INVITATION = /\b(?:claim|visit|airdrop|giveaway|voucher)/iu;

export class SpamFilter {
  private readonly listed: ReadonlySet<string>;
  private readonly listedSymbols: ReadonlySet<string>;
  private readonly paid: ReadonlySet<Address>;
  private readonly paidEnds: ReadonlySet<string>;

  constructor(private readonly context: SpamContext) {
    const { listed, coin, paid } = context;
    this.listed = new Set(listed.map(({ address }) => address));
    this.listedSymbols = new Set([coin, ...listed.map(({ symbol }) => symbol)].map(foldSymbol));
    this.paid = new Set(paid);
    this.paidEnds = new Set(paid.map(endsOf));
  }

  /** All rules that the transfer breaks; none for a transfer that is shown. */
  reasonsOf({ from, to, amount, asset, sentBy }: Transfer): readonly SpamReason[] {
    const { wallet, names } = this.context;
    // A log alone proves nothing, since any contract may name any sender.
    const isOwn = sentBy === wallet;
    const counterparty = from === wallet ? to : from;
    const claimed = asset.standard === 'native' || this.listed.has(asset.contract) ? null : asset.contract;
    const { symbol, name } = (claimed && names.get(claimed)) ?? { symbol: null, name: null };
    const broken: Record<SpamReason, boolean> = {
      zero_value_not_own: amount === 0n && !isOwn,
      counterfeit_symbol: this.listedSymbols.has(foldSymbol(symbol ?? '')),
      look_alike_counterparty: !isOwn && counterparty !== null && this.isLookAlike(counterparty),
      advertising_name: [symbol ?? '', name ?? ''].some(isAdvertisement),
    };
    return spamReasons.filter((reason) => broken[reason]);
  }

  isHidden(transfers: readonly Transfer[]): boolean {
    return transfers.length > 0 && transfers.every((transfer) => this.reasonsOf(transfer).length > 0);
  }

  /** Whether an unpaid address begins and ends like a paid one. The zero address means minting or burning. */
  private isLookAlike(address: Address): boolean {
    return address !== ZERO_ADDRESS && !this.paid.has(address) && this.paidEnds.has(endsOf(address));
  }
}

/** Software shows only these digits of an address, and they are cheap to imitate. */
function endsOf(address: Address): string {
  return address.slice(2, 6) + address.slice(-4);
}

function foldSymbol(symbol: string): string {
  return foldLookAlikes(foldConfusables(symbol).replaceAll(/[^\p{L}\p{N}]/gu, ''));
}

function isAdvertisement(text: string): boolean {
  const folded = foldConfusables(text);
  return URL.test(folded) || INVITATION.test(folded);
}
