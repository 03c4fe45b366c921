import { accepted, refused, type Result } from '@countersign/errors';
import { isAtLeast } from '@countersign/users';
import { ownFields, visibilityOf, type FieldSetting, type OwnField } from '../fields/own-field';
import type { Editor, Fields, ProfileChange } from '../profile';

interface ChangedFields extends Fields {
  /** Fields whose value, visibility or assurance changed. */
  readonly changed: readonly OwnField[];
}

/**
 * Applies a change. A field that a stronger session has set is refused to a weaker one, even if nothing would
 * change: the difference would reveal its value. A visibility that a weaker session has chosen does not count
 * for the value of a stronger one, which is private unless the change says otherwise.
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

/** The fields of `loser` that `survivor` lacks become the survivor's, with who sees them and what set them. */
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
