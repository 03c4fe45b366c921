import type { Chain } from '@countersign/chains';
import {
  Counterparties,
  foldSymbol,
  spamReasonsOf,
  type Address,
  type SpamReason,
  type Transfer,
} from '@countersign/evm-transfers';
import type { IndexedEntry } from '../lists/entries';
import type { ClaimedNamesResponse } from '@countersign/wallet-reading';

/** Finds spam among transfers by the other transfers of the same answer of the indexer: nothing is stored. */
export class SpamOfAnswer {
  /** By contract. */
  readonly names: ReadonlyMap<Address, ClaimedNamesResponse>;
  private readonly counterparties: Counterparties;
  private readonly listed: ReadonlySet<Address>;
  private readonly listedSymbols: ReadonlySet<string>;

  constructor(
    private readonly chain: Chain,
    private readonly wallet: Address,
    entries: readonly IndexedEntry[],
  ) {
    this.listed = new Set(chain.tokens.map(({ address }) => address as Address));
    const symbols = [chain.currency.symbol, ...chain.tokens.map(({ symbol }) => symbol)];
    this.listedSymbols = new Set(symbols.map(foldSymbol));
    const given = entries
      .filter(({ sent }) => sent?.from === wallet)
      .flatMap(({ transfers }) => transfers.filter(({ from, amount }) => from === wallet && amount > 0n));
    this.counterparties = new Counterparties(given.flatMap(({ to }) => (to === null ? [] : [to])));
    this.names = new Map(
      entries.flatMap(({ logs }) =>
        logs.flatMap(({ asset, names }) => ('contract' in asset && names ? [[asset.contract, names]] : [])),
      ),
    );
  }

  reasonsOf(transfer: Transfer): readonly SpamReason[] {
    const { wallet, listed, listedSymbols, counterparties } = this;
    const { asset } = transfer;
    const names = 'contract' in asset ? (this.names.get(asset.contract) ?? null) : null;
    // A ten-thousandth of the coin.
    const dustLimit = 10n ** BigInt(Math.max(0, this.chain.currency.decimals - 4));
    return spamReasonsOf(transfer, { wallet, listed, listedSymbols, names, counterparties, dustLimit });
  }

  isHidden(transfers: readonly Transfer[]): boolean {
    return transfers.length > 0 && transfers.every((transfer) => this.reasonsOf(transfer).length > 0);
  }
}
