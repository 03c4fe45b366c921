import type { OwnProfileResponse, ShownFieldsResponse, UserResponse } from './dto/profile.response';
import { mapOwnFields, visibilityOf, type OwnTexts, type SocialLink } from './fields/own-field';
import type { ShownProfile } from './profile';
import type { OwnProfileView } from './profiles.service';

/** Links are stored as JSON, by this service alone. */
export function linksOf(text: string | null): readonly SocialLink[] {
  return text === null ? [] : (JSON.parse(text) as readonly SocialLink[]);
}

export function toShownFields({ links, email, phone, ...texts }: OwnTexts): ShownFieldsResponse {
  const { displayName, username, avatarUrl, bannerUrl, biography } = texts;
  return {
    displayName,
    username,
    avatarUrl,
    bannerUrl,
    biography,
    links: linksOf(links),
    email,
    emailVerified: false,
    phone,
    phoneVerified: false,
  };
}

export function toOwnProfileResponse({ texts, settings, preferences }: OwnProfileView): OwnProfileResponse {
  const visibility = mapOwnFields((field) => visibilityOf(settings, field));
  return { ...toShownFields(texts), preferences, visibility };
}

export function toUserResponse({ userId, texts }: ShownProfile): UserResponse {
  return { userId, profile: toShownFields(texts) };
}
