import { accepted, refused, type Result } from '@countersign/text';
import { type SensitiveOperation } from '@countersign/sessions';
import { isAtLeast } from '@countersign/users';
import { ownFields, visibilityOf, type FieldSetting, type OwnField } from '../fields/own-field';
import type { Editor, Fields, ProfileChange } from '../profile';
import { mayReadOwn, type OwnReader } from '../shown-fields';

interface ChangedFields extends Fields {
  readonly changed: readonly OwnField[];
}

/**
 * Applies a change. A weaker session cannot change a field that a stronger session set. The call fails even if nothing
 * would change, because the difference would reveal the value. If a weaker session chose the visibility, a stronger
 * session's value is private unless the change says otherwise.
 */
export function changeFields(
  known: Fields,
  { values, visibilities }: Pick<ProfileChange, 'values' | 'visibilities'>,
  editor: Editor,
): Result<ChangedFields, 'too_weak'> {
  const texts: Record<OwnField, string | null> = { ...known.texts };
  const settings: Partial<Record<OwnField, FieldSetting>> = { ...known.settings };
  const changed: OwnField[] = [];
  for (const field of ownFields.filter((one) => values.has(one) || visibilities.has(one))) {
    const before = known.settings[field];
    if (before && !isAtLeast(editor.assurance, before.assurance)) return refused('too_weak');
    const isStronger = before !== undefined && !isAtLeast(before.assurance, editor.assurance);
    const defaultVisibility =
      values.has(field) && isStronger ? 'private' : visibilityOf(known.settings, field);
    const visibility = visibilities.has(field) ? (visibilities.get(field) ?? 'private') : defaultVisibility;
    const text = values.has(field) ? (values.get(field) ?? null) : known.texts[field];
    const isSame = text === known.texts[field] && visibility === visibilityOf(known.settings, field);
    if (isSame && !isStronger) continue;
    texts[field] = text;
    const { assurance, applicationId } = editor;
    if (text === null && visibility === 'private') Reflect.deleteProperty(settings, field);
    else settings[field] = { visibility, assurance, applicationId };
    changed.push(field);
  }
  return accepted({ texts, settings, changed });
}

export function fillFields(survivor: Fields, loser: Fields): Fields {
  const texts: Record<OwnField, string | null> = { ...survivor.texts };
  const settings: Partial<Record<OwnField, FieldSetting>> = { ...survivor.settings };
  for (const field of ownFields) {
    const setting = loser.settings[field];
    if (texts[field] !== null || loser.texts[field] === null || !setting) continue;
    texts[field] = loser.texts[field];
    settings[field] = setting;
  }
  return { texts, settings };
}

const ofOwnProfile = { level: 'own', needsStepUp: true, isDoneByFreshSignIn: true } as const;

/** The acts that a stolen access token must not do to a profile. */
export const profileOperations = {
  changeContact: {
    name: 'profile.change_contact',
    ...ofOwnProfile,
    title: 'Change your e-mail address or phone number',
  },
  publish: { name: 'profile.publish', ...ofOwnProfile, title: 'Make a hidden field of your profile public' },
} as const satisfies Readonly<Record<string, SensitiveOperation>>;

const CONTACTS = ['email', 'phone'] as const satisfies readonly OwnField[];

export function actsOf(
  { values }: Pick<ProfileChange, 'values'>,
  before: Fields,
  after: Pick<Fields, 'settings'>,
  reader: OwnReader,
): readonly SensitiveOperation[] {
  // The same value counts as a change if the session cannot see it: the difference would reveal the value.
  const isSeen = (field: OwnField) => {
    const setting = before.settings[field];
    return reader.isAtLevel || (setting !== undefined && mayReadOwn(reader, setting));
  };
  const isChanged = (field: OwnField) =>
    values.has(field) && !(isSeen(field) && values.get(field) === before.texts[field]);
  const isPublished = (field: OwnField) =>
    visibilityOf(after.settings, field) === 'public' && visibilityOf(before.settings, field) !== 'public';
  return [
    ...(CONTACTS.some(isChanged) ? [profileOperations.changeContact] : []),
    ...(ownFields.some(isPublished) ? [profileOperations.publish] : []),
  ];
}
