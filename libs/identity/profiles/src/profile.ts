import type { Principal } from '@countersign/sessions';
import type { Assurance } from '@countersign/users';
import type { FieldSettings, OwnField, OwnTexts, Visibility } from './fields/own-field';

/** Preferences in one application, with the assurance of the session that set them. */
export interface Preferences {
  readonly values: Readonly<Record<string, unknown>>;
  readonly assurance: Assurance;
}

/** The own fields of a person, with who sees each and what set it. */
export interface Fields {
  readonly texts: OwnTexts;
  readonly settings: FieldSettings;
}

export interface OwnProfile extends Fields {
  /** In the application that asks; `null` where there are none. */
  readonly preferences: Preferences | null;
}

/** Who asks for the profiles of others: an application, by one of its sessions or by itself. */
export type Viewer = Pick<Principal, 'applicationId'>;

/** The fields of a person that a viewer may see; the others are `null`. */
export interface ShownProfile {
  /** For a merged account that of the survivor. */
  readonly userId: string;
  readonly texts: OwnTexts;
}

export type Editor = Pick<Principal, 'assurance' | 'applicationId'>;

/** A wanted change: values and visibilities of fields, by merge patch. `null` removes. */
export interface ProfileChange {
  readonly values: ReadonlyMap<OwnField, string | null>;
  readonly visibilities: ReadonlyMap<OwnField, Visibility | null>;
  /** A merge patch, or `null` to remove all; `undefined` changes nothing. */
  readonly preferences: Readonly<Record<string, unknown>> | null | undefined;
}
