import { Inject, Injectable } from '@nestjs/common';
import { defineErrors, refusals } from '@countersign/text';
import type { Chain, ChainId } from './chain';
import { knownChains } from './registry/known-chains';
import type { ConfiguredChain } from './registry/read-chains';

export const chainError = defineErrors({
  ...refusals('not-found', { 'chain.not_found': 'No such chain is configured' }),
  ...refusals('unavailable', {
    'chain.unavailable':
      'The nodes of a chain do not answer. Try again after the number of seconds in `Retry-After`.',
  }),
});

/** The injection token of the chains with their URLs. Only this lib uses it. */
export const CONFIGURED_CHAINS = Symbol('configured chains');

@Injectable()
export class Chains {
  private readonly byId: ReadonlyMap<ChainId, Chain>;

  constructor(@Inject(CONFIGURED_CHAINS) configured: readonly ConfiguredChain[]) {
    this.byId = new Map(configured.map(({ nodes: _, indexers: __, ...chain }) => [chain.id, chain]));
  }

  /** Keeps the order of the file. */
  list(): readonly Chain[] {
    return [...this.byId.values()];
  }

  /** Returns null if the chain is not configured. `tvm:` is read as `ton:`. */
  find(id: ChainId): Chain | null {
    return this.byId.get(normal(id)) ?? null;
  }

  get(id: ChainId): Chain {
    const chain = this.find(id);
    if (chain === null) throw chainError('chain.not_found');
    return chain;
  }

  /** Also knows chains that are not configured. An unknown chain counts as `production`. */
  environmentOf(id: ChainId): 'production' | 'test' {
    return (this.find(id) ?? knownChains.get(normal(id)))?.environment ?? 'production';
  }
}

function normal(id: ChainId): ChainId {
  return id.replace(/^tvm:/, 'ton:');
}
