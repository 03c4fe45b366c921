import { Injectable } from '@nestjs/common';
import { Clock, MINUTE } from '@countersign/clock';
import { Logger } from '@countersign/observability';
import type { Chain, ChainId } from '../chain';
import { ChainMetrics } from '../chain-metrics';
import { agreedOf, type Reply } from '../from-nodes';

/** What nodes gave different answers about; `listed-transaction`: the two indexers of a TON chain. */
type Disputed = 'amount' | 'final-block' | 'key' | 'listed-transaction' | 'sent-transaction' | 'transaction';

interface Disagreement {
  readonly about: Disputed;
  readonly indexes: readonly number[];
  readonly at: Date;
}

/** How long readiness names a disagreement. */
const SHOWN_MS = 10 * MINUTE;

/** Which nodes gave other answers than the rest, for operators. No address and no answer is stored. */
@Injectable()
export class NodeDisagreements {
  private readonly last = new Map<ChainId, Disagreement>();

  constructor(
    private readonly metrics: ChainMetrics,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {}

  /**
   * Records which nodes gave another answer than the agreed one; all of them where none was agreed on.
   * @returns whether all gave the same
   */
  compare<T>(
    { id, nodeCount }: Pick<Chain, 'id' | 'nodeCount'>,
    about: Disputed,
    said: readonly Reply<T>[],
  ): boolean {
    const answers = said.map(({ answer }) => answer);
    if (new Set(answers).size < 2) return true;
    const agreed = agreedOf(answers, nodeCount);
    const others = said.filter(({ answer }) => answer !== agreed);
    this.note(
      id,
      about,
      others.map(({ index }) => index),
    );
    return false;
  }

  /** @param indexes of the nodes, 0 for the first URL of the chain */
  note(chainId: ChainId, about: Disputed, indexes: readonly number[]): void {
    const nodes = indexes.toSorted((one, other) => one - other);
    for (const node of nodes) this.metrics.disagreements({ chain: chainId, node: String(node), about });
    const before = this.describe(chainId);
    this.last.set(chainId, { about, indexes: nodes, at: this.clock.now() });
    if (this.describe(chainId) !== before)
      this.logger.warn({ chainId, nodes, about }, 'nodes of a chain give different answers');
  }

  /** For some minutes after the last one. `null`: none. */
  describe(chainId: ChainId): string | null {
    const found = this.last.get(chainId);
    if (!found || this.clock.now().getTime() - found.at.getTime() > SHOWN_MS) return null;
    const { indexes, about } = found;
    const kind = about === 'listed-transaction' ? 'indexer' : 'node';
    const nodes =
      indexes.length === 1
        ? `${kind} ${indexes.join('')} differs`
        : `${kind}s ${indexes.join(' and ')} differ`;
    return `${chainId}: ${nodes} about ${words[about]}`;
  }
}

const words: Readonly<Record<Disputed, string>> = {
  amount: 'amounts',
  'final-block': 'a final block',
  key: 'the key of a wallet',
  'listed-transaction': 'a transaction',
  'sent-transaction': 'a sent transaction',
  transaction: 'a transaction',
};
