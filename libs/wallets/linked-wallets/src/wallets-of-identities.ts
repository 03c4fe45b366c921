import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  ListensToIdentities,
  UsersService,
  type IdentityClaim,
  type ChangedIdentity,
  type OnIdentityChange,
  type LockedUser,
  type AnnouncedIdentity,
} from '@countersign/users';
import { unlessSealed } from '@countersign/crypto';
import type { AppError } from '@countersign/text';
import type { AddressedWallet } from './digests/address-digests.repository';
import { WalletRecords } from './wallet-records';
import { WalletRegister } from './wallet-register';
import { hasOtherKey, openEvidence } from './store/wallet-sealing';
import type { OfWallet, ProvenWallet } from './proofs/proven-wallet';
import { WalletEntity, walletProviders } from './store/wallet.entity';
import { walletError } from './wallets.errors';

/** Creates and removes a wallet's row with its identity: at sign-ins, links, detachments and unlinking. */
@Injectable()
@ListensToIdentities()
export class WalletsOfIdentities implements OnIdentityChange {
  readonly providers = walletProviders;

  constructor(
    private readonly register: WalletRegister,
    private readonly records: WalletRecords,
    private readonly users: UsersService,
  ) {}

  async onAttached(
    tx: EntityManager,
    { id: identityId, provider, environment }: ChangedIdentity,
    owner: LockedUser,
    claim: IdentityClaim,
  ): Promise<void> {
    const proven = provenBy(claim);
    const { address, chainId } = proven;
    if (chainId !== null) throw walletError('wallet.sign_in_not_allowed');
    const elsewhere = await this.register.add(tx, owner, {
      ...{ identityId, provider, environment, chainId, address },
      evidence: proven,
    });
    for (const connection of elsewhere) await this.end(tx, connection);
  }

  /** Ends a connection, because the wallet's owner signs in to another account. */
  private async end(tx: EntityManager, { id, userId }: AddressedWallet): Promise<void> {
    const user = await this.users.lockIfThere(tx, userId);
    if (!user) return;
    const wallet = await tx.findOneBy(WalletEntity, { id });
    if (wallet?.userId !== userId || wallet.kind !== 'connected') return;
    await this.register.remove(tx, user, wallet);
    await this.records.record(tx, wallet, { change: 'unlinked', actor: 'system' });
  }

  /** A TON wallet with a new key most likely has the same owner. It may sign in, but not consent to anything. */
  async refusalOf(
    tx: EntityManager,
    identityId: string,
    { dataKey }: LockedUser,
    claim: IdentityClaim,
  ): Promise<AppError | null> {
    const wallet = await tx.findOneBy(WalletEntity, { identityId });
    if (!wallet) return null;
    const former = unlessSealed(() => openEvidence(dataKey, wallet.id, wallet.evidence));
    return hasOtherKey(former, provenBy(claim)) ? walletError('wallet.key_changed') : null;
  }

  async onAnnounced(tx: EntityManager, { identityId, ...announced }: AnnouncedIdentity): Promise<void> {
    const wallet = await tx.findOneBy(WalletEntity, { identityId });
    if (wallet) await this.records.record(tx, wallet, { change: 'linked', ...announced });
  }

  async onProven(
    tx: EntityManager,
    { id: identityId }: ChangedIdentity,
    owner: LockedUser,
    claim: IdentityClaim & OfWallet,
  ): Promise<boolean> {
    // A connected wallet signed in to this wallet's account, and proves nothing about it.
    if (!claim.wallet) return true;
    const wallet = await tx.findOneBy(WalletEntity, { identityId });
    if (!wallet || (await this.register.prove(tx, owner, wallet, claim.wallet))) return true;
    await this.records.record(tx, wallet, { change: 'changed', actor: 'system', fields: ['key'] });
    return false;
  }

  /** The wallet gets a new id and data key, and loses its label. */
  async onSplit(
    tx: EntityManager,
    { id: identityId, provider, environment, subject }: ChangedIdentity,
    { from, to }: { readonly from: LockedUser; readonly to: LockedUser },
    actor: string,
  ): Promise<void> {
    const wallet = await tx.findOneBy(WalletEntity, { identityId });
    if (!wallet) return;
    const { chainId, checkedAt } = wallet;
    const former = openEvidence(from.dataKey, wallet.id, wallet.evidence);
    // The new account gets the wallet as it is now, so its next proof sets the key for later comparisons.
    const evidence = former?.ton ? { ...former, ton: { ...former.ton, key: null } } : former;
    await this.register.remove(tx, from, wallet);
    await this.records.record(tx, wallet, { change: 'unlinked', actor });
    await this.register.add(tx, to, {
      ...{ identityId, provider, environment, chainId, address: subject },
      ...{ evidence, checkedAt },
    });
  }

  async onRemoving(tx: EntityManager, identityId: string, owner: LockedUser, actor: string): Promise<void> {
    const wallet = await tx.findOneBy(WalletEntity, { identityId });
    if (!wallet) return;
    await this.register.remove(tx, owner, wallet);
    await this.records.record(tx, wallet, { change: 'unlinked', actor });
  }
}

function provenBy({ wallet }: IdentityClaim & OfWallet): ProvenWallet {
  if (!wallet) throw new Error('the proof of a wallet does not describe the wallet');
  return wallet;
}
