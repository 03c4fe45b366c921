import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationConnections } from '@countersign/linked-wallets';
import { UsersService, type Identity } from '@countersign/users';
import type { EvmAddress } from '@countersign/wallet-proofs';

/** The account that a connected wallet signs in to, by one of its identities. */
export interface ConnectedOwner {
  readonly userId: string;
  readonly identity: Pick<Identity, 'provider' | 'environment' | 'subject'>;
}

/** Accounts of a project by wallets that they have connected, and that no account has linked. */
@Injectable()
export class ConnectedOwners {
  constructor(
    private readonly connections: ApplicationConnections,
    private readonly users: UsersService,
  ) {}

  /**
   * The only account that uses the project and has connected the wallet there.
   * @returns `several` where more have, or one has by another message, in another application or while it cannot sign in
   */
  async connected(
    manager: EntityManager,
    wallet: EvmAddress,
    applicationId: string,
  ): Promise<ConnectedOwner | 'several' | null> {
    const all = await this.connections.find(manager, wallet);
    const visits = all.map(({ userId }) => ({ userId, applicationId }));
    const visited = await this.users.findVisited(manager, visits);
    const [only, another] = all.filter(({ userId }) => visited.has(userId));
    if (!only) return null;
    if (another || only.applicationId !== applicationId) return 'several';
    const { userId } = only;
    const { status, erasure, identities } = await this.users.getById(userId, manager);
    // A signature that names no site cancels neither an erasure nor an unlinking.
    const staying = identities.filter(({ unlinksAt }) => unlinksAt === null);
    const identity = staying.find(({ isFounding }) => isFounding) ?? staying[0];
    return identity && status === 'active' && erasure === null ? { userId, identity } : 'several';
  }

  /** Until the end of the transaction no account connects the wallet. */
  async lock(tx: EntityManager, wallet: EvmAddress): Promise<void> {
    await this.connections.lock(tx, wallet);
  }
}
