import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Chains, EvmNodes, NodeError, type Chain } from '@countersign/chains';
import { Configuration } from '@countersign/config';
import { Database } from '@countersign/database';
import { Readiness } from '@countersign/jobs';
import { Logger, Metrics, SideTasks, type SideTask } from '@countersign/observability';
import { inBackground, withFirst } from '../back-fill/background-nodes';
import { TokenNamesRepository } from './token-names.repository';
import { askToken } from './ask-token';
import { KnownTokenNames } from './known-tokens';
import { WantedTokens } from './wanted-tokens';

/** At most 60 contracts a minute, of each chain. */
const PER_ROUND = 5;
const ROUND_MS = 5_000;
const DRAIN_MS = 3_000;
/** Contracts cost little to make: beyond so many none is asked before older ones are forgotten. */
const MAX_STORED = 200_000;

/** Asks contracts of tokens what they are called, where nodes may learn of them. No follower waits for it. */
@Injectable()
export class TokenNameAsker implements BeforeApplicationShutdown {
  private readonly chains: readonly Chain[];
  private readonly loop: SideTask;
  private readonly count: (labels: { readonly chain: string; readonly outcome: string }) => void;

  constructor(
    chains: Chains,
    private readonly nodes: EvmNodes,
    private readonly wanted: WantedTokens,
    private readonly known: KnownTokenNames,
    private readonly rows: TokenNamesRepository,
    private readonly database: Database,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
    metrics: Metrics,
    tasks: SideTasks,
    readiness: Readiness,
  ) {
    this.chains = chains.list().filter(({ kind, mayNameAddresses }) => kind === 'evm' && mayNameAddresses);
    this.loop = tasks.loop('token-names', () => this.turn(), readiness);
    this.count = metrics.counter(
      'countersign_token_names_total',
      'Contracts of tokens that were to be asked for their names: answered, full, or what a node was.',
      'chain',
      'outcome',
    );
  }

  start(): void {
    if (this.chains.length > 0) this.loop.start();
  }

  /** Before the connections to the database are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.race([
      this.loop.stop(),
      sleep(DRAIN_MS * this.configuration.patience, undefined, { ref: false }),
    ]);
  }

  /** Asks some contracts of each chain. @returns how many answers were stored */
  async round(): Promise<number> {
    let stored = 0;
    for (const chain of this.chains) stored += await this.askOf(chain);
    return stored;
  }

  private async turn(): Promise<number> {
    await this.round();
    return ROUND_MS;
  }

  private async askOf(chain: Chain): Promise<number> {
    const taken = this.wanted.take(chain.id, PER_ROUND);
    if (taken.length === 0) return 0;
    const { known, isFull } = await this.database.read(async (manager) => ({
      known: await this.known.stored(manager, chain.id, taken),
      isFull: (await this.rows.count(manager, chain.id)) >= MAX_STORED,
    }));
    let stored = 0;
    for (const contract of taken.filter((each) => !known.has(each))) {
      const outcome = isFull ? 'full' : await this.ask(chain, contract);
      this.count({ chain: chain.id, outcome });
      if (outcome === 'answered') stored += 1;
    }
    return stored;
  }

  /** One that no node answered for is wanted again when it comes up again. */
  private async ask({ id }: Chain, contract: string): Promise<string> {
    try {
      const facts = await withFirst(this.nodes.of(id), (node) => askToken(inBackground(node), contract));
      await this.known.save(id, contract, facts);
      return 'answered';
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      this.logger.debug({ chainId: id, fault: error.details.reason }, 'a token was not asked for its name');
      return error.kind;
    }
  }
}
