import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { ApplicationConnections, walletSettings } from '@countersign/linked-wallets';
import { UsersService, type Identity, type User } from '@countersign/users';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { MetaproCheckResponse } from '../dto/user.responses';
import { MetaproProjects } from '../metapro-projects';

/** The account that a connected wallet signs in to, and the identity of the session. */
export interface ConnectedOwner {
  readonly user: User;
  readonly identity: Identity;
}

/** A wallet with a key: one of a contract carries its chain. */
const OF_WALLET = { provider: 'ethereum', environment: 'production' } as const;

/** Accounts by their wallets: by linked ones, or by those that they have connected and that no account has linked. */
@Injectable()
export class WalletOwners {
  constructor(
    private readonly database: Database,
    private readonly projects: MetaproProjects,
    private readonly connections: ApplicationConnections,
    private readonly users: UsersService,
  ) {}

  /**
   * The only account that has connected the wallet, if it has done so in the project.
   * @returns `several` accounts, or `elsewhere` for one that has connected it in other applications
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

  /** The active account of a wallet, or the only one that has connected it here; `null` where it has none. */
  async ownerOf(wallet: EvmAddress, applicationId: string): Promise<string | null> {
    return this.database.read(async (manager) => {
      const linked = await this.users.findByClaim({ ...OF_WALLET, subject: wallet, applicationId }, manager);
      if (linked) return isThere(linked) ? linked.userId : null;
      const connected = await this.findConnected(manager, wallet, applicationId);
      return typeof connected === 'object' && connected && isThere(connected.user) ? connected.user.id : null;
    });
  }

  /** Of a person who has used the project: a caller learns nothing of others. */
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
