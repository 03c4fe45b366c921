import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { unavailable } from '@countersign/database';
import { readInput } from '@countersign/http';
import { ApplicationSettings } from '../settings/application.settings';

/**
 * Settings to be stored, with all defaults.
 * @throws AppError request.invalid or request.unknown_field naming the fault.
 */
export function readSettings(stored: object): ApplicationSettings {
  return readInput(ApplicationSettings, stored);
}

/** Settings in the database have a value that this version does not know. Names them, and no value. */
export class UnknownSettingError extends Error {
  override readonly name = 'UnknownSettingError';

  /** @param code the names, comma separated: messages are not logged */
  constructor(readonly code: string) {
    super(`settings have values that this version does not know: ${code}`);
  }
}

/**
 * Stored settings with all defaults. Settings of a later version are left out. An unknown value of a known
 * setting is an error: ignoring it would allow what it forbids. A preset that is not known forbids nothing, and stays.
 * @throws AppError service.unavailable, since a replica of that version can answer
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
