import { Type as TypeOf } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { Registry } from '@countersign/text';

const groups = new Registry<string, new () => object>('group of settings', /^[a-z][A-Za-z]*$/);

/** Settings whose properties are the groups of the features in use, each with its defaults. */
// oxlint-disable-next-line typescript/no-extraneous-class -- the decorators of the groups need a class
export class GroupedSettings {
  constructor() {
    for (const name of groups.names) Object.assign(this, { [name]: new (groups.get(name))() });
  }
}

/** A feature's settings within the settings of an application. */
export class SettingsGroup<Settings> {
  constructor(private readonly name: string) {}

  of(settings: GroupedSettings): Settings {
    return (settings as Readonly<Record<string, Settings>>)[this.name] as Settings;
  }

  replacedIn<All extends GroupedSettings>(settings: All, value: Settings): All {
    return { ...settings, [this.name]: value };
  }
}

/** Defines a group of application settings. Its class has the defaults, and validates what an operator sets. */
export function defineSettings<Settings extends object>(
  name: string,
  type: new () => Settings,
): SettingsGroup<Settings> {
  groups.define({ [name]: type });
  const decorators = [IsObject(), ValidateNested(), TypeOf(() => type)];
  for (const decorate of decorators) decorate(GroupedSettings.prototype, name);
  return new SettingsGroup(name);
}
