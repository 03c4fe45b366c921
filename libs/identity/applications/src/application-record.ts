import type { ApplicationEntity } from './store/application.entity';
import type { ApplicationSettings } from './settings/application.settings';
import { readStoredSettings } from './store/read-settings';

/** An application as lists for operators show it. */
export interface ListedApplication extends Readonly<Omit<ApplicationEntity, 'id' | 'settings'>> {
  readonly applicationId: string;
}

export interface ApplicationRecord extends ListedApplication {
  /** Those that an operator set. */
  readonly settings: object;
  /** All settings, with the defaults of those that are not set. */
  readonly effectiveSettings: ApplicationSettings;
}

export function toListedApplication(application: ApplicationEntity): ListedApplication {
  const { id, name, trust, createdAt, updatedAt } = application;
  return { applicationId: id, name, trust, createdAt, updatedAt };
}

/** @throws AppError service.unavailable for settings of a later version */
export function toApplicationRecord(application: ApplicationEntity): ApplicationRecord {
  const { settings } = application;
  return {
    ...toListedApplication(application),
    settings,
    effectiveSettings: readStoredSettings(settings),
  };
}
