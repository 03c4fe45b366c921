import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { open, seal, type DataKey } from '@countersign/crypto';
import { openField, openProfile, sealField, sealProfile } from '../store/profile-sealing';
import { LookupDigestsRepository } from '../lookup/lookup-digests.repository';
import { aliasAad } from '../store/identity-values';
import { UserMovesRepository, type SealedIdentity } from './user-moves.repository';

/** The old and the new owner, with their keys. */
export interface Move {
  readonly from: DataKey;
  readonly to: { readonly userId: string; readonly dataKey: DataKey };
}

/** Moves identities to another user. */
@Injectable()
export class IdentityMoving {
  constructor(
    private readonly rows: UserMovesRepository,
    private readonly lookups: LookupDigestsRepository,
  ) {}

  /** Seals the identity and its aliases again under the key of the new user. */
  async move(tx: EntityManager, identity: SealedIdentity, { from, to }: Move): Promise<void> {
    const { id } = identity;
    const profile = openProfile(from, id, identity);
    const subject = sealField(to.dataKey, id, 'subject', openField(from, id, 'subject', identity.subject));
    const imported = sealField(
      to.dataKey,
      id,
      'imported',
      openField(from, id, 'imported', identity.imported),
    );
    const sealed = { id, subject, imported, ...sealProfile(to.dataKey, id, profile) };
    await this.rows.giveIdentity(tx, sealed, to.userId);
    // Values that are sealed again count as changed.
    await this.lookups.insert(tx, [{ identityId: id, username: profile.username }]);
    for (const alias of await this.rows.aliasesOf(tx, id)) {
      const aad = aliasAad(id, alias.issuer, alias.audience);
      await this.rows.setAliasSubject(tx, alias, seal(to.dataKey, aad, open(from, aad, alias.subject)));
    }
  }
}
