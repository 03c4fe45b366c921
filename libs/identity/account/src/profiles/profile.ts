import type { Principal } from '@countersign/sessions';
import type { Assurance } from '@countersign/users';
import type { FieldSettings, OwnField, OwnTexts, Visibility } from './fields/own-field';

export interface Preferences {
  readonly values: Readonly<Record<string, unknown>>;
  readonly assurance: Assurance;
}

/** A person's fields, each with its visibility and the session that set it. */
export interface Fields {
  readonly texts: OwnTexts;
  readonly settings: FieldSettings;
}

export interface OwnProfile extends Fields {
  /** The preferences in the calling application. */
  readonly preferences: Preferences | null;
}

/** The application that reads other people's profiles, through a session or by itself. */
export type Viewer = Pick<Principal, 'applicationId'>;

/** The fields that a viewer may see; the others are `null`. */
export interface ShownProfile {
  /** The survivor's id if the account was merged. */
  readonly userId: string;
  readonly texts: OwnTexts;
}

export type Editor = Pick<Principal, 'assurance' | 'applicationId'>;

/** Values and visibilities from a merge patch; `null` removes. */
export interface ProfileChange {
  readonly values: ReadonlyMap<OwnField, string | null>;
  readonly visibilities: ReadonlyMap<OwnField, Visibility | null>;
  /** A merge patch; `null` removes all preferences, and `undefined` changes nothing. */
  readonly preferences: Readonly<Record<string, unknown>> | null | undefined;
}
