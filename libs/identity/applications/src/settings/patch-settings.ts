import { AppError } from '@countersign/errors';
import { requestError } from '@countersign/http';
import { mergePatch } from '../merge-patch';
import { ApplicationSettings } from './application.settings';
import { readSettings } from '../store/read-settings';
import { removalOfRetired } from './settings-groups';

const FIELD = 'settings';

/**
 * Applies a JSON merge patch to stored settings.
 * @throws AppError request.invalid or request.unknown_field, with paths below `settings`
 */
export function patchSettings(stored: object, patch: unknown): object {
  if (!isObject(patch))
    throw requestError('request.invalid', {
      fields: [{ path: FIELD, code: 'object', detail: 'must be a JSON object' }],
    });
  // A setting of a later version may only be removed.
  const known = Object.keys(new ApplicationSettings());
  const unknown = Object.keys(patch).filter((name) => !known.includes(name) && !Object.hasOwn(stored, name));
  const current = mergePatch(stored, removalOfRetired(stored));
  const merged = mergePatch(current, patch) as object;
  try {
    readSettings({ ...merged, ...Object.fromEntries(unknown.map((name) => [name, true])) });
  } catch (error) {
    throw error instanceof AppError ? below(FIELD, error) : error;
  }
  return merged;
}

/** The error with paths as the caller sent them. */
function below(field: string, { code, definition, options }: AppError): AppError {
  const fields = (options.fields ?? []).map((one) => ({
    ...one,
    path: [field, one.path].filter((part) => part !== '').join('.'),
  }));
  return new AppError(code, definition, { ...options, fields });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
