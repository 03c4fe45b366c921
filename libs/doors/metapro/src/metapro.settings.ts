import { IsBoolean } from 'class-validator';

/** The API of Metapro's clients. */
export class MetaproSettings {
  /** Whether its clients may use the application. They read teams, without persons, before they sign in. */
  @IsBoolean()
  enabled = false;

  /**
   * Whether all who read this API see usernames and avatars that people set in it: `update` then gives them the visibility
   * `application` where they were private.
   */
  @IsBoolean()
  showsNames = false;
}
