import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountActs, presented, type AccountAct } from '@countersign/account';
import {
  PresentedProofs,
  ProofConsumption,
  trailOf,
  type Door,
  type VerifiedSignIn,
} from '@countersign/auth';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { identityError, UsersService } from '@countersign/users';
import { AddressDigestsRepository } from '../digests/address-digests.repository';
import { WalletRecords } from '../wallet-records';
import { WalletRegister } from '../wallet-register';
import { WalletEntity } from '../store/wallet.entity';
import { walletError } from '../wallets.errors';
import type { OfWallet } from '../proofs/proven-wallet';

interface Connected {
  readonly id: string;
  readonly isNew: boolean;
}

/**
 * Connects wallets that people show and use. The session and the wallet's signature are enough, because they are no
 * identities. In a project of Metapro, a key's wallet opens `vendor` sessions of the account that connected it there.
 */
@Injectable()
export class ConnectedWallets {
  constructor(
    private readonly database: Database,
    private readonly proofs: PresentedProofs,
    private readonly consumption: ProofConsumption,
    private readonly users: UsersService,
    private readonly acts: AccountActs,
    private readonly digests: AddressDigestsRepository,
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
  ) {}

  /** Stores the new proof if the wallet is connected already. A linked wallet stays unchanged. */
  async connect(caller: Principal, door: Door, body: unknown): Promise<Connected> {
    const verified = await this.proofs.openDoor(door, body, caller, 'link');
    const act = { act: 'connect', proof: presented(verified.proof, null) } as const;
    return this.store(caller, verified, act);
  }

  /** By a message without a site, in a session of any level. */
  async connectHere(caller: Principal, verified: VerifiedSignIn): Promise<void> {
    await this.store(caller, verified, { act: 'open' });
  }

  private async store(caller: Principal, verified: VerifiedSignIn, act: AccountAct): Promise<Connected> {
    const consumeProof = await this.consumption.prepare(verified);
    return this.database.transaction((tx) =>
      this.storeIn(tx, caller, verified, act, (sessionId) => consumeProof(tx, sessionId)),
    );
  }

  private async storeIn(
    tx: EntityManager,
    caller: Principal,
    { proof, consume }: VerifiedSignIn,
    act: AccountAct,
    consumeProof: (sessionId: string) => Promise<void>,
  ): Promise<Connected> {
    const { userId } = caller;
    const { wallet: proven, provider, environment }: VerifiedSignIn['proof'] & OfWallet = proof;
    if (!proven) throw walletError('wallet.not_found');
    await this.digests.lock(tx, proven.address);
    await consume?.(tx);
    const user = await this.users.lock(tx, userId);
    const asking = await this.acts.lock(tx, user, caller);
    this.acts.assertAllowed(asking, act);
    await consumeProof(caller.sessionId);
    const owner = await this.users.findByClaim(proof, tx);
    if (owner && owner.userId !== userId) throw identityError('identity.belongs_to_another');
    const linked = owner && (await tx.findOneBy(WalletEntity, { identityId: owner.identityId }));
    if (linked) return { id: linked.id, isNew: false };
    const { chainId, address } = proven;
    const applicationIds = [caller.applicationId];
    const made = { provider, environment, chainId, address, evidence: { ...proven, applicationIds } };
    const connected = await this.register.connect(tx, user, made);
    const { id, isNew, isNewHere, elsewhere } = connected;
    const wallet = isNew || isNewHere ? await tx.findOneBy(WalletEntity, { id }) : null;
    if (!wallet) return connected;
    const details = { ...trailOf(proof), ...asking.trail };
    await this.record(tx, caller, wallet, isNew ? 'linked' : 'changed', details);
    for (const other of elsewhere) {
      const known = await tx.findOneBy(WalletEntity, { id: other.id });
      const fields = ['connectedElsewhere'];
      if (known) await this.records.record(tx, known, { change: 'changed', actor: 'system', fields });
    }
    return connected;
  }

  async disconnect(caller: Principal, walletId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, caller.userId);
      const { trail } = await this.acts.lock(tx, user, caller);
      const wallet = await tx.findOneBy(WalletEntity, { id: walletId });
      if (wallet?.userId !== caller.userId || wallet.kind !== 'connected')
        throw walletError('wallet.not_found');
      await this.register.remove(tx, user, wallet);
      await this.record(tx, caller, wallet, 'unlinked', trail);
    });
  }

  private async record(
    tx: EntityManager,
    { sessionId, applicationId }: Principal,
    wallet: WalletEntity,
    change: 'linked' | 'changed' | 'unlinked',
    details: Readonly<Record<string, string>>,
  ): Promise<void> {
    const actor = `session:${sessionId}`;
    await this.records.record(tx, wallet, { change, actor, applicationId, details });
  }
}
