import type { EntityManager } from 'typeorm';
import { DefinitionsInUse, extensionPoint } from '@countersign/runtime';
import type { DataKey } from '@countersign/crypto';
import { identityFields } from '@countersign/users';

export const revealedIdentityFields = identityFields.map((field) => `identity.${field}` as const);

/** The personal fields that an operator can read. Modules add fields as `profile.<field>`. */
export const revealedFieldsInUse = new DefinitionsInUse<string>(
  'revealed field',
  /^(identity|profile)\.[a-zA-Z]+$/,
);

/** Decrypts the wanted fields under their names without `profile.`. */
export const RevealsFields = extensionPoint<{
  open(
    manager: EntityManager,
    owner: { readonly userId: string; readonly dataKey: DataKey },
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, string | null>>>;
}>();
