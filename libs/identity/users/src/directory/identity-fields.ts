import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { DataKey } from '@countersign/crypto';
import { IdentityEntity } from '../store/identity.entity';
import { openContent, profileFields, type IdentityContent } from '../store/profile-sealing';

/** The personal fields of an identity. */
export const identityFields = ['subject', ...profileFields, 'imported'] as const;
type IdentityField = (typeof identityFields)[number];

export interface OpenedIdentity {
  readonly identityId: string;
  readonly provider: string;
  readonly environment: string;
  /** The wanted fields; `null` for one that the identity does not have. */
  readonly fields: Readonly<Partial<Record<IdentityField, string | null>>>;
}

/** Opens single fields of identities. The caller has to record it first, with a reason. */
@Injectable()
export class IdentityFields {
  /** Of one identity, or of all when `identityId` is null; oldest first. */
  async open(
    manager: EntityManager,
    { userId, dataKey, identityId }: OwnerOfFields,
    wanted: readonly IdentityField[],
  ): Promise<readonly OpenedIdentity[]> {
    const found = await manager.find(IdentityEntity, {
      where: { userId, ...(identityId === null ? {} : { id: identityId }) },
      order: { id: 'ASC' },
    });
    return found.map((identity) => ({
      identityId: identity.id,
      provider: identity.provider,
      environment: identity.environment,
      fields: chosen(openContent(dataKey, identity.id, identity.content), wanted),
    }));
  }
}

interface OwnerOfFields {
  readonly userId: string;
  readonly dataKey: DataKey;
  readonly identityId: string | null;
}

function chosen({ subject, profile, imported }: IdentityContent, wanted: readonly IdentityField[]) {
  const all = { subject, ...profile, imported };
  return Object.fromEntries(wanted.map((field) => [field, all[field]]));
}
