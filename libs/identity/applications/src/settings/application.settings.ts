import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import { IsRedirectUrl } from '../origins/is-redirect-url';
import { presetsInUse } from '../presets/presets';
import { GroupedSettings } from './settings-groups';
import { parseUrl } from '@countersign/text';

/** In seconds. */
const DAY = 24 * 3_600;

export const MIN_SECONDS = 10;

/** The maximum age of a proof in any application. Proofs are recorded for this time. */
export const MAX_PROOF_AGE_SECONDS = 7 * DAY;

const ALimit = (): PropertyDecorator => {
  const message = 'must be an object with `limit` and `window`';
  return applyDecorators(
    Type(() => LimitSettings),
    ValidateNested({ message }),
    IsObject({ message }),
  );
};

const AList = (): PropertyDecorator => applyDecorators(ArrayMaxSize(64), ArrayUnique(), IsArray());

const TOGETHER = 'must be a whole number: `limit` and `window` are set together';

/** `window` is in seconds. */
class LimitSettings {
  @IsInt({ message: TOGETHER })
  @Min(1)
  @Max(10_000_000)
  limit: number;

  @IsInt({ message: TOGETHER })
  @Min(1)
  @Max(DAY)
  window: number;
}

function upTo(limit: number, window: number): LimitSettings {
  return Object.assign(new LimitSettings(), { limit, window });
}

class RateLimitSettings {
  /** Per person. */
  @ALimit()
  signIn: LimitSettings = upTo(600, 600);

  /** Per person, for reads. Changing calls have a tenth; refreshes of a session half as many in twice the window. */
  @ALimit()
  calls: LimitSettings = upTo(6_000, 300);
}

/** Personal fields that an application can request. Other fields are not stored. */
const dataNeeds = ['name', 'username', 'photo', 'language', 'phone', 'premium'] as const;
export type DataNeed = (typeof dataNeeds)[number];

/** Fields of a profile that people set themselves. */
export const ownFields = [
  'displayName',
  'username',
  'avatarUrl',
  'bannerUrl',
  'biography',
  'links',
  'email',
  'phone',
] as const;
export type OwnField = (typeof ownFields)[number];

/** Weaker proofs allow nothing across applications, with any settings. */
const accountAssurances = ['bot-token', 'platform'] as const;
type AccountAssurance = (typeof accountAssurances)[number];

/** An origin as browsers send it: lower-case scheme and host, and a port only if it is not the scheme's default. */
function isExactOrigin(value: unknown): boolean {
  return typeof value === 'string' && /^https?:/.test(value) && parseUrl(value)?.origin === value;
}

const EXACT_ORIGINS: ValidationOptions = {
  each: true,
  message: 'each must be an exact origin, such as https://app.example.com',
};

/** What an operator can set per application (`countersign application set`). Other features add groups. */
export class ApplicationSettings extends GroupedSettings {
  /** All presets of the application. They decide whether its bots' init data needs Telegram's signature. */
  @AList()
  @IsIn(presetsInUse.names, { each: true })
  presets: string[] = [];

  /** In seconds. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(MAX_PROOF_AGE_SECONDS)
  initDataMaxAge = DAY;

  @AList()
  @IsIn(dataNeeds, { each: true })
  dataNeeds: DataNeed[] = ['name', 'username'];

  /** The application reads these fields of people who show them to applications. Public fields need no entry. */
  @AList()
  @IsIn(ownFields, { each: true })
  profileNeeds: OwnField[] = [];

  /** Copied to every session at sign-in. */
  @AList()
  @Matches(/^[a-z0-9][a-z0-9._:-]{0,63}$/, {
    each: true,
    message: 'must be names of 1 to 64 lower-case letters, digits and `._:-`',
  })
  scopes: string[] = [];

  /** Audiences besides its own id: services behind a gateway. Application ids are refused: each denotes its owner. */
  @AList()
  @Matches(/^(?![0-9a-f]{8}-[0-9a-f]{4}-)[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,255}$/i, {
    each: true,
    message: 'must be names of 1 to 255 printable characters without commas, and no ids of applications',
  })
  audiences: string[] = [];

  @IsObject()
  @ValidateNested()
  @Type(() => RateLimitSettings)
  rateLimits: RateLimitSettings = new RateLimitSettings();

  /** Sessions and proofs need it for account-wide acts. It can only raise the level of the account. */
  @IsIn(accountAssurances)
  accountAssurance: AccountAssurance = 'bot-token';

  @AList()
  @IsRedirectUrl({ each: true })
  redirectUrls: string[] = [];

  @MayBeAbsent()
  @AList()
  @ValidateBy({ name: 'isExactOrigin', validator: { validate: isExactOrigin } }, EXACT_ORIGINS)
  origins: string[] = [];
}
