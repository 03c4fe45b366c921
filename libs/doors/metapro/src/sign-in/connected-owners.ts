import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationConnections } from '@countersign/linked-wallets';
import { UsersService, type Identity, type User } from '@countersign/users';
import type { EvmAddress } from '@countersign/wallet-proofs';

/** The account that a connected wallet signs in to, by its identity at Telegram. */
export interface ConnectedOwner {
  readonly user: User;
  readonly identity: Identity;
}

/** Accounts by wallets that they have connected, and that no account has linked. */
@Injectable()
export class ConnectedOwners {
  constructor(
    private readonly connections: ApplicationConnections,
    private readonly users: UsersService,
  ) {}

  /**
   * The only account that has connected the wallet, in the project, by a message of this API.
   * @returns `uncertain` where several have, or one has elsewhere, or has no identity for it or several
   */
  async find(
    manager: EntityManager,
    wallet: EvmAddress,
    applicationId: string,
  ): Promise<ConnectedOwner | 'uncertain' | null> {
    const [only, another] = await this.connections.find(manager, wallet);
    if (!only) return null;
    if (another || !only.applicationIds.includes(applicationId)) return 'uncertain';
    const user = await this.users.getById(only.userId, manager);
    const [identity, other] = user.identities.filter(
      ({ provider, environment }) => provider === 'telegram' && environment === 'production',
    );
    return identity && !other ? { user, identity } : 'uncertain';
  }

  /** Until the end of the transaction no account connects the wallet. */
  async lock(tx: EntityManager, wallet: EvmAddress): Promise<void> {
    await this.connections.lock(tx, wallet);
  }
}
