import type { EntityManager } from 'typeorm';
import type { OwnerOfIdentity } from '../accounts/on-identity-change';
import { IdentityEntity } from '../store/identity.entity';
import { openContent } from '../store/profile-sealing';
import { profileFields } from '../user';

export const identityFields = ['subject', ...profileFields, 'imported'] as const;
type IdentityField = (typeof identityFields)[number];

export interface OpenedIdentity {
  readonly identityId: string;
  readonly provider: string;
  readonly environment: string;
  /** The wanted fields; `null` if the identity does not have one. */
  readonly fields: Readonly<Partial<Record<IdentityField, string | null>>>;
}

/** Opens fields of a person's identities, oldest first. */
export async function openIdentityFields(
  manager: EntityManager,
  { userId, dataKey }: OwnerOfIdentity,
  wanted: readonly IdentityField[],
): Promise<readonly OpenedIdentity[]> {
  const found = await manager.find(IdentityEntity, { where: { userId }, order: { id: 'ASC' } });
  return found.map(({ id: identityId, provider, environment, content }) => {
    const { subject, profile, imported } = openContent(dataKey, identityId, content);
    const all = { subject, ...profile, imported };
    const fields = Object.fromEntries(wanted.map((field) => [field, all[field]]));
    return { identityId, provider, environment, fields };
  });
}
