import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { UsersService } from '@countersign/users';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { MetaproCheckResponse } from '../dto/user.responses';
import { MetaproProjects } from '../metapro-projects';

/** Whether a wallet has an account, as the clients ask before a login. */
@Injectable()
export class AccountChecks {
  constructor(
    private readonly database: Database,
    private readonly projects: MetaproProjects,
    private readonly users: UsersService,
  ) {}

  /** The account of a wallet; `null` where it has none. */
  async ownerOf(wallet: EvmAddress, applicationId: string): Promise<string | null> {
    const claim = {
      provider: 'ethereum',
      environment: 'production',
      subject: wallet,
      applicationId,
    } as const;
    return (await this.users.findByClaim(claim))?.userId ?? null;
  }

  /** @throws AppError metapro.project_required, metapro.project_not_found */
  async check(wallet: EvmAddress, projectId: string | undefined): Promise<MetaproCheckResponse> {
    const { id: applicationId } = await this.projects.get(projectId);
    const userId = await this.ownerOf(wallet, applicationId);
    if (userId === null) return { hasAccount: false, hasRulesChecked: false };
    const visited = await this.database.read((manager) =>
      this.users.findVisited(manager, [{ userId, applicationId }]),
    );
    return { hasAccount: true, hasRulesChecked: visited.has(userId) };
  }
}
