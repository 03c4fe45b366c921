import { accepted, refused, type Result } from '@countersign/errors';
import { hasControlCharacter, hasLoneSurrogate, parseUrl, type JsonMembers } from '@countersign/text';
import type { IdTokenRefusal } from './id-token-refusals';
import { present } from '../present';

/** The person's profile, as far as the scope asked for it. Empty claims are absent. */
export interface IdTokenProfile {
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly preferredUsername?: string;
  /** An https URL. */
  readonly picture?: string;
  /** As claimed: Telegram writes digits without the leading `+`. Absent when the token calls it unverified. */
  readonly phoneNumber?: string;
}

/** In UTF-16 code units, several times what Telegram allows. */
const TEXT_LIMITS = {
  name: 513,
  given_name: 256,
  family_name: 256,
  preferred_username: 256,
  picture: 2048,
  phone_number: 32,
};

/** Reads the profile claims. All of them are optional; unknown ones are ignored. */
export function readIdTokenProfile(claims: JsonMembers): Result<IdTokenProfile, IdTokenRefusal> {
  const fault = findFault(claims);
  if (fault) return refused(fault);

  const isPhoneVerified = claims.get('phone_number_verified')?.value !== false;
  return accepted(
    present({
      name: text(claims, 'name'),
      givenName: text(claims, 'given_name'),
      familyName: text(claims, 'family_name'),
      preferredUsername: text(claims, 'preferred_username'),
      picture: httpsUrl(text(claims, 'picture')),
      phoneNumber: isPhoneVerified ? text(claims, 'phone_number') : undefined,
    }),
  );
}

function findFault(claims: JsonMembers): IdTokenRefusal | undefined {
  for (const [claim, limit] of Object.entries(TEXT_LIMITS)) {
    const value = claims.get(claim)?.value ?? '';
    if (typeof value !== 'string' || value.length > limit || hasLoneSurrogate(value)) {
      return 'oidc.profile_malformed';
    }
    if (hasControlCharacter(value)) return 'oidc.control_character';
  }
  return undefined;
}

function text(claims: JsonMembers, claim: keyof typeof TEXT_LIMITS): string | undefined {
  const value = claims.get(claim)?.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A picture is no reason for a refusal: anything but an HTTPS URL is left out. */
function httpsUrl(value: string | undefined): string | undefined {
  const isUrl = value !== undefined && /^https:\/\/[^/?#\\@\s]+([/?#]\S*)?$/.test(value);
  return isUrl && parseUrl(value) ? value : undefined;
}
