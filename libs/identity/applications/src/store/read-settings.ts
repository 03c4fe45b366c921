import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { unavailable } from '@countersign/database';
import { AppError } from '@countersign/text';
import { readInput, requestError } from '@countersign/http';
import { isObject, mergePatch } from '../merge-patch';
import { presetsInUse } from '../presets/presets';
import { ApplicationSettings } from '../settings/application.settings';

export function readSettings(stored: object): ApplicationSettings {
  return readInput(ApplicationSettings, stored);
}

/** Stored settings have a value that this version does not know. The error names the settings, but not the value. */
export class UnknownSettingError extends Error {
  override readonly name = 'UnknownSettingError';

  /** @param code the names, comma separated, because messages are not logged */
  constructor(readonly code: string) {
    super(`settings have values that this version does not know: ${code}`);
  }
}

/**
 * Fills in all defaults, and leaves out settings of a later version. An unknown value of a known setting is an error,
 * because to ignore it would allow what it forbids. An unknown preset forbids nothing, so it stays.
 */
export function readStoredSettings(stored: object): ApplicationSettings {
  const settings = plainToInstance(ApplicationSettings, stored, { exposeUnsetFields: false });
  const failures = validateSync(settings, { whitelist: true, forbidUnknownValues: true }).filter(
    ({ property }) => property !== 'presets',
  );
  if (failures.length > 0) throw unavailable(new UnknownSettingError(pathsOf(failures, '').join(',')));
  return settings;
}

function pathsOf(failures: readonly ValidationError[], parent: string): readonly string[] {
  return failures.flatMap(({ property, constraints, children = [] }) => {
    const path = parent === '' ? property : `${parent}.${property}`;
    return [...(constraints ? [path] : []), ...pathsOf(children, path)];
  });
}

export function patchSettings(stored: object, patch: unknown): object {
  if (!isObject(patch)) {
    const field = { path: 'settings', code: 'object', detail: 'must be a JSON object' };
    throw requestError('request.invalid', { fields: [field] });
  }
  const known = Object.keys(new ApplicationSettings());
  const isStored = (name: string): boolean => Object.hasOwn(stored, name);
  // Groups and presets of unused features have no effect: they stay, and may be removed.
  const unknown = Object.entries(patch).filter(
    ([name, value]) => !known.includes(name) && !(isStored(name) && value === null),
  );
  const merged = mergePatch(stored, patch) as { presets?: readonly string[] };
  const used = Object.entries(merged).filter(([name]) => known.includes(name));
  const { presets: before = [] } = stored as typeof merged;
  const presets = merged.presets?.filter((name) => presetsInUse.has(name) || !before.includes(name));
  try {
    readSettings({ ...Object.fromEntries([...used, ...unknown]), ...(presets ? { presets } : {}) });
  } catch (error) {
    throw error instanceof AppError ? belowSettings(error) : error;
  }
  return merged;
}

function belowSettings({ code, definition, options }: AppError): AppError {
  const { fields = [] } = options;
  const below = fields.map((one) => ({ ...one, path: one.path ? `settings.${one.path}` : 'settings' }));
  return new AppError(code, definition, { ...options, fields: below });
}
