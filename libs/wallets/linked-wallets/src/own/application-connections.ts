import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs, trailOf } from '@countersign/account';
import { AuditService } from '@countersign/audit';
import { ProofSpending, type VerifiedSignIn } from '@countersign/auth';
import { KeyRing } from '@countersign/crypto';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { identityError, UsersService } from '@countersign/users';
import { addressDigests } from '../digests/address-digests';
import { AddressDigestsRepository } from '../digests/address-digests.repository';
import { openEvidence } from '../store/wallet-sealing';
import { WalletsRepository } from '../store/wallets.repository';
import { WalletRecords } from '../wallet-records';
import { WalletRegister } from '../wallet-register';
import { walletError } from '../wallets.errors';

/** An account that has connected a wallet. */
export interface Connector {
  readonly userId: string;
  /** Which took the message, where that names no site. */
  readonly applicationId: string | null;
}

/** Wallets that people connect by a message that names no site, for the application that takes it. */
@Injectable()
export class ApplicationConnections {
  constructor(
    private readonly database: Database,
    private readonly spending: ProofSpending,
    private readonly users: UsersService,
    private readonly acts: AccountActs,
    private readonly wallets: WalletsRepository,
    private readonly digests: AddressDigestsRepository,
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
  ) {}

  /**
   * One that is connected already gets the new proof; one that is linked stays as it is.
   * @throws AppError auth.assurance_too_low, auth.proof_used, identity.belongs_to_another, wallet.is_embedded,
   * wallet.limit_reached
   */
  async connect(caller: Principal, { proof }: VerifiedSignIn): Promise<void> {
    const { userId, applicationId } = caller;
    const { wallet: proven, provider, environment } = proof;
    if (!proven) throw walletError('wallet.not_found');
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.lock(tx, proven.address);
      await this.users.lock(tx, userId);
      const asking = await this.acts.lock(tx, caller);
      this.acts.assertAllowed(asking, { act: 'reach' });
      await this.spending.spend(tx, proof, caller.sessionId);
      const owner = await this.users.findByClaim(proof, tx);
      if (owner && owner.userId !== userId) throw identityError('identity.belongs_to_another');
      if (owner) return;
      const dataKey = await this.users.getDataKey(userId, tx);
      const { chainId, address } = proven;
      const made = { provider, environment, chainId, address, evidence: { ...proven, applicationId } };
      const { id, isNew } = await this.register.connect(tx, { userId, dataKey }, made);
      const wallet = isNew ? await this.wallets.find(tx, id) : null;
      if (!wallet) return;
      const details = { ...trailOf(proof), ...asking.trail };
      const actor = `session:${caller.sessionId}`;
      await this.records.record(tx, wallet, { change: 'linked', actor, applicationId, details });
    });
  }

  /** Until the end of the transaction no account connects the wallet here. Comes before the locks of users. */
  async lock(tx: EntityManager, address: string): Promise<void> {
    await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`countersign/connection/${address}`]);
  }

  /** The accounts that have connected the wallet of an EVM key. */
  async find(manager: EntityManager, address: string): Promise<readonly Connector[]> {
    const found = await this.digests.find(manager, addressDigests(this.keyRing, 'ethereum', address));
    const connected = found.filter(
      ({ kind, environment, chainId }) =>
        kind === 'connected' && environment === 'production' && chainId === null,
    );
    const read = connected.map(async ({ id, userId }) => {
      const wallet = await this.wallets.find(manager, id);
      const dataKey = await this.users.getDataKey(userId, manager);
      const evidence = wallet && openEvidence(dataKey, id, wallet.evidence);
      return { userId, applicationId: evidence?.applicationId ?? null };
    });
    return Promise.all(read);
  }
}
