import { defineActs, type Act } from '@countersign/sessions';
import { ownFields, visibilityOf, type OwnField } from '../fields/own-field';
import type { Fields, ProfileChange } from '../profile';
import { mayReadOwn, type OwnReader } from '../shown-fields';

const ofOwnProfile = {
  level: 'own',
  needsStepUp: true,
  isDoneByFreshSignIn: true,
} as const;

/** What a stolen access token must not do to a profile. */
export const profileActs = defineActs({
  'profile.change_contact': { ...ofOwnProfile, title: 'Change your e-mail address or phone number' },
  'profile.publish': { ...ofOwnProfile, title: 'Make a hidden field of your profile public' },
});

const CONTACTS = ['email', 'phone'] as const satisfies readonly OwnField[];

export function actsOf(
  { values }: Pick<ProfileChange, 'values'>,
  before: Fields,
  after: Pick<Fields, 'settings'>,
  reader: OwnReader,
): readonly Act[] {
  // The same value is a change to a session that does not see it: otherwise the difference would reveal the value.
  const isSeen = (field: OwnField) => {
    const setting = before.settings[field];
    return reader.isAtLevel || (setting !== undefined && mayReadOwn(reader, setting));
  };
  const isChanged = (field: OwnField) =>
    values.has(field) && !(isSeen(field) && values.get(field) === before.texts[field]);
  const isPublished = (field: OwnField) =>
    visibilityOf(after.settings, field) === 'public' && visibilityOf(before.settings, field) !== 'public';
  return [
    ...(CONTACTS.some(isChanged) ? [profileActs['profile.change_contact']] : []),
    ...(ownFields.some(isPublished) ? [profileActs['profile.publish']] : []),
  ];
}
