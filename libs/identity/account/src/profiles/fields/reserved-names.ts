import { Inject, Injectable } from '@nestjs/common';
import { Configuration } from '@countersign/runtime';
import { foldConfusables, foldLookAlikes } from '@countersign/text';

/** Names that people would take for the operator, the platform or this service. */
const RESERVED = [
  ...['admin', 'admins', 'administrator', 'administration', 'moderator', 'moderators', 'operator', 'owner'],
  ...['official', 'support', 'helpdesk', 'service', 'services', 'security', 'system', 'staff', 'webmaster'],
  ...['postmaster', 'hostmaster', 'abuse', 'billing', 'payment', 'payments', 'wallet', 'notifications'],
  ...['countersign', 'telegram', 'openweb3', 'rapidpace', 'identity', 'account', 'accounts', 'profile'],
  ...['username', 'availability', 'anonymous', 'unknown', 'deleted', 'erased', 'everyone', 'everybody'],
  ...['nobody', 'undefined', 'false', 'guest', 'public', 'private', 'signin', 'login', 'logout', 'oauth'],
];

/** Refuses the reserved names of this service and those of the operator (`RESERVED_NAMES`). */
@Injectable()
export class ReservedNames {
  private readonly folded: ReadonlySet<string>;

  constructor(@Inject(Configuration) { reservedNames }: Pick<Configuration, 'reservedNames'>) {
    this.folded = new Set([...RESERVED, ...reservedNames.map(lettersOf)].map(foldLookAlikes));
  }

  /** Ignores separators and checks each word, so `_admin_` and `Admin Team` count as `admin`. */
  has(username: string): boolean {
    const name = username.toLowerCase();
    const read = [name, name.replaceAll(/[_. -]/g, ''), ...name.split(/[. ]+/)];
    return read.some((one) => this.folded.has(foldLookAlikes(one)));
  }

  /** Like `has`, for a name with spaces and letters of any script. */
  hasAlike(name: string): boolean {
    return this.has(lettersOf(name)) || this.has(foldConfusables(name).replaceAll(/[^a-z0-9]/g, ''));
  }
}

function lettersOf(name: string): string {
  return foldConfusables(name).replaceAll(/[^\p{L}\p{N}]/gu, '');
}
