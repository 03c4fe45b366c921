import { IsIn } from 'class-validator';
import { IsRedirectUrl } from '@countersign/applications';
import { MayBeAbsent } from '@countersign/http';

const undatedLinkPolicies = ['refuse', 'accept'] as const;
type UndatedLinkPolicy = (typeof undatedLinkPolicies)[number];

/** Rapidpace Seamless Login. */
export class RapidpaceSettings {
  /** Where a link ends, with a one-time `code` in the query. Without it, links are refused. */
  @MayBeAbsent()
  @IsRedirectUrl()
  frontUrl?: string;

  /** A link without `auth_date` is a password for as long as the secret lives. */
  @IsIn(undatedLinkPolicies)
  undatedLinks: UndatedLinkPolicy = 'refuse';
}
