import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { IsRedirectUrl, MAX_PROOF_AGE_SECONDS, MIN_SECONDS } from '@countersign/applications';
import { DAY, SECOND } from '@countersign/clock';
import { MayBeAbsent } from '@countersign/http';

/** A hundred years: as long as a person wants. */
const MAX_REGISTERED_AGE_SECONDS = 100 * 365 * 86_400;

const undatedLinkPolicies = ['refuse', 'accept'] as const;
type UndatedLinkPolicy = (typeof undatedLinkPolicies)[number];

/** Rapidpace Seamless Login. */
export class RapidpaceSettings {
  /** Where a link ends, with a one-time `code` in the query. Without it, links are refused. */
  @MayBeAbsent()
  @IsRedirectUrl()
  frontUrl?: string;

  /** Where the browser is sent with `error=<code>` when a link is refused. Without it a page of the service says why. */
  @MayBeAbsent()
  @IsRedirectUrl()
  errorUrl?: string;

  /** The maximum age of a link whose record was not registered, in whole seconds. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(MAX_PROOF_AGE_SECONDS)
  linkMaxAge = DAY / SECOND;

  /** The maximum age of a link whose record Rapidpace has sent as a registration, in whole seconds. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(MAX_REGISTERED_AGE_SECONDS)
  registeredLinkMaxAge = DAY / SECOND;

  /** Parameters that campaigns add to links, besides `utm_*`, `fbclid` and `gclid`: the signature holds without them. */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(32)
  @Matches(
    /^(?!(?:auth_date|first_name|language_code|last_name|telegram_id|trace_id|username)$)[A-Za-z][A-Za-z0-9_.-]{0,63}$/,
    {
      each: true,
      message: 'must be names of parameters, and none that Rapidpace documents',
    },
  )
  unsignedParameters: string[] = [];

  /** A link without `auth_date` is a password for as long as the secret lives. */
  @IsIn(undatedLinkPolicies)
  undatedLinks: UndatedLinkPolicy = 'refuse';
}
