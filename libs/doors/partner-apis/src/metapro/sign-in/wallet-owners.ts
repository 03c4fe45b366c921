import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { ApplicationConnections, walletSettings } from '@countersign/linked-wallets';
import { UsersService, type Identity, type User } from '@countersign/users';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { MetaproCheckResponse } from '../dto/user.responses';
import { MetaproProjects } from '../metapro-projects';

export interface ConnectedOwner {
  readonly user: User;
  readonly identity: Identity;
}

/** The identity of a wallet with a private key. The identity of a contract wallet contains its chain. */
const OF_WALLET = { provider: 'ethereum', environment: 'production' } as const;

/** Finds accounts by a wallet that they have linked, or that they have connected and no account has linked. */
@Injectable()
export class WalletOwners {
  constructor(
    private readonly database: Database,
    private readonly projects: MetaproProjects,
    private readonly connections: ApplicationConnections,
    private readonly users: UsersService,
  ) {}

  /**
   * Returns the only account that has connected the wallet, if it has done so in the project.
   * @returns `several` if several accounts have connected it, or `elsewhere` if one did so in other applications
   */
  async findConnected(
    manager: EntityManager,
    wallet: EvmAddress,
    applicationId: string,
  ): Promise<ConnectedOwner | 'elsewhere' | 'several' | null> {
    const [only, another] = await this.connections.find(manager, wallet);
    if (!only) return null;
    if (another) return 'several';
    if (!only.applicationIds.includes(applicationId)) return 'elsewhere';
    const user = await this.users.getById(only.userId, manager);
    for (const identity of user.identities.toSorted((one) => (one.isFounding ? -1 : 1))) {
      const found = await this.users.findByClaim({ ...identity, applicationId }, manager);
      if (found?.identityId === identity.id) return { user, identity };
    }
    return 'elsewhere';
  }

  /** Returns the active account that has linked the wallet, or else the only account that has connected it here. */
  async ownerOf(wallet: EvmAddress, applicationId: string): Promise<string | null> {
    return this.database.read(async (manager) => {
      const linked = await this.users.findByClaim({ ...OF_WALLET, subject: wallet, applicationId }, manager);
      if (linked) return isThere(linked) ? linked.userId : null;
      const connected = await this.findConnected(manager, wallet, applicationId);
      return typeof connected === 'object' && connected && isThere(connected.user) ? connected.user.id : null;
    });
  }

  /** Finds only people who have used the project, so a caller learns nothing about others. */
  async check(wallet: EvmAddress, projectId: string | undefined): Promise<MetaproCheckResponse> {
    const { id: applicationId, settings } = await this.projects.get(projectId);
    const userId = walletSettings.of(settings).accept ? await this.ownerOf(wallet, applicationId) : null;
    const visits = userId === null ? [] : [{ userId, applicationId }];
    const visited = await this.database.read((manager) => this.users.findVisited(manager, visits));
    return { hasAccount: visited.size > 0, hasRulesChecked: visited.size > 0 };
  }
}

function isThere({ status, isClosed }: Pick<User, 'status' | 'isClosed'>): boolean {
  return status === 'active' && !isClosed;
}
