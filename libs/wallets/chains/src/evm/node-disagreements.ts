import { Injectable } from '@nestjs/common';
import { Clock, MINUTE } from '@countersign/clock';
import { Logger } from '@countersign/observability';
import type { Chain, ChainId } from '../chain';
import { ChainMetrics } from '../chain-metrics';
import { agreedOf, type Said } from '../from-nodes';

/** What nodes gave different answers about. */
export type Disputed = 'amount' | 'final-block' | 'transaction';

interface Disagreement {
  readonly about: Disputed;
  readonly places: readonly number[];
  readonly at: Date;
}

/** For so long readiness names one. */
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
   * Notes which nodes said something else than was agreed on; all of them where nothing was.
   * @returns whether all said the same
   */
  compare<T>({ id, nodeCount }: Chain, about: Disputed, said: readonly Said<T>[]): boolean {
    const answers = said.map(({ answer }) => answer);
    if (new Set(answers).size < 2) return true;
    const agreed = agreedOf(answers, nodeCount);
    const others = said.filter(({ answer }) => answer !== agreed);
    this.note(
      id,
      about,
      others.map(({ place }) => place),
    );
    return false;
  }

  /** @param places of the nodes, in the file of chains */
  note(chainId: ChainId, about: Disputed, places: readonly number[]): void {
    const nodes = places.toSorted((one, other) => one - other);
    for (const node of nodes) this.metrics.disagreed(chainId, node, about);
    const before = this.describe(chainId);
    this.last.set(chainId, { about, places: nodes, at: this.clock.now() });
    if (this.describe(chainId) !== before)
      this.logger.warn({ chainId, nodes, about }, 'nodes of a chain give different answers');
  }

  /** For some minutes after the last one. `null`: none. */
  describe(chainId: ChainId): string | null {
    const found = this.last.get(chainId);
    if (!found || this.clock.now().getTime() - found.at.getTime() > SHOWN_MS) return null;
    const { places, about } = found;
    const nodes =
      places.length === 1 ? `node ${places.join('')} differs` : `nodes ${places.join(' and ')} differ`;
    return `${chainId}: ${nodes} about ${words[about]}`;
  }
}

const words: Readonly<Record<Disputed, string>> = {
  amount: 'amounts',
  'final-block': 'a final block',
  transaction: 'a transaction',
};
