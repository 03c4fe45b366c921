import type { EntityManager } from 'typeorm';
import { extensionPoint } from '@countersign/extensions';
import type { DataKey } from '@countersign/crypto';
import { Registry, type NamesOf } from '@countersign/text';
import { identityFields } from '@countersign/users';

const ofIdentities = identityFields.map((field) => `identity.${field}` as const);

/** The personal fields that an operator can read. Modules add theirs, as `profile.<field>`. @public */
export interface RevealedFields extends NamesOf<typeof ofIdentities> {}
export type RevealedField = keyof RevealedFields;

const fields = new Registry<RevealedField, null>('revealed field', /^(identity|profile)\.[a-zA-Z]+$/);
export const revealedFields = fields.names;

export function defineRevealedFields<const Name extends string>(names: readonly Name[]): readonly Name[] {
  fields.define(Object.fromEntries(names.map((name) => [name, null])));
  return names;
}

defineRevealedFields(ofIdentities);

/** Opens the wanted ones among `profile.<field>`, under their names without `profile.`. The caller has recorded it. */
export const RevealsFields = extensionPoint<{
  open(
    manager: EntityManager,
    owner: { readonly userId: string; readonly dataKey: DataKey },
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, string | null>>>;
}>();
