import { createHash, timingSafeEqual } from 'node:crypto';
import {
  accepted,
  exactId,
  hasControlCharacter,
  hasLoneSurrogate,
  type JsonMember,
  type JsonMembers,
  parseUrl,
  refused,
  type Result,
} from '@countersign/text';
import type { IdTokenRefusal } from './id-token-refusals';
import { present } from '../shared-refusals';

export interface IdTokenAddress {
  /** Exactly as in the issuer's discovery document. */
  readonly issuer: string;
  /** BotFather's client id, which is the bot's id. */
  readonly clientId: string;
  /** The nonce of this sign-in, or `null`. Telegram omits it in the code flow, so a token may lack it. */
  readonly nonce: string | null;
}

/** In characters (https://openid.net/specs/openid-connect-core-1_0.html#IDToken). */
const MAX_SUBJECT_LENGTH = 255;

export function findAddressFault(claims: JsonMembers, wanted: IdTokenAddress): IdTokenRefusal | undefined {
  if (claims.get('iss')?.value !== wanted.issuer) return 'oidc.issuer_mismatch';
  if (!isFor(wanted.clientId, claims)) return 'oidc.audience_mismatch';
  return answers(wanted.nonce, claims) ? undefined : 'oidc.nonce_mismatch';
}

/** Telegram's user id in decimal digits, from `id` (a number or text). `sub` is another number for each client. */
export function readUserId(claims: JsonMembers): Result<string, IdTokenRefusal> {
  const member = claims.get('id');
  if (!member) return refused('oidc.id_missing');
  const id = exactId(unquoted(member));
  return id === undefined ? refused('oidc.id_invalid') : accepted(id);
}

/** The opaque name of the person at this issuer and for this client. */
export function readSubject(claims: JsonMembers): Result<string, IdTokenRefusal> {
  const sub = claims.get('sub')?.value;
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT_LENGTH || hasLoneSurrogate(sub))
    return refused('oidc.subject_invalid');
  return hasControlCharacter(sub) ? refused('oidc.control_character') : accepted(sub);
}

/** Only for this client: another audience of the token could present it here. */
function isFor(clientId: string, claims: JsonMembers): boolean {
  const audience: unknown = claims.get('aud')?.value;
  const audiences: unknown[] = Array.isArray(audience) ? audience : [audience];
  const isOnlyAudience = audiences.length === 1 && audiences[0] === clientId;
  return isOnlyAudience && (!claims.has('azp') || claims.get('azp')?.value === clientId);
}

function answers(nonce: string | null, claims: JsonMembers): boolean {
  if (!claims.has('nonce')) return true;
  const claimed = claims.get('nonce')?.value;
  return nonce !== null && typeof claimed === 'string' && timingSafeEqual(digest(claimed), digest(nonce));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function unquoted(member: JsonMember): JsonMember {
  if (typeof member.value !== 'string') return member;
  return { source: member.source.slice(1, -1), value: Number(member.value) };
}

/** The person's profile, within the requested scope. Empty claims are absent. */
export interface IdTokenProfile {
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly preferredUsername?: string;
  /** An https URL. */
  readonly picture?: string;
  /** As claimed: Telegram writes digits without `+`. Absent if the token calls it unverified. */
  readonly phoneNumber?: string;
}

/** In UTF-16 code units, several times Telegram's limits. */
const TEXT_LIMITS = {
  name: 513,
  given_name: 256,
  family_name: 256,
  preferred_username: 256,
  picture: 2048,
  phone_number: 32,
};

/** All profile claims are optional. Unknown ones are ignored. */
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
    if (typeof value !== 'string' || value.length > limit || hasLoneSurrogate(value))
      return 'oidc.profile_malformed';
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
