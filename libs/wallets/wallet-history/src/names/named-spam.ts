import type { Chain } from '@countersign/chains';
import { spamReasonsOfNames, type SpamReason } from '@countersign/evm-blocks';
import { isHidden, type AssetKey, type HistoryEntry } from '../entry';
import { SpamRulesOfChain } from '../follower/spam-judge';
import type { ReadAsset, ReadEntry } from '../reading/history-reader';
import type { KnownTokens } from './known-tokens';

/**
 * Judges what was stored before the names of its token were known. Rows keep the reasons that they were stored with: this
 * adds to them in answers.
 */
export class NamedSpam {
  private readonly listedSymbols: ReadonlySet<string>;

  constructor(
    chain: Chain,
    private readonly tokens: KnownTokens,
  ) {
    ({ listedSymbols: this.listedSymbols } = new SpamRulesOfChain(chain));
  }

  entries(read: readonly ReadEntry[], includesHidden: boolean): readonly ReadEntry[] {
    const judged = read.map(({ entry, ...rest }) => {
      const named = this.entry(entry);
      return { ...rest, entry: named, isHidden: rest.isHidden || isHidden(named) };
    });
    return judged.filter((each) => includesHidden || !each.isHidden);
  }

  assets(read: readonly ReadAsset[], includesHidden: boolean): readonly ReadAsset[] {
    const judged = read.map((asset) => {
      const key = asset.record ?? asset.pending?.key;
      const isSpam = key !== undefined && this.reasonsOf(key).length > 0;
      return { ...asset, isHidden: asset.isHidden || isSpam };
    });
    return judged.filter((each) => includesHidden || !each.isHidden);
  }

  private entry(entry: HistoryEntry): HistoryEntry {
    return {
      ...entry,
      transfers: entry.transfers.map((transfer) => ({
        ...transfer,
        spam: [...new Set([...transfer.spam, ...this.reasonsOf(transfer)])],
      })),
    };
  }

  /** Listed tokens are not among the known ones. */
  private reasonsOf({ contract }: AssetKey): readonly SpamReason[] {
    const names = contract === null ? undefined : this.tokens.get(contract);
    return names ? spamReasonsOfNames(names, this.listedSymbols) : [];
  }
}

/** The contracts of what is read. */
export function contractsOf(read: readonly (ReadEntry | ReadAsset)[]): readonly (string | null)[] {
  return read.flatMap((each) =>
    'entry' in each
      ? each.entry.transfers.map(({ contract }) => contract)
      : [(each.record ?? each.pending?.key)?.contract ?? null],
  );
}
