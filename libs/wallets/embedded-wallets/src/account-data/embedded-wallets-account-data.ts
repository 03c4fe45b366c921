import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { unlessSealed, type Sealed } from '@countersign/crypto';
import { keysOf } from '@countersign/linked-wallets';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type ObjectedAct,
  type LockedUser,
} from '@countersign/users';
import { WalletDestruction } from '../freezing/wallet-destruction';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import { sealedDetails, sealedRequest, type WalletActEntity } from '../store/wallet-act.entity';

const OF_OWN_WALLETS = 'JOIN wallets ON wallets.id = own.wallet_id WHERE wallets.user_id = $1';
const UNTIL_ERASED = 'Until the account is erased.';

interface SealedAct extends Pick<WalletActEntity, 'walletId' | 'request' | 'details'> {
  readonly actId: string;
  readonly walletKey: Sealed;
}

/** Embedded wallets are deleted with their rows in `wallets`, and move to no other account. */
@Injectable()
@HasAccountData('others')
export class EmbeddedWalletsAccountData implements AccountData {
  readonly lost = {
    embeddedWallets: `FROM embedded_wallets own ${OF_OWN_WALLETS}`,
    walletActs: `FROM wallet_acts own ${OF_OWN_WALLETS}`,
  };
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'embeddedWallets',
      meaning:
        'The wallets whose keys the service has: when they were made, and when their words were first asked for. Their addresses are among the wallets.',
      retention: UNTIL_ERASED,
      sql: `SELECT own.wallet_id AS cursor, own.wallet_id, own.environment, own.provider, own.created_at, own.exported_at
        FROM embedded_wallets own ${OF_OWN_WALLETS}`,
    },
    {
      name: 'walletActs',
      meaning:
        'What applications asked embedded wallets to do, oldest first, with what was decoded from the signed bytes: allowed where it was performed, done where a signature or the words were answered.',
      retention: 'Until the account is erased; an hour longer than it can be performed, where it was not.',
      // OFFSET 0 makes the planner use the index of the wallet instead of the order of all acts.
      sql: `SELECT own.id AS cursor, own.id AS act_id, own.wallet_id, own.application_id, own.session_id, own.kind,
          own.allowed_at, own.done_at, own.request, own.details, wallets.wallet_key
        FROM wallet_acts own ${OF_OWN_WALLETS} OFFSET 0`,
      itemOf: ({ request, details, walletKey, ...act }: SealedAct, person) => {
        const opened = unlessSealed(() => {
          const { dataKey } = keysOf(person.dataKey, act.walletId, walletKey);
          return {
            request: sealedRequest.open(dataKey, act.actId, request),
            details: sealedDetails.open(dataKey, act.actId, details),
          };
        });
        return { ...act, isReadable: opened !== null, ...(opened ?? { request: null, details: null }) };
      },
    },
  ];

  constructor(
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly destruction: WalletDestruction,
  ) {}

  /** No wallet moves to another account. An erasure destroys keys that only the service has, with the money. */
  async objectionsTo(act: ObjectedAct, manager: EntityManager, userId: string): Promise<readonly string[]> {
    if (act === 'erasure') return this.embedded.listNotExported(manager, userId);
    return act === 'join'
      ? (await this.embedded.listOf(manager, userId)).map(({ walletId }) => walletId)
      : [];
  }

  async erase(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    await this.destruction.requestOf(tx, userId);
  }
}
