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

/** People show contacts to applications of the operator only. */
const FIRST_PARTY_FIELDS: ReadonlySet<OwnField> = new Set(['email', 'phone']);

/** The fields that an application reads if people show them to applications. */
export function neededOwnFields({ trust, settings }: Application): ReadonlySet<OwnField> {
  const isAllowed = (field: OwnField) => trust === 'first-party' || !FIRST_PARTY_FIELDS.has(field);
  return new Set(settings.profileNeeds.filter(isAllowed));
}

export interface OwnReader {
  readonly requester: Pick<Principal, 'assurance' | 'isOfAllowedBot'>;
  readonly application: Application;
  readonly isAtLevel: boolean;
  /** A vendor's proof opened the session, and no stronger proof has ever opened the account. */
  readonly isOfUnprovenWallet: boolean;
}

/** Proofs of vendors, and of bots that the application only allows, come from other parties. */
export function isOwnSession(reader: Omit<OwnReader, 'isAtLevel'>): boolean {
  const { requester, application, isOfUnprovenWallet } = reader;
  const { assurance, isOfAllowedBot } = requester;
  const isStrongEnough = isOfUnprovenWallet || isAtLeast(assurance, 'bot-token');
  return application.trust === 'first-party' && !isOfAllowedBot && isStrongEnough;
}

export function mayReadOwn(
  reader: OwnReader,
  set: { readonly assurance: Assurance; readonly applicationId: string },
): boolean {
  if (reader.isAtLevel) return true;
  const isHere = set.applicationId === reader.application.id;
  return isHere && isOwnSession(reader) && isAtLeast(reader.requester.assurance, set.assurance);
}

/**
 * The own fields that a session of the person sees. A session below the account's level sees the fields that its
 * application would see anyway, and the fields that sessions of the same or a weaker assurance set in this application.
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
