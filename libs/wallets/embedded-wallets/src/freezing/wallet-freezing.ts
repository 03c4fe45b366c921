import { Injectable, type OnModuleInit } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, operator, type AuditRecord } from '@countersign/audit';
import type { CustodyHealth } from '@countersign/custody-protocol';
import { Database } from '@countersign/database';
import { walletError, WalletEntity } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { AccountEvents, UsersService } from '@countersign/users';
import { Clock, Metrics, SECOND } from '@countersign/runtime';
import { Custody } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { RestoredDatabase } from './restored-database';
import { EmbeddedWalletEntity, WalletDestructionEntity } from '../store/embedded-wallet.entity';
import { embeddedWalletEvents } from '../embedded-wallets.feature';

/** Freezes one embedded wallet, or stops all with custody's brake. The API can end neither. */
@Injectable()
export class WalletFreezing {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly restored: RestoredDatabase,
    private readonly custody: Custody,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
  ) {}

  /** Needs no step-up. A frozen wallet stays frozen. */
  async freeze({ userId, sessionId, applicationId }: Principal, walletId: string): Promise<void> {
    await this.freezeAs({ actor: `session:${sessionId}`, applicationId }, { id: walletId, userId });
  }

  async freezeByOperator(walletId: string, reason: string): Promise<void> {
    await this.freezeAs({ actor: operator(), details: { reason } }, { id: walletId });
  }

  /** Whether all acts are refused now. */
  async areStopped(): Promise<boolean> {
    return (
      (await this.database.read((manager) => this.restored.isNew(manager))) || (await this.brake()) !== null
    );
  }

  /** Null while wallets act. */
  async brake(): Promise<CustodyHealth['brake']> {
    return (await this.custody.client.health()).brake;
  }

  /** A brake that is on keeps its first reason. */
  async applyBrake(reason: string): Promise<void> {
    await this.custody.client.brake(uuidv7(), reason);
    await this.database.transaction((tx) =>
      this.audit.recordByOperator(tx, embeddedWalletEvents.brakeApplied, { details: { reason } }),
    );
  }

  /** The record follows custody's answer. If the call fails in between, the client sends it again. */
  private async freezeAs(
    record: Pick<AuditRecord, 'actor' | 'applicationId' | 'details'>,
    where: { readonly id: string; readonly userId?: string },
  ): Promise<void> {
    const walletId = where.id;
    const { userId } = await this.database.read(async (manager) => {
      const wallet = await manager.findOneBy(WalletEntity, where);
      if (!wallet) throw walletError('wallet.not_found');
      if (!(await manager.existsBy(EmbeddedWalletEntity, { walletId })))
        throw embeddedWalletError('wallet.not_embedded');
      return wallet;
    });
    await this.custody.answer((client) => client.freeze({ callId: uuidv7(), walletId }));
    await this.database.transaction(async (tx) => {
      // An erasure came first.
      if (!(await this.users.lockIfThere(tx, userId))) return;
      await this.audit.record(tx, embeddedWalletEvents.frozen, {
        ...record,
        subject: walletId,
        event: { userId, walletId },
        applicationIds: this.events.of(userId),
      });
    });
  }
}

@Injectable()
export class WalletGauges implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly freezing: WalletFreezing,
    private readonly clock: Clock,
  ) {}

  /** Registers after the pool's gauges, so that a scrape reads the pool before these statements use it. */
  onModuleInit(): void {
    const { metrics } = this;
    metrics.gauge(
      'countersign_wallet_brake_on',
      'Whether the brake of custody is on; absent while custody does not answer.',
      async () => Number((await this.freezing.brake()) !== null),
    );
    metrics.gauge(
      'countersign_wallet_destruction_lag_seconds',
      'For how long the first key of a wallet that is gone waits for its destruction, 0 without one; absent without a database.',
      () => this.lagSeconds(),
    );
  }

  private async lagSeconds(): Promise<number> {
    const [first] = await this.database.read((manager) =>
      manager.find(WalletDestructionEntity, { order: { requestedAt: 'ASC' }, take: 1 }),
    );
    return first ? (this.clock.now().getTime() - first.requestedAt.getTime()) / SECOND : 0;
  }
}
