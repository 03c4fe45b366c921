import type { ApplicationSettings } from './settings/application.settings';

/** `first-party` is the operator's own product; a `third-party` one reaches nothing beyond its own sessions. */
export const trusts = ['first-party', 'third-party'] as const;
export type Trust = (typeof trusts)[number];

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly trust: Trust;
  /** With all defaults filled in. */
  readonly settings: ApplicationSettings;
}
