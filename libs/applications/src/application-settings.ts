import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
  validateSync,
  type ValidationError,
  type ValidationArguments,
} from 'class-validator';
import { unavailable } from '@countersign/database';
import { MayBeAbsent, readInput } from '@countersign/http';
import { IsExactOrigin } from './is-exact-origin';
import { IsRedirectUrl } from './is-redirect-url';

/** Personal fields that an application can ask for. What it does not ask for is not stored. */
export const dataNeeds = ['name', 'username', 'photo', 'language', 'phone'] as const;
export type DataNeed = (typeof dataNeeds)[number];

const HOUR = 3_600;
const DAY = 24 * HOUR;
const LEAST_SECONDS = 10;

/** The oldest proof that any application may accept; proofs are remembered for as long. */
export const LONGEST_PROOF_AGE_SECONDS = 7 * DAY;

/** Weaker proofs reach nothing across applications, whatever is set. */
export const accountAssurances = ['bot-token', 'platform'] as const;
export type AccountAssurance = (typeof accountAssurances)[number];

/** How hard a proof is to forge, weakest first: the words of a session's assurance. */
export const scopeAssurances = ['vendor', 'bot-token', 'platform'] as const;
export type ScopeAssurance = (typeof scopeAssurances)[number];

export const undatedLinkPolicies = ['refuse', 'accept'] as const;
export type UndatedLinkPolicy = (typeof undatedLinkPolicies)[number];

/** Times of a session, in whole seconds. */
export class SessionSettings {
  /** An access token ends when unused for this long; using it starts the time anew. */
  @IsInt()
  @Min(LEAST_SECONDS)
  @Max(DAY)
  accessIdle = HOUR / 2;

  /** An access token ends this long after it was issued, however much it is used. */
  @IsInt()
  @Min(LEAST_SECONDS)
  @Max(7 * DAY)
  accessAbsolute = 12 * HOUR;

  /** A session ends when not refreshed for this long. */
  @IsInt()
  @Min(LEAST_SECONDS)
  @Max(400 * DAY)
  refreshIdle = 30 * DAY;

  /** A session ends this long after sign-in. */
  @IsInt()
  @Min(LEAST_SECONDS)
  @Max(400 * DAY)
  absolute = 90 * DAY;
}

/** The Login Widget and LoginUrl buttons. */
export class LoginWidgetSettings {
  /** Whoever holds the bot's token can make such a login for anybody; Telegram signs none. */
  @IsBoolean()
  accept = false;

  /** A login that is older than this, in whole seconds, opens nothing. */
  @IsInt()
  @Min(LEAST_SECONDS)
  @Max(LONGEST_PROOF_AGE_SECONDS)
  maxAge = DAY;

  /** Query parameters of the application's own redirect URL: Telegram did not sign them. */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(32)
  @IsString({ each: true })
  @Matches(/^(?!(?:id|first_name|last_name|username|photo_url|auth_date|hash)$)[^&=#?]{1,64}$/, {
    each: true,
    message: 'must be names of query parameters, and none that Telegram signs',
  })
  ownParameters: string[] = [];
}

/** Init data as the credential of every request (`Authorization: tma`), without a session. */
export class PerRequestInitDataSettings {
  @IsBoolean()
  accept = false;

  /** In whole seconds: shorter than at sign-in, since it is shown over and over. */
  @IsInt()
  @Min(LEAST_SECONDS)
  @Max(DAY)
  maxAge = HOUR;
}

/** Rapidpace Seamless Login. */
export class RapidpaceSettings {
  /** Where a link ends, with a one-time `code` in the query. Without it, links are refused. */
  @MayBeAbsent()
  @IsRedirectUrl()
  frontUrl?: string;

  /** A link that is older than this, in whole seconds, opens nothing. */
  @IsInt()
  @Min(LEAST_SECONDS)
  @Max(LONGEST_PROOF_AGE_SECONDS)
  linkMaxAge = DAY;

  /** A link without `auth_date` is a password for as long as the secret lives. */
  @IsIn(undatedLinkPolicies)
  undatedLinks: UndatedLinkPolicy = 'refuse';
}

/** Keys that a client binds its session to (DPoP, RFC 9449). */
export class DeviceKeySettings {
  /** Whether a sign-in without such a key is refused. */
  @IsBoolean()
  required = false;

  /** Whether every proof of the key needs a nonce of this service, also one whose clock is right. */
  @IsBoolean()
  nonceRequired = false;
}

/** The JWT that services behind the gateway verify. */
export class IdentityTokenSettings {
  /** Whether sign-in and refresh answer one too, for gateways that can only verify a JWKS. */
  @IsBoolean()
  inAnswers = false;
}

const TOGETHER = 'must be a whole number: `limit` and `window` are set together';
const A_LIMIT = { message: 'must be an object with `limit` and `window`' };

/** So many calls in so many seconds. */
export class LimitSettings {
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

/** What one person may ask for in one application, and what all of them together. */
export class RateLimitSettings {
  /** Per person. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  signIn: LimitSettings = upTo(600, 600);

  /** Per session. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  refresh: LimitSettings = upTo(3_000, 600);

  /** Per user: what changes nothing. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  read: LimitSettings = upTo(6_000, 300);

  /** Per user: what changes something. */
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  write: LimitSettings = upTo(600, 300);

