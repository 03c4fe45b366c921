import { Injectable } from '@nestjs/common';
import { Metrics, SECOND } from '@countersign/runtime';
import { Count, OneOf, Text } from '@countersign/http';
import { GivesHealthHint } from '@countersign/database';
import type { Chain, ChainId } from './chain';
import { Chains } from './chains';
import { latestBlock } from './evm/block-reference';
import { EvmIndexers, EvmNodes, TonIndexers } from './services';
import { NodeError, type NodeErrorKind } from './node-error';
import type { NodeState } from './rpc/chain-service';
import { TonAccounts } from './ton/ton-accounts';

export class ChainNodeResponse {
  @Count('Its index in its list in `CHAINS`, from 0.', 0)
  index: number;

  @OneOf(
    ['up', 'away', 'limited', 'refused', 'lying'],
    '`away`: it does not answer; `limited`: it wants fewer requests; `refused`: it answers with an error; `lying`: it is of another chain, or what it said cannot be.',
    'up',
  )
  state: 'up' | NodeErrorKind;

  @Text('A short code of the reason; null for a node that is up.', null, { nullable: true })
  reason: string | null;

  @Count(
    'The number of its latest block; null for a node that is not up, and for indexers of EVM chains.',
    23871042,
    { nullable: true },
  )
  head: number | null;
}

export interface ChainState {
  readonly chain: Chain;
  readonly nodes: readonly ChainNodeResponse[];
  readonly indexers: readonly ChainNodeResponse[];
}

/** The limit is short, because an operator waits for the answer. */
const TIME_LIMIT_MS = 3 * SECOND;

@Injectable()
@GivesHealthHint('chains')
export class ChainStates {
  constructor(
    private readonly chains: Chains,
    private readonly evm: EvmNodes,
    private readonly evmIndexers: EvmIndexers,
    private readonly ton: TonAccounts,
    private readonly tonIndexers: TonIndexers,
    metrics: Metrics,
  ) {
    metrics.gaugeBy(
      'countersign_chain_nodes_down',
      'Nodes and indexers of a chain that are away, limited or lying, as this replica last heard of them.',
      'chain',
      () => Object.fromEntries(chains.list().map((chain) => [chain.id, this.downOf(chain).length])),
    );
  }

  get isInUse(): boolean {
    return this.chains.list().length > 0;
  }

  /** This is only a hint, because people with keys sign in without any node. */
  healthHint(): Promise<string | null> {
    return Promise.resolve(this.describeFaults());
  }

  list(): Promise<readonly ChainState[]> {
    return Promise.all(this.chains.list().map((chain) => this.ask(chain)));
  }

  async get(id: ChainId): Promise<ChainState> {
    return this.ask(this.chains.get(id));
  }

  /** Describes the nodes that were last seen down; null if there are none. It asks no node and names no URL. */
  describeFaults(): string | null {
    const faults = this.chains.list().flatMap((chain) => {
      const down = this.downOf(chain);
      const words = new Set(
        down.map(({ state, reason }) => (reason === null ? state : `${state}, ${reason}`)),
      );
      const all = chain.nodeCount + chain.indexerCount;
      const kinds = chain.indexerCount > 0 ? 'nodes and indexers' : 'nodes';
      return down.length === 0
        ? []
        : [`${chain.id}: ${down.length} of ${all} ${kinds} (${[...words].join('; ')})`];
    });
    return faults.length === 0 ? null : faults.join(', ');
  }

  private downOf({ id, kind }: Chain): readonly NodeState[] {
    const all =
      kind === 'evm'
        ? [...this.evm.known(id), ...this.evmIndexers.known(id)]
        : [...this.ton.known(id), ...this.tonIndexers.known(id)];
    return all.filter(({ state }) => state !== 'up' && state !== 'unknown');
  }

  private async ask(chain: Chain): Promise<ChainState> {
    const asked = chain.kind === 'evm' ? this.askEvm(chain.id) : this.askTon(chain.id);
    const [nodes = [], indexers = []] = await Promise.all(
      asked.map((heads) => Promise.all(heads.map((head, index) => describe(index, head)))),
    );
    return { chain, nodes, indexers };
  }

  private askEvm(id: ChainId): readonly (readonly Promise<number | null>[])[] {
    return [
      this.evm.of(id).map(async (node) => (await latestBlock(node, TIME_LIMIT_MS)).number),
      this.evmIndexers.of(id).map((indexer) => indexer.ping(TIME_LIMIT_MS).then(() => null)),
    ];
  }

  private askTon(id: ChainId): readonly (readonly Promise<number | null>[])[] {
    return [this.ton.of(id), this.tonIndexers.of(id)].map((all) =>
      all.map(async (each) => (await each.head(TIME_LIMIT_MS)).number),
    );
  }
}

async function describe(index: number, asked: Promise<number | null>): Promise<ChainNodeResponse> {
  try {
    return { index, state: 'up', reason: null, head: await asked };
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return { index, state: error.kind, reason: error.details.reason, head: null };
  }
}
