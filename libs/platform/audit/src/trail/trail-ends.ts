import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { hashOf, isReadable, isSignedBy, keyIdOf, type AuditBlock } from '../seals/audit-block';
import { AuditBlocksRepository, type StoredEnds } from '../seals/audit-blocks.repository';
import { AuditKeys, type SigningAuditKey } from '../seals/audit-keys';

/** The ends of the chain, judged. */
export interface JudgedEnds extends Omit<StoredEnds, 'keys'> {
  /** Those that the ring has sealed. */
  readonly keys: readonly SigningAuditKey[];
  /** The key that the chain ends with; null where the ring opens none. Another one signs nothing: no block has introduced it. */
  readonly key: SigningAuditKey | null;
  /** Whether the last block is one that this service made. */
  readonly isGenuine: boolean;
}

/** Reads the ends of the chain, and whether the signing key vouches for the last block: no other is built upon. */
@Injectable()
export class TrailEnds {
  constructor(
    private readonly blocks: AuditBlocksRepository,
    private readonly keys: AuditKeys,
  ) {}

  /** @param number of one more block; null for none */
  async read(manager: EntityManager, number: number | null = null): Promise<JudgedEnds> {
    const ends = await this.blocks.ends(manager, number);
    const { last } = ends;
    const keys = this.keys.openAll(ends.keys);
    const expected = last?.newKey?.keyId ?? last?.keyId;
    const key = keys.find(({ keyId }) => keyId === expected) ?? null;
    return { ...ends, keys, key, isGenuine: !!last && !!key && (await this.isGenuine(manager, last, key)) };
  }

  private async isGenuine(manager: EntityManager, last: AuditBlock, key: SigningAuditKey): Promise<boolean> {
    if (last.keyId === key.keyId) return isSignedBy(last, key.publicKey);
    // It introduces the key, and the former one is gone.
    if (key.origin) return !!key.introducedBy && isReadable(last) && hashOf(last).equals(key.introducedBy);
    // A key of the previous version: the chain alone says who introduces it.
    const former = (await this.blocks.introducing(manager, last.keyId, last.number))?.newKey;
    return !!former && keyIdOf(former.publicKey) === last.keyId && isSignedBy(last, former.publicKey);
  }
}
