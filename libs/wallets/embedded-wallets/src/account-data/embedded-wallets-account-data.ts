import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { unlessSealed, type DataKey } from '@countersign/crypto';
import { WalletKeys } from '@countersign/linked-wallets';
import {
  HasAccountData,
  type AccountData,
  type ObjectedAct,
  type ExportedPerson,
  type ExportedRows,
  type ExportSection,
  type Reading,
} from '@countersign/users';
import { WalletDestruction } from '../freezing/wallet-destruction';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';
import type { WalletActEntity } from '../store/wallet-act.entity';
import { sealedDetails } from '../store/wallet-act-sealing';
import { WalletActsRepository } from '../store/wallet-acts.repository';

const PAGE = 200;
const UNTIL_ERASED = 'Until the account is erased.';

/** Embedded wallets as data of an account. They go with their rows in `wallets`, and move to no other account. */
@Injectable()
@HasAccountData('others')
export class EmbeddedWalletsAccountData implements AccountData {
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'embeddedWallets',
      meaning:
        'The wallets whose keys the service has: when they were made, when their words were first asked for, and since when they do nothing. Their addresses are among the wallets.',
      retention: UNTIL_ERASED,
      sql: `SELECT own.wallet_id AS cursor, own.wallet_id, own.environment, own.provider, own.created_at, own.exported_at,
          own.frozen_at, own.frozen_by
        FROM embedded_wallets own JOIN wallets ON wallets.id = own.wallet_id WHERE wallets.user_id = $1`,
    },
    {
      name: 'walletGrants',
      meaning: 'The applications that the person lets use an embedded wallet.',
      retention: 'Until the person takes it back or the account is erased.',
      sql: `SELECT own.wallet_id::text || own.application_id AS cursor, own.wallet_id, own.application_id, own.granted_at
        FROM wallet_grants own JOIN wallets ON wallets.id = own.wallet_id WHERE wallets.user_id = $1`,
    },
  ];

  constructor(
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly acts: WalletActsRepository,
    private readonly keys: WalletKeys,
    private readonly destruction: WalletDestruction,
  ) {}

  /** No wallet moves to another account, and an erasure destroys keys that only the service has, with the money. */
  async objectionsTo(act: ObjectedAct, manager: EntityManager, userId: string): Promise<readonly string[]> {
    if (act === 'erasure') return this.embedded.listNotExported(manager, userId);
    return act === 'join'
      ? (await this.embedded.listOf(manager, userId)).map(({ walletId }) => walletId)
      : [];
  }

  /** Has the keys destroyed. */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.destruction.requestOf(tx, userId);
  }

  /** Of the account as a whole: nothing for a session below its level. */
  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'walletActs',
        meaning:
          'What applications asked embedded wallets to do, oldest first, with what was decoded from the signed bytes: allowed where its token was used, done where a signature or the words were answered.',
        retention: 'Until the account is erased; an hour where the token was not used.',
        items: this.actsOf(read, person),
      },
    ];
  }

  private async *actsOf(read: Reading, person: ExportedPerson): AsyncGenerator<object> {
    const wallets = await read((manager) => this.keys.readOf(manager, person));
    for (const { walletId } of await read((manager) => this.embedded.listOf(manager, person.userId))) {
      const dataKey = wallets.get(walletId)?.dataKey ?? null;
      for await (const act of this.stored(read, walletId)) yield toExported(act, dataKey);
    }
  }

  private async *stored(read: Reading, walletId: string): AsyncGenerator<WalletActEntity> {
    let after: string | null = null;
    do {
      const from: string | null = after;
      const page: readonly WalletActEntity[] = await read((manager) =>
        this.acts.pageOf(manager, walletId, from, PAGE),
      );
      yield* page;
      after = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
    } while (after !== null);
  }
}

function toExported(row: WalletActEntity, dataKey: DataKey | null): object {
  const { id, walletId, applicationId, sessionId, act, allowedAt, doneAt } = row;
  const opened = dataKey && unlessSealed(() => ({ details: sealedDetails.open(dataKey, id, row.details) }));
  return {
    ...{ actId: id, walletId, applicationId, sessionId, act },
    allowedAt: instant(allowedAt),
    doneAt: instant(doneAt),
    isReadable: opened !== null,
    details: opened?.details ?? null,
  };
}

function instant(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
