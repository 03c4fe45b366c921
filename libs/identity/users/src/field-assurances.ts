import { isAtLeast, type Assurance } from './assurance';
import { profileFields } from './store/profile-sealing';
import type { FieldAssurances, ProfileField } from './user';

interface FieldOrigins {
  /** Those that a proof of the platform or of a bot asserted; others are hints of a vendor. */
  readonly assertedFields: readonly ProfileField[];
  /** Those that the platform itself signed. */
  readonly platformFields: readonly ProfileField[];
}

/** A contact is taken from sessions at the level of the account only, so its number is at least as sure. */
export function fieldAssurancesOf({ assertedFields, platformFields }: FieldOrigins): FieldAssurances {
  const assuranceOf = (field: ProfileField): Assurance => {
    if (field === 'phoneNumber' || platformFields.includes(field)) return 'platform';
    return assertedFields.includes(field) ? 'bot-token' : 'vendor';
  };
  return Object.fromEntries(profileFields.map((field) => [field, assuranceOf(field)])) as FieldAssurances;
}

/** Those of the fields that were not given at more than the assurance. */
export function fieldsShownAt(
  assurance: Assurance,
  given: FieldAssurances,
  fields: ReadonlySet<ProfileField>,
): ReadonlySet<ProfileField> {
  return new Set([...fields].filter((field) => isAtLeast(assurance, given[field])));
}
