import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import type { AccountDataJournal, MergeRecord, MergeSide, Returned, ReturnPair } from '@countersign/users';
import { AllLaterActs } from '../freezing/later-acts';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';

interface RecalledGrants {
  readonly walletId: string;
  /** ISO 8601, by the id of the application. */
  readonly grantedAt: Readonly<Record<string, string>>;
}

/** Which applications could use the embedded wallets of a merged account: those return with them, and no others. */
@Injectable()
export class WalletGrantsJournal implements AccountDataJournal<readonly RecalledGrants[]> {
  readonly name = 'walletGrants';

  constructor(
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly laterActs: AllLaterActs,
    private readonly audit: AuditService,
  ) {}

  async recall(tx: EntityManager, { userId }: MergeSide): Promise<readonly RecalledGrants[]> {
    const recalled: RecalledGrants[] = [];
    for (const { walletId } of await this.embedded.listOf(tx, userId)) {
      const grants = await this.embedded.grantsOf(tx, walletId);
      const grantedAt = grants.map((grant) => [grant.applicationId, grant.grantedAt.toISOString()] as const);
      recalled.push({ walletId, grantedAt: Object.fromEntries(grantedAt) });
    }
    return recalled;
  }

  async giveBack(
    tx: EntityManager,
    _: ReturnPair,
    { loser }: MergeRecord<readonly RecalledGrants[]>,
  ): Promise<Returned> {
    for (const { walletId, grantedAt } of loser) {
      // The account that asked for them has the wallet no more.
      await this.laterActs.stop(tx, { walletId }, 'wallet.not_found');
      const now = (await this.embedded.grantsOf(tx, walletId)).map(({ applicationId }) => applicationId);
      for (const applicationId of now.filter((id) => !(id in grantedAt))) {
        await this.embedded.ungrant(tx, walletId, applicationId);
        await this.record(tx, 'wallet.ungranted', walletId, applicationId);
      }
      for (const [applicationId, at] of Object.entries(grantedAt)) {
        if (now.includes(applicationId)) continue;
        await this.embedded.grant(tx, { walletId, applicationId, grantedAt: new Date(at) });
        await this.record(tx, 'wallet.granted', walletId, applicationId);
      }
    }
    return {};
  }

  private async record(
    tx: EntityManager,
    action: 'wallet.granted' | 'wallet.ungranted',
    subject: string,
    applicationId: string,
  ): Promise<void> {
    await this.audit.record(tx, action, { actor: 'system', applicationId, subject });
  }
}
