import { ownFields, type OwnField } from '@countersign/applications';
import type { Assurance } from '@countersign/users';

export { ownFields, type OwnField };

/** Who sees a field: only its person, the applications that the person uses and that need it, or all callers. */
export const visibilities = ['private', 'application', 'public'] as const;
export type Visibility = (typeof visibilities)[number];

/** The visibility of a field, and the session that set it last. */
export interface FieldSetting {
  readonly visibility: Visibility;
  readonly assurance: Assurance;
  readonly applicationId: string;
}

export type FieldSettings = Readonly<Partial<Record<OwnField, FieldSetting>>>;

export const MAX_LINKS = 8;

export interface SocialLink {
  readonly label?: string;
  /** An https URL. */
  readonly url: string;
}

/** All fields as text, which is their sealed form. Links are JSON. */
export type OwnTexts = Readonly<Record<OwnField, string | null>>;

export function mapOwnFields<T>(valueOf: (field: OwnField) => T): Record<OwnField, T> {
  return Object.fromEntries(ownFields.map((field) => [field, valueOf(field)])) as Record<OwnField, T>;
}

/** Gives a class of the API one text property for each own field. */
export function declareFields(
  { prototype }: { readonly prototype: object },
  decoratorOf: (field: OwnField) => PropertyDecorator,
): void {
  for (const field of ownFields) {
    Reflect.defineMetadata('design:type', String, prototype, field);
    decoratorOf(field)(prototype, field);
  }
}

export function visibilityOf(settings: FieldSettings, field: OwnField): Visibility {
  return visibilities.find((known) => known === settings[field]?.visibility) ?? 'private';
}
