import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { open, seal, type DataKey } from '@countersign/crypto';
import { openContent, sealContent } from '../store/profile-sealing';
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
  constructor(private readonly rows: UserMovesRepository) {}

  /** Seals the identity and its aliases again under the key of the new user. */
  async move(tx: EntityManager, identity: SealedIdentity, { from, to }: Move): Promise<void> {
    const { id } = identity;
    const content = sealContent(to.dataKey, id, openContent(from, id, identity.content));
    await this.rows.giveIdentity(tx, { id, content }, to.userId);
    for (const alias of await this.rows.aliasesOf(tx, id)) {
      const aad = aliasAad(id, alias.issuer, alias.audience);
      await this.rows.setAliasSubject(tx, alias, seal(to.dataKey, aad, open(from, aad, alias.subject)));
    }
  }
}
