import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { readInput } from '@countersign/http';
import { IsExactOrigin } from './is-exact-origin';

/** Personal fields that an application can ask for. What it does not ask for is not stored. */
export const dataNeeds = ['name', 'username', 'photo', 'language'] as const;
export type DataNeed = (typeof dataNeeds)[number];

const HOUR = 3_600;
const DAY = 24 * HOUR;
const LEAST_SECONDS = 10;

/** The oldest init data that any application may accept; proofs are remembered for as long. */
export const LONGEST_INIT_DATA_AGE_SECONDS = 7 * DAY;

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

/** What an operator can set per application (`countersign application set`). */
export class ApplicationSettings {
  @IsObject()
  @ValidateNested()
  @Type(() => SessionSettings)
  session: SessionSettings = new SessionSettings();

  /** Init data that is older than this, in whole seconds, opens nothing. */
  @IsInt()
  @Min(LEAST_SECONDS)
  @Max(LONGEST_INIT_DATA_AGE_SECONDS)
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

  /** Exact web origins that may call on behalf of the application. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(64)
  @IsExactOrigin({ each: true })
  origins: string[] = [];
}

/**
 * Settings as stored, with every default filled in.
 * @throws AppError request.invalid or request.unknown_field naming what is wrong.
 */
export function readSettings(stored: object): ApplicationSettings {
  return readInput(ApplicationSettings, stored);
}
