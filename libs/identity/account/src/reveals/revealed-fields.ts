import type { EntityManager } from 'typeorm';
import { ownFields } from '@countersign/applications';
import { extensionPoint } from '@countersign/extensions';
import { identityFields, type OwnerOfIdentity } from '@countersign/users';

/** The personal fields that an operator can read. */
export const revealedFields = [
  ...identityFields.map((field) => `identity.${field}` as const),
  ...ownFields.map((field) => `profile.${field}` as const),
].toSorted();
export type RevealedField = (typeof revealedFields)[number];

/** Opens the wanted ones among `profile.<field>`, under their names without `profile.`. The caller has recorded it. */
export const RevealsFields = extensionPoint<{
  open(
    manager: EntityManager,
    owner: OwnerOfIdentity,
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, string | null>>>;
}>();
