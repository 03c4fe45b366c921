import type { Assurance } from '@countersign/users';
import type { FieldSettings, OwnField, OwnTexts, Visibility } from './fields/own-field';

/** Preferences in one application, with the assurance of the session that set them. */
export interface Preferences {
  readonly values: Readonly<Record<string, unknown>>;
  readonly assurance: Assurance;
}

/** What a person has set, opened. */
export interface OwnProfile {
  readonly texts: OwnTexts;
  readonly settings: FieldSettings;
  /** In the application that asks; `null` where there are none. */
  readonly preferences: Preferences | null;
}

/** Who asks for the profiles of others: an application, by one of its sessions or by itself. */
export interface Viewer {
  readonly applicationId: string;
}

/** The fields of a person that a viewer may see; the others are `null`. */
export interface ShownProfile {
  /** For a merged account that of the survivor. */
  readonly userId: string;
  readonly texts: OwnTexts;
}

export interface Editor {
  readonly assurance: Assurance;
  readonly applicationId: string;
}

/** A wanted change: values and visibilities of fields, by merge patch. `null` removes. */
export interface ProfileChange {
  readonly values: ReadonlyMap<OwnField, string | null>;
  readonly visibilities: ReadonlyMap<OwnField, Visibility | null>;
  /** A merge patch, or `null` to remove all; `undefined` changes nothing. */
  readonly preferences: Readonly<Record<string, unknown>> | null | undefined;
}

/** The own fields of a person, with who sees each and what set it. */
export type Fields = Pick<OwnProfile, 'texts' | 'settings'>;