  /** Per user, of the gateway's checks; without a limit by default. */
  @MayBeAbsent()
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  gateway?: LimitSettings;

  /** Of all sign-ins and refreshes of the application; without a limit by default. */
  @MayBeAbsent()
  @IsObject(A_LIMIT)
  @ValidateNested(A_LIMIT)
  @Type(() => LimitSettings)
  application?: LimitSettings;
}

/** A scope that is misspelt here would be granted to everybody: it has to be one of `scopes`. */
function IsScopeAssurance(): PropertyDecorator {
  return ValidateBy({
    name: 'isScopeAssurance',
    validator: {
      validate: (value: unknown, { object }: ValidationArguments) =>
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.entries(value).every(
          ([scope, assurance]: [string, unknown]) =>
            (object as ApplicationSettings).scopes.includes(scope) &&
            scopeAssurances.some((known) => known === assurance),
        ),
      defaultMessage: () =>
        `must be an object: to a scope that stands in scopes, one of ${scopeAssurances.join(', ')}`,
    },
  });
}

/** What an operator can set per application (`countersign application set`). */
export class ApplicationSettings {
  @IsObject()
  @ValidateNested()
  @Type(() => SessionSettings)
  session: SessionSettings = new SessionSettings();

  /** Init data that is older than this, in whole seconds, opens nothing. */
  @IsInt()
  @Min(LEAST_SECONDS)
  @Max(LONGEST_PROOF_AGE_SECONDS)
  initDataMaxAge = DAY;

  @IsArray()
  @ArrayUnique()
  @IsIn(dataNeeds, { each: true })
  dataNeeds: DataNeed[] = ['name', 'username'];

  /** Copied to every session at sign-in. */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(64)
  @Matches(/^[a-z0-9][a-z0-9._:-]{0,63}$/, { each: true })
  scopes: string[] = [];

  /** Scopes that a session has from an assurance on only, whatever was copied to it. Each of them is one of `scopes`. */
  @IsScopeAssurance()
  scopeAssurance: Readonly<Record<string, ScopeAssurance>> = {};

  @IsObject()
  @ValidateNested()
  @Type(() => PerRequestInitDataSettings)
  perRequestInitData: PerRequestInitDataSettings = new PerRequestInitDataSettings();

  @IsObject()
  @ValidateNested()
  @Type(() => LoginWidgetSettings)
  loginWidget: LoginWidgetSettings = new LoginWidgetSettings();

  @IsObject()
  @ValidateNested()
  @Type(() => RapidpaceSettings)
  rapidpace: RapidpaceSettings = new RapidpaceSettings();

  /**
   * Names besides the application's own id that its identity tokens may be addressed to: what stands behind a gateway.
   * No id of an application: that is always its own.
   */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(64)
  @Matches(/^(?![0-9a-f]{8}-[0-9a-f]{4}-)[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,255}$/i, {
    each: true,
    message: 'must be names of 1 to 255 printable characters without commas, and no ids of applications',
  })
  audiences: string[] = [];

  @IsObject()
  @ValidateNested()
  @Type(() => DeviceKeySettings)
  deviceKey: DeviceKeySettings = new DeviceKeySettings();

  @IsObject()
  @ValidateNested()
  @Type(() => IdentityTokenSettings)
  identityToken: IdentityTokenSettings = new IdentityTokenSettings();

  @IsObject()
  @ValidateNested()
  @Type(() => RateLimitSettings)
  rateLimits: RateLimitSettings = new RateLimitSettings();

  /**
   * What a session, and the proofs presented in it, need for what reaches across applications: linking, merging. It can only raise
   * what the account itself asks for.
   */
  @IsIn(accountAssurances)
  accountAssurance: AccountAssurance = 'bot-token';

  /** Exact URLs that a sign-in by redirect may end at. */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(64)
  @IsRedirectUrl({ each: true })
  redirectUrls: string[] = [];

  /** Exact web origins that may call on behalf of the application. */
  @MayBeAbsent()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(64)
  @IsExactOrigin({ each: true })
  origins: string[] = [];
}

/**
 * Settings as they are to be stored, with every default filled in.
 * @throws AppError request.invalid or request.unknown_field naming what is wrong.
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
 * Settings as stored, with every default filled in. Those that only a later version has are left out. A value that only a later
 * version knows cannot be: what it forbids would be allowed.
 * @throws AppError service.unavailable, since a replica of that version answers
 */
export function readStoredSettings(stored: object): ApplicationSettings {
  const settings = plainToInstance(ApplicationSettings, stored, { exposeUnsetFields: false });
  const failures = validateSync(settings, { whitelist: true, forbidUnknownValues: true });
  if (failures.length > 0) throw unavailable(new UnknownSettingError(pathsOf(failures, '').join(',')));
  return settings;
}

function pathsOf(failures: readonly ValidationError[], parent: string): readonly string[] {
  return failures.flatMap(({ property, constraints, children = [] }) => {
    const path = parent === '' ? property : `${parent}.${property}`;
    return [...(constraints ? [path] : []), ...pathsOf(children, path)];
  });
}
