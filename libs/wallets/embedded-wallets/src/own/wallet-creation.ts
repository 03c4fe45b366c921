import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/clock';
import type { WalletDescription } from '@countersign/custody-client';
import { LostRace } from '@countersign/database';
import { WalletRecords, WalletRegister } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { erasurePending, Erasures, UsersService } from '@countersign/users';
import { ActRules } from '../acts/act-rules';
import { tonWalletIn } from '../custody';
import { EmbeddedWalletsRepository, type WantedWallet } from '../store/embedded-wallets.repository';

/** Makes the rows of embedded wallets, before and after custody makes the key. */
@Injectable()
export class WalletCreation {
  constructor(
    private readonly users: UsersService,
    private readonly erasures: Erasures,
    private readonly rules: ActRules,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
    private readonly clock: Clock,
  ) {}

  /** @returns the id of a wallet that is there; null where one may be made @throws AppError as `EmbeddedWallets.create` */
  async findOrAllow(tx: EntityManager, caller: Principal, wanted: WantedWallet): Promise<string | null> {
    await this.users.lock(tx, caller.userId);
    const walletId = await this.embedded.findOf(tx, wanted);
    if (walletId !== null) {
      await this.rules.assertMayUse(tx, caller, walletId);
      return walletId;
    }
    await this.assertNoErasure(tx, caller);
    await this.rules.assertMayCreate(tx, caller, wanted);
    return null;
  }

  /** @returns the id under which custody makes the key: the first one that was reserved */
  async reserve(tx: EntityManager, { userId, assurance }: Principal, wanted: WantedWallet): Promise<string> {
    await this.users.lock(tx, userId);
    const requestedAt = this.clock.now();
    return this.embedded.reserve(tx, wanted, { walletId: uuidv7(), assurance, requestedAt });
  }

  /** @returns false where a parallel call was faster */
  async finish(
    tx: EntityManager,
    caller: Principal,
    { environment, provider, applicationId: onlyIn }: WantedWallet,
    walletId: string,
    made: WalletDescription,
  ): Promise<boolean> {
    const { userId, applicationId, sessionId } = caller;
    await this.users.lock(tx, userId);
    const reserved = await this.embedded.lock(tx, walletId);
    // It took so long that the reservation was given up.
    if (!reserved) throw new LostRace();
    if (reserved.createdAt) return false;
    await this.assertNoErasure(tx, caller);
    const owner = { userId, dataKey: await this.users.getDataKey(userId, tx) };
    await this.register.addEmbedded(tx, owner, {
      ...{ walletId, provider, environment, applicationId: onlyIn },
      address: addressOf(provider, environment, made),
    });
    await this.embedded.setCreated(tx, walletId, this.clock.now());
    const wallet = {
      id: walletId,
      userId,
      provider,
      environment,
      kind: 'embedded',
      identityId: null,
    } as const;
    await this.records.record(tx, wallet, {
      change: 'created',
      actor: `session:${sessionId}`,
      applicationId,
    });
    return true;
  }

  /** An erasure takes the wallets that it was requested with, and no others. @throws AppError user.erasure_pending */
  private async assertNoErasure(tx: EntityManager, { userId }: Principal): Promise<void> {
    const pending = await this.erasures.find(userId, tx);
    if (pending) throw erasurePending(pending);
  }
}

/** As `ProvenWallet` has it. */
function addressOf(provider: WantedWallet['provider'], environment: string, made: WalletDescription): string {
  return provider === 'ethereum' ? made.evmAddress.toLowerCase() : tonWalletIn(environment, made).address;
}
