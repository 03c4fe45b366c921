import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { extensionPoint } from '@countersign/extensions';

/** Acts of one wallet, of one application or of all. */
export interface LaterActsOf {
  readonly walletId: string;
  readonly applicationId?: string;
}

/** Acts of embedded wallets that another module does later, such as waiting sends. */
export interface LaterActs {
  /**
   * Ends the acts, and makes codes of their warnings invalid. Called in the transaction that freezes the wallet, takes a grant back
   * or gives the wallet to another account, under the lock of its person and after `AuditService.prepare`.
   * @param refusal the code of the rule
   */
  stop(tx: EntityManager, of: LaterActsOf, refusal: string): Promise<void>;
}

/** Registers a provider of `LaterActs`. */
export const HasLaterActs = extensionPoint<LaterActs>();

/** All providers with `@HasLaterActs()`. */
@Injectable()
export class AllLaterActs implements LaterActs {
  private readonly providers;

  constructor(discovery: DiscoveryService) {
    this.providers = HasLaterActs.in(discovery);
  }

  async stop(tx: EntityManager, of: LaterActsOf, refusal: string): Promise<void> {
    for (const provider of this.providers.all) await provider.stop(tx, of, refusal);
  }
}
