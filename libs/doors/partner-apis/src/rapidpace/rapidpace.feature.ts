import { defineEvents } from '@countersign/audit';
import { type Preset, SettingsGroup, IsRedirectUrl } from '@countersign/applications';
import { defineLoginMethods } from '@countersign/sessions';
import { IsIn, Matches } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';

const undatedLinkPolicies = ['refuse', 'accept'] as const;
type UndatedLinkPolicy = (typeof undatedLinkPolicies)[number];

const playerLanguages = ['en', 'de', 'es', 'fa', 'fr', 'pt', 'ru', 'tr'] as const;
export type PlayerLanguage = (typeof playerLanguages)[number];

class RapidpaceSettings {
  /** The target of a link, which receives a one-time `code` in the query. Without it, links are refused. */
  @MayBeAbsent()
  @IsRedirectUrl()
  frontUrl?: string;

  /** A link without `auth_date` is a password for as long as the secret lives. */
  @IsIn(undatedLinkPolicies)
  undatedLinks: UndatedLinkPolicy = 'refuse';

  /** The language of the page that a refused player sees. */
  @IsIn(playerLanguages)
  language: PlayerLanguage = 'en';

  /** The link back to the game on that page, for example to the bot. Without it, the page has no link. */
  @MayBeAbsent()
  @IsRedirectUrl()
  @Matches(/^https:/, { message: 'must be an https:// URL' })
  backUrl?: string;
}

export const rapidpaceEvents = defineEvents({
  secretAdded: 'rapidpace_secret.added',
  secretRemoved: 'rapidpace_secret.removed',
});

export const rapidpaceMethods = defineLoginMethods({ link: 'rapidpace-link' });

export const rapidpaceSettings = new SettingsGroup('rapidpace', RapidpaceSettings);

interface Stored {
  readonly origins?: readonly string[];
  readonly rapidpace?: Partial<RapidpaceSettings>;
}

export const rapidpacePreset: Preset = {
  name: 'rapidpace',
  /** Links end at the first page of the application, unless another URL is set. */
  settings({ origins: [origin] = [], rapidpace }: Stored) {
    return origin === undefined || rapidpace?.frontUrl ? {} : { rapidpace: { frontUrl: `${origin}/` } };
  },
  lines: [
    'Rapidpace: players sign in with signed links.',
    'A registered player can open any dated link of the campaign for a year after the last registration.',
    'Each /start registers the player again.',
    'The thief of a link or of a registration call can read and play as its player until a year after the registration, or until the player ends all sessions.',
    "The thief of Rapidpace's secret can read and play as every player.",
    'None of these thieves can use the account plane or move money.',
  ],
};
