import { Injectable } from '@nestjs/common';
import { Metrics, type CountBy } from '@countersign/observability';

/** Counts by chain and outcome. A URL is in no label: it may hold a key. */
@Injectable()
export class ChainMetrics {
  readonly requests: CountBy<'chain' | 'outcome'>;
  readonly indexers: CountBy<'chain' | 'outcome'>;
  /** By the number of the node in the file of chains. */
  readonly disagreements: CountBy<'chain' | 'node'>;

  constructor(metrics: Metrics) {
    this.requests = metrics.counter(
      'countersign_chain_requests_total',
      'HTTP requests to nodes, by chain and outcome: answered, away, limited, refused or lying.',
      'chain',
      'outcome',
    );
    this.indexers = metrics.counter(
      'countersign_indexer_requests_total',
      'HTTP requests to the indexer of a chain, by chain and outcome: answered, away, limited or refused.',
      'chain',
      'outcome',
    );
    this.disagreements = metrics.counter(
      'countersign_chain_disagreements_total',
      'Answers of nodes that contradict each other about a sent transaction, by chain and node.',
      'chain',
      'node',
    );
  }
}
