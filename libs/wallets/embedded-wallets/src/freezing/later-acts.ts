import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { extensionPoint } from '@countersign/extensions';

/** Of one wallet: those of an application, or all of them. */
export interface LaterActsOf {
  readonly walletId: string;
  readonly applicationId?: string;
}

/** Acts that another module has embedded wallets do later. */
export interface LaterActs {
  /**
   * They are never done, and what was to warn of them does nothing more. Called in the transaction that freezes the wallet, takes a grant back or gives the wallet to another account. It
   * has locked the person who has the wallet, and called `AuditService.prepare`.
   * @param refusal the code of the rule
   */
  stop(tx: EntityManager, of: LaterActsOf, refusal: string): Promise<void>;
}

/** Registers a provider that has wallets act later. */
export const HasLaterActs = extensionPoint<LaterActs>();

/** All providers with `@HasLaterActs()`, as one. */
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
