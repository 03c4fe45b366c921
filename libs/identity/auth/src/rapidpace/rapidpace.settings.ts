import { IsIn, IsInt, Max, Min } from 'class-validator';
import { IsRedirectUrl, MAX_PROOF_AGE_SECONDS, MIN_SECONDS } from '@countersign/applications';
import { DAY, SECOND } from '@countersign/clock';
import { MayBeAbsent } from '@countersign/http';

const undatedLinkPolicies = ['refuse', 'accept'] as const;
type UndatedLinkPolicy = (typeof undatedLinkPolicies)[number];

/** Rapidpace Seamless Login. */
export class RapidpaceSettings {
  /** Where a link ends, with a one-time `code` in the query. Without it, links are refused. */
  @MayBeAbsent()
  @IsRedirectUrl()
  frontUrl?: string;

  /** The maximum age of a link, in whole seconds. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(MAX_PROOF_AGE_SECONDS)
  linkMaxAge = DAY / SECOND;

  /** A link without `auth_date` is a password for as long as the secret lives. */
  @IsIn(undatedLinkPolicies)
  undatedLinks: UndatedLinkPolicy = 'refuse';
}
