import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { UsersService, type User } from '@countersign/users';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { MetaproCheckResponse } from '../dto/user.responses';
import { MetaproProjects } from '../metapro-projects';
import { ConnectedOwners } from './connected-owners';
import { identityOf } from './wallet-headers';

/** Whether a wallet has an account, as the clients ask before a login. */
@Injectable()
export class AccountChecks {
  constructor(
    private readonly database: Database,
    private readonly projects: MetaproProjects,
    private readonly users: UsersService,
    private readonly owners: ConnectedOwners,
  ) {}

  /** The active account of a wallet, or the only one that has connected it here; `null` where it has none. */
  async ownerOf(wallet: EvmAddress, applicationId: string): Promise<string | null> {
    return this.database.read(async (manager) => {
      const linked = await this.users.findByClaim(identityOf(wallet, { applicationId }), manager);
      if (linked) return isThere(linked) ? linked.userId : null;
      const connected = await this.owners.find(manager, wallet, applicationId);
      return connected && connected !== 'uncertain' && isThere(connected.user) ? connected.user.id : null;
    });
  }

  /**
   * Of a person who has used the project: a caller learns nothing of others.
   * @throws AppError metapro.project_required, metapro.project_not_found
   */
  async check(wallet: EvmAddress, projectId: string | undefined): Promise<MetaproCheckResponse> {
    const { id: applicationId, settings } = await this.projects.get(projectId);
    const userId = settings.wallets.accept ? await this.ownerOf(wallet, applicationId) : null;
    const isKnown = userId !== null && (await this.hasUsed(userId, applicationId));
    return { hasAccount: isKnown, hasRulesChecked: isKnown };
  }

  private async hasUsed(userId: string, applicationId: string): Promise<boolean> {
    const visit = { userId, applicationId };
    return (await this.database.read((manager) => this.users.findVisited(manager, [visit]))).has(userId);
  }
}

function isThere({ status, erasure }: Pick<User, 'status' | 'erasure'>): boolean {
  return status === 'active' && erasure !== 'closed';
}
