import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { open, seal, type DataKey } from '@countersign/crypto';
import { aliasPlace } from './identity-values';
import { openField, openProfile, sealField, sealProfile } from './profile-sealing';
import { UserMovesRepository, type SealedIdentity } from './user-moves.repository';

/** The old and the new owner, with their keys. */
export interface Move {
  readonly from: DataKey;
  readonly to: { readonly userId: string; readonly dataKey: DataKey };
}

/** Moves identities to another user. */
@Injectable()
export class IdentityMoving {
  constructor(private readonly rows: UserMovesRepository) {}

  /** Seals the identity and its aliases again under the key of the new user. */
  async move(tx: EntityManager, identity: SealedIdentity, { from, to }: Move): Promise<void> {
    await this.rows.giveIdentity(tx, reseal(identity, from, to.dataKey), to.userId);
    for (const alias of await this.rows.aliasesOf(tx, identity.id)) {
      const place = aliasPlace(identity.id, alias.issuer, alias.audience);
      await this.rows.setAliasSubject(tx, alias, seal(to.dataKey, place, open(from, place, alias.subject)));
    }
  }
}

function reseal(identity: SealedIdentity, from: DataKey, to: DataKey): SealedIdentity {
  const { id } = identity;
  const subject = openField(from, id, 'subject', identity.subject);
  return {
    id,
    subject: sealField(to, id, 'subject', subject),
    ...sealProfile(to, id, openProfile(from, id, identity)),
  };
}
