import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { AppError } from '@countersign/text';
import type { Identity, IdentityClaim, LockedUser } from '../user';
import { extensionPoint } from '@countersign/runtime';

/** A person whose sealed fields are read. */
export type OwnerOfIdentity = Pick<LockedUser, 'userId' | 'dataKey'>;

export type ChangedIdentity = Pick<Identity, 'id' | 'provider' | 'environment' | 'subject'>;

/** An event named this new identity, or the identity of a new account. */
export interface AnnouncedIdentity {
  readonly identityId: string;
  readonly provider: string;
  /** As in the audit trail; the person by default. */
  readonly actor?: string;
  /** The account whose applications received the event; the identity's account by default. */
  readonly accountId?: string;
  /** The application where it happened. After a first sign-in, the account has no other application yet. */
  readonly applicationId?: string;
}

/**
 * A module implements this to store data beside identities of some providers. The methods run in the transaction of the
 * change. A merge calls none of them: the module's account data moves its rows.
 */
export interface OnIdentityChange {
  readonly providers: readonly string[];
  /** Called for an identity that founded its account or was linked to it. */
  onAttached(
    tx: EntityManager,
    identity: ChangedIdentity,
    owner: LockedUser,
    claim: IdentityClaim,
  ): Promise<void>;
  /** Returns why a proof of the identity does not count for a step-up or a merge. */
  refusalOf(
    tx: EntityManager,
    identityId: string,
    owner: LockedUser,
    claim: IdentityClaim,
  ): Promise<AppError | null>;
  /** Called after `onAttached` and `onSplit`, when their event is added. The module adds its own events. */
  onAnnounced(tx: EntityManager, announced: AnnouncedIdentity): Promise<void>;
  /** Called when another proof of the identity arrives. @returns false if its session is not a fresh sign-in */
  onProven(
    tx: EntityManager,
    identity: ChangedIdentity,
    owner: LockedUser,
    claim: IdentityClaim,
  ): Promise<boolean>;
  /** Called when the identity became an own account; the account `from` stays. @param actor as in the audit trail */
  onSplit(
    tx: EntityManager,
    identity: ChangedIdentity,
    move: { readonly from: LockedUser; readonly to: LockedUser },
    actor: string,
  ): Promise<void>;
  /** Called before the identity is deleted; its account stays. @param actor as in the audit trail */
  onRemoving(tx: EntityManager, identityId: string, owner: LockedUser, actor: string): Promise<void>;
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
