import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { AppError } from '@countersign/text';
import type { FoundUser, Identity, IdentityClaim } from '../user';
import { extensionPoint } from '@countersign/runtime';

export type OwnerOfIdentity = Pick<FoundUser, 'userId' | 'dataKey'>;

export type ChangedIdentity = Pick<Identity, 'id' | 'provider' | 'environment' | 'subject'>;

/** An event that named a new identity, or one of a new account. */
export interface AnnouncedIdentity {
  readonly identityId: string;
  readonly provider: string;
  /** Who did it, as in the audit trail; the person by default. */
  readonly actor?: string;
  /** The account whose applications heard of it; that of the identity by default. */
  readonly accountId?: string;
  /** Where it happened. Of a first sign-in the account has no other application yet. */
  readonly applicationId?: string;
}

/**
 * What another module stores beside identities of some providers. Called in the transaction of the change, which holds the
 * lock of each owner. A merge gives no call: the account data of the module moves its rows.
 */
export interface OnIdentityChange {
  /** It hears of no others. */
  readonly providers: readonly string[];
  /** The identity is new: it founded its account, or was linked to it. */
  onAttached(
    tx: EntityManager,
    identity: ChangedIdentity,
    owner: OwnerOfIdentity,
    claim: IdentityClaim,
  ): Promise<void>;
  /** Why a proof of the identity does not count for an act: a step-up, or consent to a merge. The caller has locked the owner. */
  refusalOf(tx: EntityManager, identityId: string, claim: IdentityClaim): Promise<AppError | null>;
  /** After `onAttached` and `onSplit`, once the event about the identity is added: the module's own comes after it. */
  onAnnounced(tx: EntityManager, announced: AnnouncedIdentity): Promise<void>;
  /**
   * Another proof of the identity arrived at its own account.
   * @returns false when its session is not to count as a fresh sign-in
   */
  onProven(
    tx: EntityManager,
    identity: ChangedIdentity,
    owner: OwnerOfIdentity,
    claim: IdentityClaim,
  ): Promise<boolean>;
  /** The identity became an account of its own. The account of `from` stays. @param actor as in the audit trail */
  onSplit(
    tx: EntityManager,
    identity: ChangedIdentity,
    move: { readonly from: OwnerOfIdentity; readonly to: OwnerOfIdentity },
    actor: string,
  ): Promise<void>;
  /** The identity is about to be deleted, and its account stays. @param actor as in the audit trail */
  onRemoving(tx: EntityManager, identityId: string, actor: string): Promise<void>;
}

export const ListensToIdentities = extensionPoint<OnIdentityChange>();

@Injectable()
export class IdentityListeners {
  private readonly listeners;

  constructor(discovery: DiscoveryService) {
    this.listeners = ListensToIdentities.in(discovery);
  }

  of(provider: string): readonly OnIdentityChange[] {
    return this.listeners.all.filter(({ providers }) => providers.includes(provider));
  }
}
