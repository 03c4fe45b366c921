import { Type as TypeOf } from 'class-transformer';
import { IsObject, ValidateIf, ValidateNested } from 'class-validator';
import { Registry } from '@countersign/text';

/** The groups of settings that other features add where they call `defineSettings`, by their property. */
export interface SettingsGroups extends Record<never, object> {}

const groups = new Registry<keyof SettingsGroups, new () => object>('group of settings', /^[a-z][A-Za-z]*$/);

// oxlint-disable-next-line typescript/no-extraneous-class -- the decorators of the groups need a class
class Groups {
  constructor() {
    for (const name of groups.names) Object.assign(this, { [name]: new (groups.get(name))() });
  }
}

/** A class whose properties are groups of settings, each with its defaults. */
export const GroupedSettings = Groups as new () => SettingsGroups;

/**
 * Registers a group of settings of applications. The properties of its class have their defaults, and validate what an operator
 * sets.
 */
export function defineSettings<const Name extends string, Settings extends object>(
  name: Name,
  type: new () => Settings,
): Readonly<Record<Name, Settings>> {
  groups.define({ [name]: type });
  const decorators = [ValidateIf(() => groups.has(name)), IsObject(), ValidateNested(), TypeOf(() => type)];
  for (const decorate of decorators) decorate(Groups.prototype, name);
  return { [name]: new type() } as Record<Name, Settings>;
}
