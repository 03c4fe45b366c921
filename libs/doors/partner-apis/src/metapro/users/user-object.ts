import type { MeResponse, OwnProfileResponse, ShownFieldsResponse } from '@countersign/account';
import type { MetaproDetails } from '../dto/user.requests';
import type {
  MetaproExternalAccountResponse,
  MetaproPublicUserResponse,
  MetaproSocialMediaResponse,
  MetaproUserResponse,
} from '../dto/user.responses';

/** The service has no such fields, so the preferences of the application store them. */
export const ownDetails = ['firstName', 'lastName', 'country', 'birthDate'] as const;

export const PREFERENCE = 'metapro';

export function toUserObject(
  me: MeResponse,
  ownProfile: OwnProfileResponse,
  connected: readonly string[],
): MetaproUserResponse {
  const { userId, createdAt, identities } = me;
  const linked = identities.filter(({ provider }) => provider === 'ethereum').map(({ subject }) => subject);
  return {
    id: userId,
    userId,
    role: 'user',
    addresses: [...new Set([...linked, ...connected])].map((wallet) => ({ wallet })),
    socialMedia: socialMediaOf(ownProfile),
    personalDetails: { ...detailsOf(ownProfile), ...ownDetailsOf(ownProfile) },
    externalAccounts: externalAccountsOf(me),
    rulesCheckbox: { checked: true, updatedAt: createdAt },
    activities: [],
    createdAt,
    updatedAt: createdAt,
  };
}

/** Uses an allow-list, because public fields may include contacts, which this API never gives to others. */
export function toPublicUser(
  userId: string,
  shown: ShownFieldsResponse,
  wallets: readonly string[],
): MetaproPublicUserResponse {
  const { email: _, ...details } = detailsOf(shown);
  return {
    id: userId,
    userId,
    addresses: wallets.map((wallet) => ({ wallet })),
    socialMedia: socialMediaOf(shown),
    personalDetails: details,
  };
}

function socialMediaOf({ links }: ShownFieldsResponse): readonly MetaproSocialMediaResponse[] {
  return links.map(({ label, url }) => ({ name: label ?? '', value: url }));
}

function detailsOf(shown: ShownFieldsResponse): MetaproDetails {
  const { email, username, biography: bio, bannerUrl: banner, avatarUrl: avatar } = shown;
  const all = Object.entries({ email, username, bio, banner, avatar });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

export function ownDetailsOf({ preferences }: OwnProfileResponse): MetaproDetails {
  const stored = preferences[PREFERENCE];
  if (typeof stored !== 'object' || stored === null) return {};
  const entries = ownDetails.map((name) => [name, (stored as Record<string, unknown>)[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}

function externalAccountsOf({ identities, profile }: MeResponse): readonly MetaproExternalAccountResponse[] {
  const ofTelegram = identities.filter(({ provider }) => provider === 'telegram');
  const username = profile.username === null ? {} : { username: profile.username };
  return ofTelegram.map(({ subject: id }) => ({
    name: 'telegram',
    // The profile belongs to one identity. With several identities, the answer does not say which one.
    data: { id, ...(ofTelegram.length === 1 ? username : {}) },
  }));
}
