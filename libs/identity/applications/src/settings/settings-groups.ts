import { Type as TypeOf } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { DefinitionsInUse } from '@countersign/runtime';

/** A feature's settings within the settings of an application. */
export class SettingsGroup<Settings extends object> {
  /**
   * @param type has the defaults, and validates what an operator sets
   * @param ofPresets by the name of a preset: the settings that it adds while this group is in use
   */
  constructor(
    readonly name: string,
    readonly type: new () => Settings,
    readonly ofPresets: Readonly<Record<string, Partial<Settings>>> = {},
  ) {}

  of(settings: GroupedSettings): Settings {
    return (settings as Readonly<Record<string, Settings>>)[this.name] as Settings;
  }

  replacedIn<All extends GroupedSettings>(settings: All, value: Settings): All {
    return { ...settings, [this.name]: value };
  }
}

/** Settings whose properties are the groups of the features in use, each with its defaults. */
// oxlint-disable-next-line typescript/no-extraneous-class -- the decorators of the groups need a class
export class GroupedSettings {
  constructor() {
    for (const { name, type } of settingsInUse.all) Object.assign(this, { [name]: new type() });
  }
}

class SettingsInUse extends DefinitionsInUse<SettingsGroup<object>> {
  private readonly validated = new Set<string>();

  override use(groups: readonly SettingsGroup<object>[]): void {
    super.use(groups);
    for (const { name, type } of groups.filter((group) => !this.validated.has(group.name))) {
      this.validated.add(name);
      for (const decorate of [IsObject(), ValidateNested(), TypeOf(() => type)])
        decorate(GroupedSettings.prototype, name);
    }
  }
}

export const settingsInUse = new SettingsInUse('group of settings', /^[a-z][A-Za-z]*$/);
