import type { EntityManager } from 'typeorm';
import { extensionPoint } from '@countersign/runtime';
import type { DataKey } from '@countersign/crypto';
import { Registry } from '@countersign/text';
import { identityFields } from '@countersign/users';

const ofIdentities = identityFields.map((field) => `identity.${field}` as const);

const fields = new Registry<string, null>('revealed field', /^(identity|profile)\.[a-zA-Z]+$/);
/** The personal fields that an operator can read. The list grows while features load. */
export const revealedFields = fields.names;

/** Defines personal fields of a module, as `profile.<field>`. */
export function defineRevealedFields(names: readonly string[]): void {
  fields.define(Object.fromEntries(names.map((name) => [name, null])));
}

defineRevealedFields(ofIdentities);

/** Decrypts the wanted fields under their names without `profile.`. The caller has recorded the reveal. */
export const RevealsFields = extensionPoint<{
  open(
    manager: EntityManager,
    owner: { readonly userId: string; readonly dataKey: DataKey },
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, string | null>>>;
}>();
