import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Chain } from '@countersign/chains';
import { MINUTE } from '@countersign/clock';
import { TwoEndpoints, type Said } from './two-endpoints';

/** An answer of a contract that nothing but its upgrade changes: it need not be asked at each page. */
const MAX_REMEMBERED = 5_000;
const LIFETIME_MS = 10 * MINUTE;

/** The jetton wallets of owners, as the masters name them: any contract can claim to be one. */
@Injectable()
export class JettonWallets {
  private readonly known = new LRUCache<string, Said<string>>({ max: MAX_REMEMBERED, ttl: LIFETIME_MS });

  constructor(private readonly endpoints: TwoEndpoints) {}

  /** All addresses are raw. */
  async of(chain: Chain, owner: string, master: string): Promise<Said<string>> {
    const key = `${chain.id} ${owner} ${master}`;
    const known = this.known.get(key);
    if (known) return known;
    const said = await this.endpoints.ask(chain, (endpoint) => endpoint.jettonWallet(master, owner));
    if (said.value !== null) this.known.set(key, said);
    return said;
  }
}
