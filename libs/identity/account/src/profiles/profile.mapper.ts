import { toResponse } from '@countersign/http';
import { ShownFieldsResponse, type OwnProfileResponse, type UserResponse } from './dto/profile.response';
import { mapOwnFields, visibilityOf, type OwnTexts, type SocialLink } from './fields/own-field';
import type { ShownProfile } from './profile';
import type { OwnProfileView } from './profiles.service';

/** The text is JSON that only this service wrote. */
export function linksOf(text: string | null): readonly SocialLink[] {
  return text === null ? [] : (JSON.parse(text) as readonly SocialLink[]);
}

export function toShownFields(texts: OwnTexts): ShownFieldsResponse {
  const links = linksOf(texts.links);
  return toResponse(ShownFieldsResponse, { ...texts, links, emailVerified: false, phoneVerified: false });
}

export function toOwnProfileResponse({ texts, settings, preferences }: OwnProfileView): OwnProfileResponse {
  const visibility = mapOwnFields((field) => visibilityOf(settings, field));
  return { ...toShownFields(texts), preferences, visibility };
}

export function toUserResponse({ userId, texts }: ShownProfile): UserResponse {
  return { userId, profile: toShownFields(texts) };
}
