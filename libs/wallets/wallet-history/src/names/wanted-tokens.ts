import { Injectable } from '@nestjs/common';
import type { ChainId } from '@countersign/chains';

/** Others are wanted again when they come up again. */
const MAX_WANTED = 500;

/** Contracts of tokens that are to be asked what they are called: in memory, for they come up again. */
@Injectable()
export class WantedTokens {
  private readonly byChain = new Map<ChainId, Set<string>>();

  add(chainId: ChainId, contracts: readonly string[]): void {
    const wanted = this.byChain.get(chainId) ?? new Set();
    this.byChain.set(chainId, wanted);
    for (const contract of contracts) if (wanted.size < MAX_WANTED) wanted.add(contract);
  }

  /** Takes up to `count`, the longest wanted first. */
  take(chainId: ChainId, count: number): readonly string[] {
    const wanted = this.byChain.get(chainId) ?? new Set<string>();
    const taken = [...wanted].slice(0, count);
    for (const contract of taken) wanted.delete(contract);
    return taken;
  }
}
