import type { Application } from '@countersign/applications';
import type { Principal } from '@countersign/sessions';
import { isAtLeast, type Assurance } from '@countersign/users';
import {
  mapOwnFields,
  visibilityOf,
  type FieldSettings,
  type OwnField,
  type OwnTexts,
} from './fields/own-field';

/** Contacts shown to applications are meant for those of the operator. */
const FIRST_PARTY_FIELDS: ReadonlySet<OwnField> = new Set(['email', 'phone']);

/** The fields that an application reads where people show them to applications. */
export function neededOwnFields({ trust, settings }: Application): ReadonlySet<OwnField> {
  const isAllowed = (field: OwnField) => trust === 'first-party' || !FIRST_PARTY_FIELDS.has(field);
  return new Set(settings.profileNeeds.filter(isAllowed));
}

/** The caller, their application, and whether the session reaches the account's level. */
export interface OwnReader {
  readonly requester: Pick<Principal, 'assurance' | 'isOfAllowedBot'>;
  readonly application: Application;
  readonly isAtLevel: boolean;
  /** The session is of a vendor's proof, and nothing stronger than this proof has ever opened the account. */
  readonly isOfUnprovenWallet: boolean;
}

/**
 * Whether what a session has set can be read or changed by this one: proofs of vendors and of bots that the
 * application merely allows are made by other parties.
 */
export function isOwnSession(reader: Omit<OwnReader, 'isAtLevel'>): boolean {
  const { requester, application, isOfUnprovenWallet } = reader;
  const { assurance, isOfAllowedBot } = requester;
  const isStrongEnough = isOfUnprovenWallet || isAtLeast(assurance, 'bot-token');
  return application.trust === 'first-party' && !isOfAllowedBot && isStrongEnough;
}

/** Whether a session may read what was set with such an assurance in its own application. */
export function mayReadOwn(
  reader: OwnReader,
  set: { readonly assurance: Assurance; readonly applicationId: string },
): boolean {
  if (reader.isAtLevel) return true;
  const isHere = set.applicationId === reader.application.id;
  return isHere && isOwnSession(reader) && isAtLeast(reader.requester.assurance, set.assurance);
}

/**
 * The own fields that a session of the person sees. Below the level of the account: those that its
 * application would see anyway, and those set in this application by sessions that were not stronger.
 */
export function ownTextsFor(reader: OwnReader, texts: OwnTexts, settings: FieldSettings): OwnTexts {
  const needed = neededOwnFields(reader.application);
  return mapOwnFields((field) => {
    const setting = settings[field];
    const visibility = visibilityOf(settings, field);
    const isShown = visibility === 'public' || (visibility === 'application' && needed.has(field));
    return isShown || (setting && mayReadOwn(reader, setting)) ? texts[field] : null;
  });
}
