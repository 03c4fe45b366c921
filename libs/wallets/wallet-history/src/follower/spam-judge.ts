import type { Chain } from '@countersign/chains';
import {
  Counterparties,
  foldSymbol,
  isOwnDoing,
  spamReasonsOf,
  type Address,
  type SpamReason,
  type TokenNames,
  type Transfer,
} from '@countersign/evm-blocks';
import { dustLimitOf } from './block-matches';

const MAX_COUNTERPARTIES = 200;

/** What tells spam from other transfers on one chain. */
export class SpamRulesOfChain {
  readonly listed: ReadonlySet<Address>;
  readonly listedSymbols: ReadonlySet<string>;
  private readonly dustLimit: bigint;

  constructor(chain: Chain) {
    this.listed = new Set(chain.tokens.map(({ address }) => address as Address));
    const symbols = [chain.currency.symbol, ...chain.tokens.map(({ symbol }) => symbol)];
    this.listedSymbols = new Set(symbols.map(foldSymbol));
    this.dustLimit = dustLimitOf(chain);
  }

  judgeOf(
    wallet: Address,
    known: readonly string[],
    namesOf: (contract: Address) => TokenNames | null,
  ): SpamJudge {
    return new SpamJudge(wallet, known, (transfer, counterparties) => {
      const { listed, listedSymbols, dustLimit } = this;
      const { asset } = transfer;
      const names = asset.standard === 'native' ? null : namesOf(asset.contract);
      return spamReasonsOf(transfer, { wallet, listed, listedSymbols, names, counterparties, dustLimit });
    });
  }
}

/** Judges the transfers of one wallet, in their order. */
export class SpamJudge {
  private readonly counterparties: Counterparties;
  private readonly addresses: string[];
  private hasLearnt = false;

  constructor(
    private readonly wallet: Address,
    known: readonly string[],
    private readonly reasons: (transfer: Transfer, counterparties: Counterparties) => readonly SpamReason[],
  ) {
    this.counterparties = new Counterparties(known as readonly Address[]);
    this.addresses = [...known];
  }

  reasonsOf(transfer: Transfer): readonly SpamReason[] {
    const reasons = this.reasons(transfer, this.counterparties);
    const { to, from, amount } = transfer;
    const isDealing = from === this.wallet && amount > 0n && isOwnDoing(transfer, this.wallet);
    if (to && isDealing && reasons.length === 0 && !this.counterparties.has(to)) {
      this.counterparties.add(to);
      this.addresses.push(to);
      this.hasLearnt = true;
    }
    return reasons;
  }

  /** The last addresses that the wallet sent something to; `null` when they are as before. */
  get learnt(): readonly string[] | null {
    return this.hasLearnt ? this.addresses.slice(-MAX_COUNTERPARTIES) : null;
  }
}
