import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import { AccountEvents, UsersService, type AnnouncedIdentity } from '@countersign/users';
import type { WalletEntity } from './store/wallet.entity';
import { walletEvents } from './linked-wallets.feature';

type RecordedWallet = Pick<
  WalletEntity,
  'id' | 'userId' | 'identityId' | 'kind' | 'provider' | 'environment'
>;

interface WalletChange extends Pick<AnnouncedIdentity, 'actor' | 'accountId' | 'applicationId'> {
  readonly change: keyof typeof walletEvents;
  readonly fields?: readonly string[];
  readonly details?: Readonly<Record<string, string>>;
}

@Injectable()
export class WalletRecords {
  constructor(
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
  ) {}

  async record(tx: EntityManager, wallet: RecordedWallet, what: WalletChange): Promise<void> {
    const { id: walletId, userId, identityId, provider, environment } = wallet;
    const { change, applicationId, fields } = what;
    const actor = what.actor ?? personActor(await this.users.getAuditPseudonym(tx, userId));
    await this.audit.record(tx, walletEvents[change], {
      actor,
      ...(applicationId === undefined ? {} : { applicationId }),
      subject: walletId,
      details: {
        ...(identityId === null ? {} : { identityId }),
        ...{ provider, environment },
        ...(fields ? { fields: fields.join(',') } : {}),
        ...what.details,
      },
      event: {
        ...{ userId, walletId, provider, environment, canSignIn: wallet.kind === 'linked' },
        ...(identityId === null ? {} : { identityId }),
      },
      applicationIds: async () => {
        const known = await this.events.of(what.accountId ?? userId)(tx);
        return [...new Set([...known, ...(applicationId === undefined ? [] : [applicationId])])];
      },
    });
  }
}
