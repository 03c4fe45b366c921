// Generated from docs/openapi/public.json by "npm run build:client-types": do not edit it.
import type { ErrorCode } from './codes.js';

export interface FieldErrorResponse {
  /** The field, with dots between levels; empty for the whole body. */
  path: string;
  code: FieldErrorCode;
  /** A sentence for people, without the value. */
  detail: string;
}
export interface ProblemResponse {
  /** A URN that ends in `code`. */
  type: string;
  /** What went wrong, for people: the same for every occurrence of the code. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What went wrong and what to do about it, for people. */
  detail: string;
  code: ErrorCode;
  /** The id of the request, as in `X-Request-Id`. */
  requestId: string;
  /** The fields that are wrong, at most 20. */
  errors?: FieldErrorResponse[];
}
export interface SessionResponse {
  /** The id of the session. */
  sessionId: string;
  /** The application that the session is for. */
  applicationId: string;
  /** The name that the client gave its device at sign-in. */
  deviceName: string | null;
  /** How hard the proof that opened the session is to forge. */
  assurance: "vendor" | "bot-token" | "platform";
  /** When the session was opened. */
  createdAt: string;
  /** To the minute. */
  lastUsedAt: string;
  /** Unless it is refreshed before. */
  expiresAt: string;
  /** Whether it is the caller’s session. */
  current: boolean;
  /** Whether every use needs a proof of its device key. */
  isBound: boolean;
  /** When the proof that opened the session was last presented without its device key. */
  refusedReentryAt: string | null;
}
export interface SessionPage {
  /** The sessions, newest first. */
  items: SessionResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface RefreshRequest {
  /** The refresh token of the latest pair. */
  refreshToken: string;
  /** Of the running Mini App: refused when it names another person than the session. Its age is not checked. */
  initData?: string;
}
export interface SignInResponse {
  /** `DPoP` when the session is bound to the key of the `DPoP` header (RFC 9449). */
  tokenType: "Bearer" | "DPoP";
  /** Opaque. Send it in `Authorization` after its type. */
  accessToken: string;
  /** Seconds until the access token ends unless it is used. */
  expiresIn: number;
  /** Opaque. Good for one refresh. */
  refreshToken: string;
  /** Seconds until the session ends unless it is refreshed. */
  refreshExpiresIn: number;
  /** The id of the session. */
  sessionId: string;
  /** The id of the account. */
  userId: string;
  /** Whether this sign-in created the account. */
  isNewUser: boolean;
  /** How hard the proof is to forge. */
  assurance: "vendor" | "bot-token" | "platform";
  /** The start parameter of the launch, or of the start of Log In With Telegram. Chosen by the author of the link, so it proves nothing. */
  startParam: string | null;
  /** Present where this sign-in cancelled the erasure of the account. */
  erasureCancelled?: boolean;
  /** A JWT for services behind a gateway that can only verify a JWKS; where the application asks for it (`identityToken.inAnswers`), and a key can be had. */
  identityToken?: string;
  /** Only where the start parameter carries an invitation, and at the first use of the proof: offered, accepted (`invitations.acceptAtSignIn` of the application) or refused. The sign-in succeeds in any case. */
  invitation?: SignInInvitationResponse;
  /** Only at the first use of a proof whose start parameter is `j_` and the code of an open request to join: the grant to accept it. */
  join?: SignInJoinResponse;
  /** Present where the start parameter or the body had a referral code. */
  referral?: SignInReferralResponse;
  /** Only at the first use of a proof whose start parameter is `s_` and a code that this person asked for in this application: the act, and the grant for it. */
  stepUp?: SignInStepUpResponse;
}
export interface InitDataSignIn {
  /** The id of the application. */
  applicationId: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** Only where the application has several bots. */
  botId?: string;
  /** The init data of the Mini App as it is, at most 8 KiB. */
  initData: string;
}
export interface ThirdPartyInitDataSignIn {
  /** The id of the application. */
  applicationId: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** The init data of the Mini App as it is, at most 8 KiB. */
  initData: string;
  /** The bot that launched the Mini App. */
  botId: string;
}
export type LoginWidgetSignIn = LoginWidgetDataSignIn | LoginWidgetQuerySignIn | LoginWidgetTgAuthResultSignIn;
export type WalletSignIn = WalletSignatureSignIn | WalletTonProofSignIn;
export interface ExchangeRequest {
  /** The id of the application. */
  applicationId: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** The one-time code of a redirect, good for 60 seconds. */
  code: string;
  /** Of PKCE (RFC 7636), when the sign-in began with a code challenge. */
  codeVerifier?: string;
  /** The referral code that brought the person, for the first sign-in to the application. Where the proof has a start parameter with a code, that one counts. */
  referralCode?: string;
}
export interface WalletChallengeRequest {
  /** What the wallet signs: `siwe` (EIP-4361), the fixed message of Metapro, or `ton_proof` of TON Connect. */
  kind: "siwe" | "metapro" | "ton-proof";
  /** The address: `0x` and 40 hex digits, in lower case or with the checksum of EIP-55; of TON raw or user-friendly. Only for `ton-proof` it may be absent: TON Connect asks for the proof before it tells the address. */
  address?: string;
  /** The chain by CAIP-2, such as `eip155:1` or `ton:-239`; `tvm:` is read as `ton:`. Without it `eip155:1`, and for `ton-proof` the main network. */
  chainId?: string;
  /** The web origin that the wallet signs for: one of `origins` of the application. Without it that of the `Origin` header, else the first of `origins`. */
  origin?: string;
  /** What the proof is for: to link the wallet, or a step-up, a merge or a detachment by a wallet. The text of `siwe` says it. */
  purpose?: "link" | "step-up" | "merge" | "detach";
}
export interface WalletChallengeResponse {
  /** To be presented with the signature. A secret of the caller, good for one attempt. */
  challengeId: string;
  /** What the wallet signs. */
  kind: "siwe" | "metapro" | "ton-proof";
  /** What the proof is for. */
  purpose: "sign-in" | "link" | "step-up" | "merge" | "detach";
  /** The address in the usual form: EIP-55, or of TON non-bounceable; null where the request named none. */
  address: string | null;
  /** The chain, by CAIP-2. */
  chainId: string;
  /** For `siwe` and `metapro`: the text for `personal_sign`, byte for byte. */
  message: string | null;
  /** For `ton-proof`: the payload of the `ton_proof` item of TON Connect. */
  payload: string | null;
  /** The domain that the wallet signs for; for `ton-proof` the host of the manifest of TON Connect. Null for `metapro`, whose message names none. */
  domain: string | null;
  /** Until when the proof has to be presented. */
  expiresAt: string;
}
export interface SignInChallengeRequest {
  /** The id of the application. */
  applicationId: string;
  /** What the wallet signs: `siwe` (EIP-4361), the fixed message of Metapro, or `ton_proof` of TON Connect. */
  kind: "siwe" | "metapro" | "ton-proof";
  /** The address: `0x` and 40 hex digits, in lower case or with the checksum of EIP-55; of TON raw or user-friendly. Only for `ton-proof` it may be absent: TON Connect asks for the proof before it tells the address. */
  address?: string;
  /** The chain by CAIP-2, such as `eip155:1` or `ton:-239`; `tvm:` is read as `ton:`. Without it `eip155:1`, and for `ton-proof` the main network. */
  chainId?: string;
  /** The web origin that the wallet signs for: one of `origins` of the application. Without it that of the `Origin` header, else the first of `origins`. */
  origin?: string;
}
export interface SocialLinkResponse {
  /** What the link is called. */
  label?: string;
  /** An https URL. */
  url: string;
}
export interface ShownFieldsResponse {
  /** The display name. */
  displayName: string | null;
  /** The unique username. */
  username: string | null;
  /** The URL of the avatar. */
  avatarUrl: string | null;
  /** The URL of the banner. */
  bannerUrl: string | null;
  /** About the person. */
  biography: string | null;
  /** Links to other sites. */
  links: SocialLinkResponse[];
  /** A contact. */
  email: string | null;
  /** Whether the address is known to be the person’s. */
  emailVerified: boolean;
  /** A contact in E.164. */
  phone: string | null;
  /** Whether the number is known to be the person’s. */
  phoneVerified: boolean;
}
export interface UserResponse {
  /** The id of the account; of a merged one that of the survivor. */
  userId: string;
  /** The fields that the caller may see. */
  profile: ShownFieldsResponse;
}
export interface UsernameAvailabilityResponse {
  /** The username as it would be stored. */
  username: string;
  /** Whether the caller could choose it now. */
  isAvailable: boolean;
}
export interface LostResponse {
  /** `team`: the account is no longer a member, or the team is gone. `team-role`: the role in the team was lowered, or the ownership transferred. `username`: another person has it. */
  what: "team" | "team-role" | "username";
  /** The id of the team. */
  id: string | null;
}
export interface ExportResponse {
  /** The version of the format. */
  version: 1;
  /** `account`: everything. `application`: what belongs to the application and the identity of the session. */
  scope: "account" | "application";
  /** The application, where the scope is `application`. */
  applicationId: string | null;
  /** The id of the account. */
  userId: string;
  /** When the export began. */
  exportedAt: string;
  /** Each with `meaning`, `retention` and `items`. */
  sections: {
    [key: string]: unknown;
  };
}
export interface PendingErasureResponse {
  /** When the account will be erased. */
  erasesAt: string;
  /** When it was requested. */
  requestedAt: string;
  /** The application that it was requested in; null for an operator, or for an idle account. */
  applicationId: string | null;
}
export interface ErasurePreviewResponse {
  /** `account`: the account is closed at once. `application`: the sessions of this application end, and a stronger sign-in cancels the erasure. */
  scope: "account" | "application";
  /** When the account would be erased, if that was requested now. */
  erasesAt: string;
  /** How much would be lost, by kind. */
  lost: {
    [key: string]: number;
  };
  /** What DELETE /v1/me asks for in `confirm`. */
  confirm: string;
  /** What is requested already. */
  pending: PendingErasureResponse | null;
}
export interface ErasureResponse {
  /** When the account will be erased. */
  erasesAt: string;
}
export interface DelayedExportResponse {
  /** From when on it can be collected. */
  readyAt: string;
  /** Until when it can be collected. */
  expiresAt: string;
}
export interface IdentityResponse {
  /** The id of the identity. */
  identityId: string;
  /** The platform, such as `telegram` or `openweb3`. */
  provider: string;
  /** The environment of the platform, such as `production` or `test`. */
  environment: string;
  /** The platform’s own id of the person. */
  subject: string;
  /** When the identity was first seen. */
  createdAt: string;
  /** Its maximum assurance: the weakest one that it was attached to the account by. */
  assurance: "vendor" | "bot-token" | "platform";
  /** When it leaves the account, unless it signs in until then. */
  unlinksAt: string | null;
}
export interface IdentityPage {
  /** The identities, oldest first. */
  items: IdentityResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface UnlinkingResponse {
  /** When the identity leaves the account, unless it signs in until then. */
  unlinksAt: string;
}
export interface AskedJoinResponse {
  /** The application in which it was asked. */
  applicationName: string;
  /** The public display name of the asking account; null where it has none. */
  displayName: string | null;
  /** When it was asked. */
  askedAt: string;
  /** Seconds for which the request is open. */
  expiresIn: number;
}
export interface AcceptJoinBody {
  /** The number that the asking page shows. */
  number: number;
}
export interface MergeResponse {
  /** The account that is left: the caller’s. */
  userId: string;
  /** The account that was merged into it. Its id stays an alias. */
  mergedUserId: string;
}
export interface ProfileResponse {
  /** The first name, as the platform knows it. */
  firstName: string | null;
  /** The last name, as the platform knows it. */
  lastName: string | null;
  /** The username on the platform, without `@`. */
  username: string | null;
  /** The URL of the photo. */
  photoUrl: string | null;
  /** The language of the client, as an IETF language tag. */
  languageCode: string | null;
  /** E.164. Only where the application needs `phone`. */
  phoneNumber?: string | null;
  /** Whether the person pays the platform for premium features. Only where the application needs `premium`. */
  premium?: boolean | null;
}
export interface VisibilityResponse {
  /** Who sees the field. */
  displayName: "private" | "application" | "public";
  /** Who sees the field. */
  username: "private" | "application" | "public";
  /** Who sees the field. */
  avatarUrl: "private" | "application" | "public";
  /** Who sees the field. */
  bannerUrl: "private" | "application" | "public";
  /** Who sees the field. */
  biography: "private" | "application" | "public";
  /** Who sees the field. */
  links: "private" | "application" | "public";
  /** Who sees the field. */
  email: "private" | "application" | "public";
  /** Who sees the field. */
  phone: "private" | "application" | "public";
}
export interface OwnProfileResponse {
  /** The display name. */
  displayName: string | null;
  /** The unique username. */
  username: string | null;
  /** The URL of the avatar. */
  avatarUrl: string | null;
  /** The URL of the banner. */
  bannerUrl: string | null;
  /** About the person. */
  biography: string | null;
  /** Links to other sites. */
  links: SocialLinkResponse[];
  /** A contact. */
  email: string | null;
  /** Whether the address is known to be the person’s. */
  emailVerified: boolean;
  /** A contact in E.164. */
  phone: string | null;
  /** Whether the number is known to be the person’s. */
  phoneVerified: boolean;
  /** Preferences in the application of the session. */
  preferences: Record<string, unknown>;
  /** Who sees each field. */
  visibility: VisibilityResponse;
}
export interface CurrentSessionResponse {
  /** The id of the session. */
  sessionId: string;
  /** The application that the session is for. */
  applicationId: string;
  /** How hard the proof that opened the session is to forge. */
  assurance: "vendor" | "bot-token" | "platform";
  /** What the session may do. */
  scopes: string[];
}
export interface MeResponse {
  /** The id of the account. */
  userId: string;
  /** When the account was created. */
  createdAt: string;
  /** Whether the account may be used. */
  status: "active" | "deactivated";
  profile: ProfileResponse;
  /** What the person has set themselves. */
  ownProfile: OwnProfileResponse;
  /** The identities of the account, oldest first. */
  identities: IdentityResponse[];
  /** None for init data per request. */
  session: CurrentSessionResponse | null;
  /** When sessions ended that weaker proofs had opened, since the platform itself named the person for the first time. */
  weakerSessionsEndedAt: string | null;
  /** The requested erasure of the account. A stronger sign-in than the one that requested it cancels it. */
  erasure: PendingErasureResponse | null;
}
/** The one-time code of Log In With Telegram, or a wallet’s answer to a challenge. */
export type ProofRequest = ExchangeProof | WalletSignatureProof | WalletTonProofProof;
export interface StepUpResponse {
  /** Seconds for which the session is stepped up. */
  stepUpExpiresIn: number;
}
export interface DetachmentResponse {
  /** The new account, with only this identity. */
  userId: string;
  /** The identity that was taken out. */
  identityId: string;
}
export interface ContactRequest {
  /** The result of `requestContact`, unchanged: a signed query string, at most 8 KiB. */
  contact: string;
  /** Only where the application has several bots. */
  botId?: string;
}
export interface AppLinkResponse {
  /** Where the bot lives. */
  environment: "production" | "test";
  /** The bot’s number at its platform, as text. */
  botId: string;
  /** The init data of the Mini App that it opens has the parameter as `start_param`. */
  url: string;
}
export interface JoinRequestResponse {
  /** Names the request to join. */
  joinId: string;
  /** The start parameter of the other person’s launch, or of their Log In With Telegram, is `j_` and this code. */
  code: string;
  /** Two digits that this page shows, and the person of the other account types. */
  number: number;
  /** Seconds for which the request is open. */
  expiresIn: number;
  /** Links that open the Mini App with the code; also for a QR code. */
  links: AppLinkResponse[];
}
export interface JoinStateResponse {
  /** Names the request to join. */
  joinId: string;
  /** `failed` after three wrong numbers. */
  state: "open" | "expired" | "accepted" | "declined" | "withdrawn" | "failed";
  /** Seconds for which the request is open. */
  expiresIn: number;
}
export interface SocialLinkPatch {
  /** At most 32 characters. */
  label?: string;
  /** An https URL. */
  url: string;
}
export interface VisibilityPatch {
  /** Who sees the field; `null` makes it private. */
  displayName?: "private" | "application" | "public" | null;
  /** Who sees the field; `null` makes it private. */
  username?: "private" | "application" | "public" | null;
  /** Who sees the field; `null` makes it private. */
  avatarUrl?: "private" | "application" | "public" | null;
  /** Who sees the field; `null` makes it private. */
  bannerUrl?: "private" | "application" | "public" | null;
  /** Who sees the field; `null` makes it private. */
  biography?: "private" | "application" | "public" | null;
  /** Who sees the field; `null` makes it private. */
  links?: "private" | "application" | "public" | null;
  /** Who sees the field; `null` makes it private. */
  email?: "private" | "application" | "public" | null;
  /** Who sees the field; `null` makes it private. */
  phone?: "private" | "application" | "public" | null;
}
export interface ProfilePatch {
  /** 1 to 64 characters, as people count them; one script per word. */
  displayName?: string | null;
  /** 5 to 32 characters of `a-z`, `0-9` and `_`; upper case becomes lower case. Unique, also among names that look alike. */
  username?: string | null;
  /** An https URL of at most 1024 characters. */
  avatarUrl?: string | null;
  /** An https URL of at most 1024 characters. */
  bannerUrl?: string | null;
  /** 1 to 280 characters, as people count them. */
  biography?: string | null;
  /** The whole list, of at most 8. */
  links?: SocialLinkPatch[] | null;
  /** A contact; stored without verification. */
  email?: string | null;
  /** A contact in E.164; stored without verification. */
  phone?: string | null;
  /** Preferences in the application of the session, merged in depth. At most 4096 bytes and 5 levels as a whole. */
  preferences?: Record<string, unknown> | null;
  /** Who sees each field. Fields are private at first; `null` makes all of them private. */
  visibility?: VisibilityPatch | null;
}
export interface StepUpRequestBody {
  /** The act, as the table of acts in docs/security.md names it. */
  act: string;
}
export interface StepUpRequestResponse {
  /** Names the request. */
  requestId: string;
  /** The act, as the table of acts in docs/security.md names it. */
  act: string;
  /** What is done, for the person who confirms it. */
  title: string;
  /** The start parameter of the other launch, or of Log In With Telegram, is `s_` and this code. For people to read where no link is there. */
  code: string;
  /** Seconds for which the code is good. */
  expiresIn: number;
  /** Links that open the Mini App with the code. */
  links: AppLinkResponse[];
}
export interface StepUpRequestStateResponse {
  /** Names the request. */
  requestId: string;
  /** The act, as the table of acts in docs/security.md names it. */
  act: string;
  /** `waiting` for the launch with the code, `stepped-up` by it, `done` when the act was done. */
  state: "waiting" | "stepped-up" | "done" | "expired";
  /** Seconds for which the code or the grant is good. */
  expiresIn: number;
}
export interface SeparableJoinResponse {
  /** The id of the merge or of the link. */
  joinId: string;
  /** `merge`: the identities came with an account. `link`: the identity had none. */
  kind: "link" | "merge";
  /** The account that returns; null for a link, whose identity gets a new one. */
  userId: string | null;
  /** The identities that came, and leave. */
  identityIds: string[];
  /** Whether other identities came than that of the session: then separating asks for a step-up for `account.unlink`. */
  needsStepUp: boolean;
  /** When they came. */
  joinedAt: string;
  /** Until when it can be separated. */
  separableUntil: string;
}
export interface SeparableJoinsResponse {
  /** Newest first. */
  items: SeparableJoinResponse[];
}
export interface SeparationRequest {
  /** The id of the merge or of the link. */
  joinId: string;
}
export interface SeparationResponse {
  /** The account that the identities that left have now. */
  userId: string;
  /** How many sessions of the identities that left ended. */
  endedSessions: number;
  /** What could not return. */
  lost: LostResponse[];
}
export interface TeamPatch {
  /** 1 to 1000 characters, as people count them. */
  description?: string | null;
  /** An https URL of at most 1024 characters. */
  logoUrl?: string | null;
  /** An https URL of at most 1024 characters. */
  bannerUrl?: string | null;
  /** An https URL of at most 1024 characters. */
  websiteUrl?: string | null;
  /** https URLs: the whole list, of at most 8. */
  socialLinks?: string[] | null;
  /** 2 to 64 characters, as people count them; one script per word. Unique in the application, also among names that look alike. */
  name?: string;
}
export interface CreateTeamRequest {
  /** 1 to 1000 characters, as people count them. */
  description?: string | null;
  /** An https URL of at most 1024 characters. */
  logoUrl?: string | null;
  /** An https URL of at most 1024 characters. */
  bannerUrl?: string | null;
  /** An https URL of at most 1024 characters. */
  websiteUrl?: string | null;
  /** https URLs: the whole list, of at most 8. */
  socialLinks?: string[] | null;
  /** 2 to 64 characters, as people count them; one script per word. Unique in the application, also among names that look alike. */
  name: string;
}
export interface TeamResponse {
  /** The id of the team. */
  teamId: string;
  /** The name. */
  name: string;
  /** The description. */
  description: string | null;
  /** The URL of the logo. */
  logoUrl: string | null;
  /** The URL of the banner. */
  bannerUrl: string | null;
  /** The URL of the website. */
  websiteUrl: string | null;
  /** https URLs. */
  socialLinks: string[];
  /** How many members the team has. */
  memberCount: number;
  /** The person who created the team; `null` when that account was erased. */
  createdBy: string | null;
  /** When it was created. */
  createdAt: string;
  /** When its name, description, an image or a link was last changed. */
  updatedAt: string;
  /** When it was deleted, for its owner, who can restore it for seven days; `null` otherwise. */
  deletedAt: string | null;
  /** The role of the caller, or of the person whose teams are listed; `null` without membership. */
  role: "owner" | "admin" | "editor" | "viewer" | null;
}
export interface TeamPage {
  /** The teams: newest first, or by name where a name is searched. */
  items: TeamResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface TeamNameAvailabilityResponse {
  /** The name as it would be stored. */
  name: string;
  /** Whether a team could have it now. */
  isAvailable: boolean;
}
export interface TransferTeamRequest {
  /** The member who becomes the owner. */
  userId: string;
}
export interface TeamHistoryResponse {
  /** The id of the entry. */
  id: string;
  /** When it happened. */
  at: string;
  /** What happened. */
  action: "created" | "changed" | "joined" | "left" | "removed" | "role_changed" | "ownership_transferred" | "deleted" | "restored" | "reverted" | "invitation_created" | "invitation_revoked" | "invitation_reopened";
  /** Who did it; `null` for the service, and when that account was erased. */
  actorId: string | null;
  /** The member that it is about; `null` where it is about the team, and when that account was erased. */
  subjectId: string | null;
  /** Words such as `role`, `how`, `reason` and the names of changed `fields`. */
  details: {
    [key: string]: string;
  };
}
export interface TeamHistoryPage {
  /** What happened, newest first. */
  items: TeamHistoryResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface MemberResponse {
  /** The id of the account. */
  userId: string;
  /** The role. */
  role: "owner" | "admin" | "editor" | "viewer";
  /** When the person became a member. */
  joinedAt: string;
  /** The person who invited the member; `null` for the creator, and when that account was erased. */
  invitedBy: string | null;
  /** What the person shows to the caller, as in GET /v1/users/{userId}; `null` for a deactivated account. */
  profile: ShownFieldsResponse | null;
}
export interface MemberPage {
  /** The members, in the order of their ids. */
  items: MemberResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface SetRoleRequest {
  /** The new role. */
  role: "admin" | "editor" | "viewer";
}
export interface CheckedBlockResponse {
  /** Its number. */
  number: number;
  /** Its hash. */
  hash: string;
}
export interface WalletProofResponse {
  /** What was signed. */
  kind: "siwe" | "metapro" | "ton-proof";
  /** CAIP-2: the chain that the message named. */
  provenOn: string;
  /** Of a contract wallet: the block at which it accepted the signature. `null` where a key signed. */
  block: CheckedBlockResponse | null;
  /** How many nodes agreed on it; 0 where none was asked. */
  nodes: number;
  /** Of a wallet of TON that can switch signatures off (v5), and then obeys its extensions only: `allowed`, or `not-asked` where the operator has configured no endpoint, so that the key may no longer control it. `null` for all others. */
  signatureSwitch: "allowed" | "not-asked" | null;
}
export interface WalletResponse {
  /** The id of the wallet. */
  walletId: string;
  /** The identity that it is: unlinking one unlinks the other. */
  identityId: string;
  /** How the service knows it: `linked`, by a proof of its owner. */
  kind: "linked";
  /** The platform of its addresses. */
  provider: "ethereum" | "ton";
  /** Whether it is of a test network. */
  environment: "production" | "test";
  /** CAIP-2 of a contract wallet, whose address may have other owners on other chains. `null` where a key controls the address. */
  chainId: string | null;
  /** The address: with the checksum of EIP-55, or in the non-bounceable form of TON. */
  address: string;
  /** The name that the person gave it. */
  label: string | null;
  /** Whether it is the primary wallet; exactly one is. */
  isPrimary: boolean;
  /** The most assurance that sessions opened with it get. */
  assurance: "vendor" | "bot-token" | "platform";
  /** How the address was proven last. */
  proof: WalletProofResponse | null;
  /** When it was linked. */
  linkedAt: string;
  /** When a signature was last found to hold: at the last proof, or for a contract wallet at a later check. */
  checkedAt: string;
  /** When a contract wallet was found to accept the signature no longer: its owners have changed. `null` otherwise. Another proof sets it back. */
  ownersChangedAt: string | null;
}
export interface WalletPage {
  /** Oldest first. */
  items: WalletResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface WalletPatch {
  /** Makes it the primary wallet instead of the one before. */
  isPrimary?: true;
  /** A name for the person only: 1 to 64 characters, as people count them. `null` removes it. */
  label?: string | null;
}
export interface BlockResponse {
  /** Its number. */
  number: number;
  /** Its hash. */
  hash: string;
}
export interface ClaimedNamesResponse {
  /** At most 256 bytes, without characters that are not seen. `null`: none that can be read. */
  symbol: string | null;
  /** At most 256 bytes, without characters that are not seen. `null`: none that can be read. */
  name: string | null;
  /** How many decimals an amount has, as the contract says. */
  decimals: number | null;
}
export interface BalanceResponse {
  /** How it is kept. */
  standard: "native" | "erc20" | "erc721" | "erc1155";
  /** The contract of the asset, with its EIP-55 checksum. `null` for the coin of the chain. */
  contract: string | null;
  /** Of a collectible: its id in the contract, in decimal digits. */
  tokenId: string | null;
  /** Its symbol, as the operator lists it. `null` where it is not listed: see `claimed`. */
  symbol: string | null;
  /** How many decimals an amount has. `null` where the operator does not list the token. */
  decimals: number | null;
  /** Whether it is the coin of the chain, or a token that the operator lists. */
  isListed: boolean;
  /** What the contract of an asset that is not listed says of itself. It is not verified: a contract may claim any name. Show it as text, never as markup or a link. `null` where it is listed, or was not asked. */
  claimed: ClaimedNamesResponse | null;
  /** What the wallet has, as a node says at `asOfBlock`. `null` where no node was asked or none answered: then `change` is all that is known. Decimal digits in base units: divide by ten to the power of `decimals`. */
  amount: string | null;
  /** What the transfers changed that were seen from block `since` on, fees included; with a minus where more went than came. Decimal digits in base units: divide by ten to the power of `decimals`. */
  change: string;
  /** Whether all transfers that were seen are in `change`. False where some of its contract, or of the wallet, are not stored. */
  isChangeExact: boolean;
  /** The part of `change` in final blocks. Decimal digits in base units: divide by ten to the power of `decimals`. */
  finalChange: string;
  /** Whether all of `change` is final. */
  isFinal: boolean;
  /** What changed besides the transfers that were seen: value that contracts moved, rewards, or tokens that change balances by themselves. `null` where it is not known, as where `isChangeExact` is false. Decimal digits in base units: divide by ten to the power of `decimals`. */
  unexplained: string | null;
  /** Whether all of its transfers look like spam. */
  isHidden: boolean;
}
export interface ChainBalancesResponse {
  /** CAIP-2. */
  chainId: string;
  /** The name of the chain. */
  name: string;
  /** `starting`: nothing is read yet. `catching-up`: blocks of the chain are not read yet. `following`: all are. `waiting`: its nodes give nothing usable. `stopped`: the chain contradicts a block that was final; nothing is changed before an operator has looked. */
  state: "starting" | "catching-up" | "following" | "waiting" | "stopped";
  /** The last block that is read. `null` before the first. */
  asOfBlock: BlockResponse | null;
  /** Up to this block nothing changes any more. */
  finalBlock: number | null;
  /** From this block on the wallet is followed. `null`: from the next one. */
  since: number | null;
  /** Whether something since then is missing for good: a key or a row of the wallet could not be opened for a while. Unlinking and linking the wallet begins anew. */
  hasGap: boolean;
  /** From this block on to `since` transactions with token transfers of the wallet are told too: they were searched by its address. No `change` has them. `null`: none were searched, or not yet. */
  filledFrom: number | null;
  /** How many transfers in final blocks are not stored: of tokens that the operator does not list, other than by the wallet’s own doing, beyond 10,000; and beyond 500 in one block. */
  omittedTransfers: number;
  /** Since when what is told may be out of date: the chain could not be read. `null` while it is current. */
  staleSince: string | null;
  /** What changes the wallet and is in no transaction that is told, nor in `change`. `before_since`: everything before block `since`, or before `filledFrom` where that is not `null`. `coins_before_since`: from `filledFrom` on to `since`, transactions that moved coins of the chain only. `contract_transfers`: coins that contracts move inside of a transaction. `block_rewards`: rewards and tips of blocks. `rebasing`: tokens that change balances, or take a fee, without a transfer. `unread_logs`: tokens that log nothing, or not as ERC-20, ERC-721 and ERC-1155 say. */
  unseen: ("before_since" | "coins_before_since" | "contract_transfers" | "block_rewards" | "rebasing" | "unread_logs")[];
  /** The coin of the chain first, then the tokens that the operator lists, then others in the order of their first transfer. */
  balances: BalanceResponse[];
  /** For how many of the last `balances` no node is asked: for all where nodes may not learn addresses, else for those after the first 50. */
  notAsked: number;
}
export interface NotFollowedResponse {
  /** CAIP-2. */
  chainId: string;
  /** `not_configured`: the operator has named no node. `not_followed`: the operator follows it not. `not_supported`: this service cannot. `unreadable`: what is stored of the wallet cannot be opened any more; unlinking and linking it begins anew. */
  reason: "not_configured" | "not_followed" | "not_supported" | "unreadable";
}
export interface BalancesResponse {
  /** The chains that are followed for the wallet. */
  chains: ChainBalancesResponse[];
  /** Other chains of the wallet. Nothing is known of these, nor of any that is not named. */
  notFollowed: NotFollowedResponse[];
}
export interface ChainReadingResponse {
  /** CAIP-2. */
  chainId: string;
  /** The name of the chain. */
  name: string;
  /** `starting`: nothing is read yet. `catching-up`: blocks of the chain are not read yet. `following`: all are. `waiting`: its nodes give nothing usable. `stopped`: the chain contradicts a block that was final; nothing is changed before an operator has looked. */
  state: "starting" | "catching-up" | "following" | "waiting" | "stopped";
  /** The last block that is read. `null` before the first. */
  asOfBlock: BlockResponse | null;
  /** Up to this block nothing changes any more. */
  finalBlock: number | null;
  /** From this block on the wallet is followed. `null`: from the next one. */
  since: number | null;
  /** Whether something since then is missing for good: a key or a row of the wallet could not be opened for a while. Unlinking and linking the wallet begins anew. */
  hasGap: boolean;
  /** From this block on to `since` transactions with token transfers of the wallet are told too: they were searched by its address. No `change` has them. `null`: none were searched, or not yet. */
  filledFrom: number | null;
  /** How many transfers in final blocks are not stored: of tokens that the operator does not list, other than by the wallet’s own doing, beyond 10,000; and beyond 500 in one block. */
  omittedTransfers: number;
  /** Since when what is told may be out of date: the chain could not be read. `null` while it is current. */
  staleSince: string | null;
  /** What changes the wallet and is in no transaction that is told, nor in `change`. `before_since`: everything before block `since`, or before `filledFrom` where that is not `null`. `coins_before_since`: from `filledFrom` on to `since`, transactions that moved coins of the chain only. `contract_transfers`: coins that contracts move inside of a transaction. `block_rewards`: rewards and tips of blocks. `rebasing`: tokens that change balances, or take a fee, without a transfer. `unread_logs`: tokens that log nothing, or not as ERC-20, ERC-721 and ERC-1155 say. */
  unseen: ("before_since" | "coins_before_since" | "contract_transfers" | "block_rewards" | "rebasing" | "unread_logs")[];
}
export interface BlockOfEntryResponse {
  /** Its number. */
  number: number;
  /** Its hash. */
  hash: string;
  /** Its time, as the chain says. */
  at: string;
}
export interface TransferResponse {
  /** How it is kept. */
  standard: "native" | "erc20" | "erc721" | "erc1155";
  /** The contract of the asset, with its EIP-55 checksum. `null` for the coin of the chain. */
  contract: string | null;
  /** Of a collectible: its id in the contract, in decimal digits. */
  tokenId: string | null;
  /** Its symbol, as the operator lists it. `null` where it is not listed: see `claimed`. */
  symbol: string | null;
  /** How many decimals an amount has. `null` where the operator does not list the token. */
  decimals: number | null;
  /** Whether it is the coin of the chain, or a token that the operator lists. */
  isListed: boolean;
  /** What the contract of an asset that is not listed says of itself. It is not verified: a contract may claim any name. Show it as text, never as markup or a link. `null` where it is listed, or was not asked. */
  claimed: ClaimedNamesResponse | null;
  /** `transaction`: the value of the transaction. `log`: told by the contract of the asset, which may claim anything. `withdrawal`: from staking. `deposit`: from another chain. */
  kind: "transaction" | "log" | "withdrawal" | "deposit";
  /** Seen from the wallet. */
  direction: "in" | "out" | "self";
  /** The other address. `null` where there is none on this chain. */
  counterparty: string | null;
  /** Decimal digits in base units. */
  amount: string;
  /** Why it is hidden unless asked for; empty for one that is shown. */
  hiddenReasons: ("zero_value_not_own" | "counterfeit_symbol" | "look_alike_counterparty" | "dust_from_look_alike" | "advertising_name" | "mass_airdrop")[];
}
export interface TransactionResponse {
  /** The hash of the transaction. `null` for withdrawals. */
  hash: string | null;
  /** `vanished`: the block is no longer on the chain, and no other block has the transaction. */
  status: "succeeded" | "failed" | "vanished";
  /** The block that has it, or had it. */
  block: BlockOfEntryResponse;
  /** How many blocks confirm it, its own included; 0 for one that vanished. */
  confirmations: number;
  /** Whether a reorganisation can no longer change it. */
  isFinal: boolean;
  /** When the block turned out to be no longer on the chain. */
  vanishedAt: string | null;
  /** Who sent the transaction. */
  from: string | null;
  /** Whom it was sent to. `null` where it created a contract, and for withdrawals. */
  to: string | null;
  /** What the wallet paid for it, in base units of the coin. `null` where another address paid. */
  fee: string | null;
  /** False where the chain charges something besides that is not known. */
  isFeeExact: boolean;
  /** A transaction with more than 50 transfers is told in several parts, from 0. */
  part: number;
  /** Whether all of its transfers look like spam. */
  isHidden: boolean;
  /** What it moved from or to the wallet. */
  transfers: TransferResponse[];
  /** How many token transfers of the wallet in this block are not stored, since there were more than 500. Quantities of tokens may miss them. */
  omittedInBlock: number;
}
export interface TransactionsPage {
  /** How far the chain is read. */
  chain: ChainReadingResponse;
  /** Newest first. Those that are not final come first on the first page, beside its limit. */
  items: TransactionResponse[];
  /** Whether more than 500 are not final: the first page tells 500 of them, and of each block last those that anyone can send. The others are told when they are final. */
  hasMorePending: boolean;
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface CollectibleEventResponse {
  /** Its block. */
  block: BlockOfEntryResponse;
  /** Its transaction. */
  transactionHash: string | null;
  /** Seen from the wallet. */
  direction: "in" | "out" | "self";
  /** The other address. The zero address mints and burns. */
  counterparty: string | null;
  /** How many, in decimal digits. */
  quantity: string;
}
export interface CollectibleResponse {
  /** How it is kept. */
  standard: "native" | "erc20" | "erc721" | "erc1155";
  /** The contract of the asset, with its EIP-55 checksum. `null` for the coin of the chain. */
  contract: string | null;
  /** Of a collectible: its id in the contract, in decimal digits. */
  tokenId: string | null;
  /** Its symbol, as the operator lists it. `null` where it is not listed: see `claimed`. */
  symbol: string | null;
  /** How many decimals an amount has. `null` where the operator does not list the token. */
  decimals: number | null;
  /** Whether it is the coin of the chain, or a token that the operator lists. */
  isListed: boolean;
  /** What the contract of an asset that is not listed says of itself. It is not verified: a contract may claim any name. Show it as text, never as markup or a link. `null` where it is listed, or was not asked. */
  claimed: ClaimedNamesResponse | null;
  /** How many came since the wallet is followed and did not go, in decimal digits. */
  quantity: string;
  /** Whether all transfers that were seen are in `quantity`. False where some of its contract, or of the wallet, are not stored. */
  isQuantityExact: boolean;
  /** Whether a reorganisation can no longer change it. */
  isFinal: boolean;
  /** Whether all of its transfers look like spam. */
  isHidden: boolean;
  /** The last 20 transfers, newest first. */
  events: CollectibleEventResponse[];
}
export interface CollectiblesPage {
  /** How far the chain is read. */
  chain: ChainReadingResponse;
  /** In the order of their first transfer. Those that changed in blocks that are not final come first on the first page, beside its limit. */
  items: CollectibleResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface InvitationTokenRequest {
  /** The token of the invitation, with `i_` or without. */
  token: string;
}
export interface InvitingTeamResponse {
  /** The id of the team. */
  teamId: string;
  /** Its name. */
  name: string;
  /** The address of its logo. */
  logoUrl: string | null;
}
export interface ReceivedInvitationResponse {
  /** The id of the invitation. */
  invitationId: string;
  /** The team. */
  team: InvitingTeamResponse;
  /** The role that the invited person gets. */
  role: "admin" | "editor" | "viewer";
  /** Who made it; null when that account was erased. */
  inviterId: string | null;
  /** How it is addressed to a person; null for one that everybody with the link can use. */
  recipientKind: "telegram-username" | "telegram-user-id" | null;
  /** When it was made. */
  createdAt: string;
  /** When it expires. */
  expiresAt: string;
}
export interface AcceptedInvitationResponse {
  /** The id of the invitation. */
  invitationId: string;
  /** The team that the person joined. */
  team: InvitingTeamResponse;
  /** The role of the person in it. */
  role: "admin" | "editor" | "viewer";
}
export interface ReceivedInvitationPage {
  /** Newest first. */
  items: ReceivedInvitationResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface DeclineInvitationRequest {
  /** Whether the person wants no invitations of the team at all. */
  block?: boolean;
}
export interface InvitationBlockResponse {
  /** The id of the team. */
  teamId: string;
  /** When it was blocked. */
  blockedAt: string;
}
export interface InvitationBlockPage {
  /** In the order of the ids of the teams. */
  items: InvitationBlockResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export type InvitationRecipientRequest = InvitationRecipientByTelegramUsername | InvitationRecipientByTelegramUserId;
export interface CreateInvitationRequest {
  /** The role that the invited person gets. */
  role: "admin" | "editor" | "viewer";
  /** Seconds until it expires. */
  expiresIn?: number;
  /** How many people can join by it. */
  maxUses?: number;
  /** Only this person can use it. Without it everybody with the link can. */
  recipient?: InvitationRecipientRequest;
}
export interface StartLinkResponse {
  /** The bot’s number at Telegram, as text. */
  botId: string;
  /** Opens its Mini App; the init data has the parameter as `start_param`. */
  startapp: string;
  /** Opens the chat; the bot gets the parameter with `/start`. */
  start: string;
}
export interface CreatedInvitationResponse {
  /** The id of the invitation. */
  invitationId: string;
  /** The id of the team. */
  teamId: string;
  /** The role that the invited person gets. */
  role: "admin" | "editor" | "viewer";
  /** Who made it; null when that account was erased. */
  inviterId: string | null;
  /** Only an open one can be accepted. */
  status: "open" | "used-up" | "expired" | "revoked";
  /** How many people can join by it. */
  maxUses: number;
  /** How many people joined by it. */
  useCount: number;
  /** How it is addressed to a person; null for one that everybody with the link can use. */
  recipientKind: "telegram-username" | "telegram-user-id" | null;
  /** `revoked` by a member, `inviter` because the inviter may no longer invite to the role, `team-deleted` with the team. */
  revokeReason: "revoked" | "inviter" | "team-deleted" | null;
  /** When it was made. */
  createdAt: string;
  /** When it expires. */
  expiresAt: string;
  /** It is not shown again. */
  token: string;
  /** For each active Telegram bot of the application in the production environment: links with `i_` and the token. */
  links: StartLinkResponse[];
}
export interface InvitationRecipientResponse {
  /** In lower case, without `@`. */
  telegramUsername?: string;
  /** The Telegram user id, as text. */
  telegramUserId?: string;
}
export interface ListedInvitationResponse {
  /** The id of the invitation. */
  invitationId: string;
  /** The id of the team. */
  teamId: string;
  /** The role that the invited person gets. */
  role: "admin" | "editor" | "viewer";
  /** Who made it; null when that account was erased. */
  inviterId: string | null;
  /** Only an open one can be accepted. */
  status: "open" | "used-up" | "expired" | "revoked";
  /** How many people can join by it. */
  maxUses: number;
  /** How many people joined by it. */
  useCount: number;
  /** How it is addressed to a person; null for one that everybody with the link can use. */
  recipientKind: "telegram-username" | "telegram-user-id" | null;
  /** `revoked` by a member, `inviter` because the inviter may no longer invite to the role, `team-deleted` with the team. */
  revokeReason: "revoked" | "inviter" | "team-deleted" | null;
  /** When it was made. */
  createdAt: string;
  /** When it expires. */
  expiresAt: string;
  /** Whom it is addressed to; shown to the inviter only. */
  recipient: InvitationRecipientResponse | null;
}
export interface InvitationPage {
  /** Newest first. */
  items: ListedInvitationResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface ReferralCodeResponse {
  /** 12 letters and digits that are not mixed up. The same at each call. */
  code: string;
  /** For each active bot of the application in Telegram’s production environment. */
  links: StartLinkResponse[];
}
export interface ReferralLevelResponse {
  /** 1 for people whom the person referred. */
  level: number;
  /** How many people are on the level. */
  count: number;
  /** The fraction of a reward for this level, by the settings; `null` where they name none. */
  fraction: number | null;
}
export interface ReferralsResponse {
  /** Ten levels, nearest first. */
  levels: ReferralLevelResponse[];
  /** The sum of all levels. */
  total: number;
}
export interface ReferredPersonResponse {
  /** The first sign-in. */
  joinedAt: string;
  /** 1 for people whom the person referred. */
  level: number;
  /** What named the referrer: a start parameter that the platform signed, or the application itself (`body`), in the body of a sign-in or at the start of Log In With Telegram. */
  source: "start-param" | "body";
  /** The account with its public fields; `null` where the person made nothing public. */
  person: UserResponse | null;
}
export interface ReferredPeoplePage {
  /** Newest first. */
  items: ReferredPersonResponse[];
  /** `cursor` of the next page; null on the last page. */
  nextCursor: string | null;
}
export interface SignInInvitationResponse {
  /** `offered`: accept it with `POST /v1/invitations/accept` and the token in `startParam`. */
  outcome: "offered" | "accepted" | "refused";
  /** Where it is refused: `invitation.not_found`, `.expired`, `.used_up`, `.revoked`, `.not_for_you`, `.sign_in_again`, `.already_member`, `.already_used`, `.team_full`, `.declined`, `.blocked`, `team.too_many_teams` or `team.not_accepted`. */
  code?: string;
  /** The id of the invitation. */
  invitationId?: string;
  /** Where it is offered or accepted, or the person is a member already. */
  team?: InvitingTeamResponse;
  /** The role that the invited person gets. */
  role?: "admin" | "editor" | "viewer";
  /** When it expires. */
  expiresAt?: string;
}
export interface SignInJoinResponse {
  /** The code, for GET /v1/joins/{code} and the acceptance. */
  code: string;
  /** The acceptance brings it as `X-Step-Up-Grant`. */
  grant: string;
  /** Seconds for which the grant is good. */
  expiresIn: number;
}
export interface SignInReferralResponse {
  /** `bound` where the person now has a referrer, for good. */
  outcome: "bound" | "ignored";
  /** Why the code was ignored. */
  code?: "referral.not_first_sign_in" | "referral.off" | "referral.own_code" | "referral.unknown_code";
}
export interface SignInStepUpResponse {
  /** The act, as the table of acts in docs/security.md names it. */
  act: string;
  /** What is done, for the person who confirms it. */
  title: string;
  /** The call of the act brings it as `X-Step-Up-Grant`, in this session and once. */
  grant: string;
  /** Seconds for which the grant is good. */
  expiresIn: number;
}
export interface LoginWidgetDataSignIn {
  /** The id of the application. */
  applicationId: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** Only where the application has several bots. */
  botId?: string;
  /** What the callback of the Login Widget received. */
  data: {
    [key: string]: string | number;
  };
  /** The referral code that brought the person, for the first sign-in to the application. Where the proof has a start parameter with a code, that one counts. */
  referralCode?: string;
}
export interface LoginWidgetQuerySignIn {
  /** The id of the application. */
  applicationId: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** Only where the application has several bots. */
  botId?: string;
  /** The query string of the page that the Login Widget or a LoginUrl button opened. */
  query: string;
  /** The referral code that brought the person, for the first sign-in to the application. Where the proof has a start parameter with a code, that one counts. */
  referralCode?: string;
}
export interface LoginWidgetTgAuthResultSignIn {
  /** The id of the application. */
  applicationId: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** Only where the application has several bots. */
  botId?: string;
  /** The value of `tgAuthResult` in the fragment of the page. */
  tgAuthResult: string;
  /** The referral code that brought the person, for the first sign-in to the application. Where the proof has a start parameter with a code, that one counts. */
  referralCode?: string;
}
export interface ExchangeProof {
  /** The id of the application. */
  applicationId?: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** The one-time code of a redirect, good for 60 seconds. */
  code: string;
  /** Of PKCE (RFC 7636), when the sign-in began with a code challenge. */
  codeVerifier?: string;
  /** The referral code that brought the person, for the first sign-in to the application. Where the proof has a start parameter with a code, that one counts. */
  referralCode?: string;
}
export interface WalletSignatureSignIn {
  /** The id of the application. */
  applicationId: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** The challenge that the wallet answers. */
  challengeId: string;
  /** For `siwe` and `metapro`: the signature of `personal_sign` (EIP-191) over `message`, `0x` and hex. This or `tonProof`. */
  signature: string;
  /** The referral code that brought the person, for the first sign-in to the application. Where the proof has a start parameter with a code, that one counts. */
  referralCode?: string;
}
export interface WalletSignatureProof {
  /** The id of the application. */
  applicationId?: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** The challenge that the wallet answers. */
  challengeId: string;
  /** For `siwe` and `metapro`: the signature of `personal_sign` (EIP-191) over `message`, `0x` and hex. This or `tonProof`. */
  signature: string;
  /** The referral code that brought the person, for the first sign-in to the application. Where the proof has a start parameter with a code, that one counts. */
  referralCode?: string;
}
export interface WalletTonProofSignIn {
  /** The id of the application. */
  applicationId: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** The challenge that the wallet answers. */
  challengeId: string;
  /** For `ton-proof`: `account` of TON Connect with its `ton_proof` as `proof`. `signature` and `walletStateInit` are in base64. This or `signature`. */
  tonProof: {
    [key: string]: unknown;
  };
  /** The referral code that brought the person, for the first sign-in to the application. Where the proof has a start parameter with a code, that one counts. */
  referralCode?: string;
}
export interface WalletTonProofProof {
  /** The id of the application. */
  applicationId?: string;
  /** Shown to the person in the list of their sessions. */
  deviceName?: string;
  /** Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so. */
  cancelErasure?: boolean;
  /** The challenge that the wallet answers. */
  challengeId: string;
  /** For `ton-proof`: `account` of TON Connect with its `ton_proof` as `proof`. `signature` and `walletStateInit` are in base64. This or `signature`. */
  tonProof: {
    [key: string]: unknown;
  };
  /** The referral code that brought the person, for the first sign-in to the application. Where the proof has a start parameter with a code, that one counts. */
  referralCode?: string;
}
export type WalletProof = WalletSignatureProof | WalletTonProofProof;
export interface InvitationRecipientByTelegramUsername {
  /** A Telegram username, with or without `@`. It counts if a proof of the last 24 hours has it. */
  telegramUsername: string;
}
export interface InvitationRecipientByTelegramUserId {
  /** A Telegram user id, as text. */
  telegramUserId: string;
}
/** The rule that the field fails. Later versions add rules. */
export type FieldErrorCode = "array" | "array_max_size" | "array_min_size" | "array_unique" | "bidirectional" | "boolean" | "control_character" | "cursor" | "duplicate" | "email" | "empty" | "encoded_twice" | "exactly_one" | "foreign_field" | "https_url" | "in" | "int" | "iso8601" | "json" | "leading_character" | "malformed_unicode" | "matches" | "max" | "max_depth" | "max_length" | "max_values" | "min" | "mixed_scripts" | "needs_user" | "nested_validation" | "object" | "phone" | "rewritten_user" | "string" | "too_long" | "too_short" | "unknown_field" | "username" | "uuid" | "whole_fragment";
export type AuthCodes = "auth.assurance_too_low" | "auth.proof_not_fresh" | "auth.proof_outdated" | "auth.proof_used";
export type BotCodes = "bot.ambiguous" | "bot.compromised" | "bot.disabled" | "bot.not_found";
export type DpopCodes = "dpop.algorithm_refused" | "dpop.claims_invalid" | "dpop.critical_header" | "dpop.in_future" | "dpop.key_refused" | "dpop.malformed" | "dpop.method_mismatch" | "dpop.nonce_required" | "dpop.nonce_stale" | "dpop.other_key" | "dpop.private_key" | "dpop.proof_missing" | "dpop.proof_repeated" | "dpop.session_not_bound" | "dpop.signature_invalid" | "dpop.token_mismatch" | "dpop.too_long" | "dpop.too_many_proofs" | "dpop.too_old" | "dpop.type_mismatch" | "dpop.uri_mismatch";
export type InitDataCodes = "init_data.auth_date_expired" | "init_data.auth_date_in_future" | "init_data.auth_date_malformed" | "init_data.auth_date_missing" | "init_data.control_character" | "init_data.duplicate_field" | "init_data.empty" | "init_data.hash_malformed" | "init_data.hash_mismatch" | "init_data.hash_missing" | "init_data.invalid_field_name" | "init_data.malformed" | "init_data.signature_malformed" | "init_data.signature_mismatch" | "init_data.signature_missing" | "init_data.start_param_malformed" | "init_data.too_long" | "init_data.user_id_invalid" | "init_data.user_is_bot" | "init_data.user_malformed" | "init_data.user_missing";
export type RequestCodes = "request.invalid" | "request.malformed" | "request.malformed_json" | "request.malformed_url" | "request.malformed_utf8" | "request.origin_not_allowed" | "request.rate_limited" | "request.too_large" | "request.unknown_field" | "request.unsupported_media_type";
export type ServiceCodes = "service.data_unreadable" | "service.internal_error" | "service.unavailable";
export type WalletCodes = "wallet.address_mismatch" | "wallet.challenge_expired" | "wallet.challenge_invalid" | "wallet.challenge_used" | "wallet.domain_mismatch" | "wallet.network_mismatch" | "wallet.not_accepted" | "wallet.not_linked" | "wallet.payload_mismatch" | "wallet.proof_expired" | "wallet.proof_in_future" | "wallet.proof_malformed" | "wallet.proof_too_long" | "wallet.public_key_mismatch" | "wallet.public_key_weak" | "wallet.signature_invalid" | "wallet.signature_malformed" | "wallet.signature_not_allowed" | "wallet.signature_unsupported" | "wallet.state_init_malformed" | "wallet.state_init_mismatch";
export type WalletCodes2 = "wallet.address_invalid" | "wallet.chain_invalid" | "wallet.not_accepted" | "wallet.origin_required";
export type RequestCodes2 = "request.invalid" | "request.malformed" | "request.malformed_url" | "request.origin_not_allowed" | "request.rate_limited" | "request.too_large" | "request.unknown_field";
export type SessionCodes = "session.ended" | "session.expired" | "session.token_invalid" | "session.token_missing";
export type RequestCodes3 = "request.malformed" | "request.malformed_url" | "request.origin_not_allowed" | "request.rate_limited" | "request.too_large";
export type AccountCodes = "account.first_party_only" | "account.grant_invalid" | "account.step_up_required";
export type IdentityCodes = "identity.last_at_level" | "identity.last_one" | "identity.not_found";
export type AuthCodes2 = "auth.application_mismatch" | "auth.assurance_too_low" | "auth.proof_not_fresh" | "auth.proof_outdated" | "auth.proof_used";
export type AuthCodes3 = "auth.application_mismatch" | "auth.assurance_too_low" | "auth.code_expired" | "auth.code_invalid" | "auth.code_used" | "auth.code_verifier_mismatch" | "auth.proof_names_no_act" | "auth.proof_not_fresh" | "auth.proof_outdated" | "auth.proof_used";
export type AuthCodes4 = "auth.application_mismatch" | "auth.assurance_too_low" | "auth.proof_names_no_act" | "auth.proof_not_fresh" | "auth.proof_outdated" | "auth.proof_used";
export type InvitationCodes = "invitation.already_member" | "invitation.already_used" | "invitation.blocked" | "invitation.expired" | "invitation.not_for_you" | "invitation.not_found" | "invitation.revoked" | "invitation.sign_in_again" | "invitation.team_full" | "invitation.used_up";
export type TeamCodes = "team.not_a_member" | "team.not_found" | "team.role_too_low";
export type WalletCodes3 = "wallet.chain_not_followed" | "wallet.history_unreadable" | "wallet.not_found";
export interface paths {
  "/v1/auth/telegram/init-data": {
    /** Sign in with the init data of a Mini App */
    post: {
      requestBody: {
        content: {
          "application/json": InitDataSignIn;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": SignInResponse;
          };
        };
      };
      codes: AuthCodes | BotCodes | DpopCodes | InitDataCodes | RequestCodes | ServiceCodes | ("application.not_found" | "referral.required" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/auth/refresh": {
    /** Exchange a refresh token for the next pair */
    post: {
      requestBody: {
        content: {
          "application/json": RefreshRequest;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": SignInResponse;
          };
        };
      };
      codes: BotCodes | DpopCodes | InitDataCodes | RequestCodes | ServiceCodes | ("session.account_switched" | "session.ended" | "session.expired" | "session.refresh_reused" | "session.token_invalid");
    };
  };
  "/v1/auth/logout": {
    /** End the session of the access token */
    post: {
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | ServiceCodes | ("request.malformed" | "request.malformed_url" | "request.origin_not_allowed" | "request.too_large" | "session.token_invalid" | "session.token_missing");
    };
  };
  "/v1/auth/telegram/login-widget": {
    /** Sign in with the Login Widget or a LoginUrl button */
    post: {
      requestBody: {
        content: {
          "application/json": LoginWidgetSignIn;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": SignInResponse;
          };
        };
      };
      codes: BotCodes | DpopCodes | RequestCodes | ServiceCodes | ("application.not_found" | "auth.assurance_too_low" | "auth.login_widget_refused" | "auth.proof_not_fresh" | "auth.proof_outdated" | "auth.proof_used" | "login_widget.auth_date_expired" | "login_widget.auth_date_in_future" | "login_widget.auth_date_malformed" | "login_widget.auth_date_missing" | "login_widget.control_character" | "login_widget.duplicate_field" | "login_widget.empty" | "login_widget.hash_malformed" | "login_widget.hash_mismatch" | "login_widget.hash_missing" | "login_widget.invalid_field_name" | "login_widget.invalid_field_value" | "login_widget.malformed" | "login_widget.too_long" | "login_widget.user_id_invalid" | "login_widget.user_malformed" | "referral.required" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/auth/exchange": {
    /** Exchange the one-time code of a sign-in by redirect for tokens */
    post: {
      requestBody: {
        content: {
          "application/json": ExchangeRequest;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": SignInResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | ("application.not_found" | "auth.assurance_too_low" | "auth.code_expired" | "auth.code_invalid" | "auth.code_used" | "auth.code_verifier_mismatch" | "auth.proof_not_fresh" | "auth.proof_outdated" | "auth.proof_used" | "referral.required" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/auth/telegram/third-party-init-data": {
    /** Sign in with the init data of another party’s bot */
    post: {
      requestBody: {
        content: {
          "application/json": ThirdPartyInitDataSignIn;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": SignInResponse;
          };
        };
      };
      codes: AuthCodes | DpopCodes | RequestCodes | ServiceCodes | ("application.not_found" | "bot.ambiguous" | "bot.disabled" | "bot.not_accepted" | "init_data.auth_date_expired" | "init_data.auth_date_in_future" | "init_data.auth_date_malformed" | "init_data.auth_date_missing" | "init_data.control_character" | "init_data.duplicate_field" | "init_data.empty" | "init_data.invalid_field_name" | "init_data.malformed" | "init_data.signature_malformed" | "init_data.signature_mismatch" | "init_data.signature_missing" | "init_data.start_param_malformed" | "init_data.too_long" | "init_data.user_id_invalid" | "init_data.user_is_bot" | "init_data.user_malformed" | "init_data.user_missing" | "referral.required" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/auth/openweb3/init-data": {
    /** Sign in with the init data of an OpenWeb3 Mini App */
    post: {
      requestBody: {
        content: {
          "application/json": InitDataSignIn;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": SignInResponse;
          };
        };
      };
      codes: AuthCodes | BotCodes | DpopCodes | InitDataCodes | RequestCodes | ServiceCodes | ("application.not_found" | "referral.required" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/auth/wallets": {
    /** Sign in with a wallet */
    post: {
      requestBody: {
        content: {
          "application/json": WalletSignIn;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": SignInResponse;
          };
        };
      };
      codes: AuthCodes | DpopCodes | RequestCodes | ServiceCodes | WalletCodes | ("application.not_found" | "chain.unavailable" | "referral.required" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/auth/wallets/challenges": {
    /** Ask for a challenge to sign in with a wallet */
    post: {
      requestBody: {
        content: {
          "application/json": SignInChallengeRequest;
        };
      };
      responses: {
        201: {
          content: {
            "application/json": WalletChallengeResponse;
          };
        };
      };
      codes: RequestCodes | ServiceCodes | WalletCodes2 | "application.not_found";
    };
  };
  "/v1/me": {
    /** Erase the account */
    delete: {
      parameters: {
        query?: {
          /** The id of the account, as a confirmation. */
          confirm?: string;
        };
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      responses: {
        202: {
          content: {
            "application/json": ErasureResponse;
          };
        };
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | ("account.erasure_ceiling_reached" | "account.erasure_not_confirmed" | "account.first_party_only" | "account.grant_invalid" | "account.step_up_required" | "auth.assurance_too_low" | "bot.not_found");
    };
    /** Get the account of the access token or of the init data */
    get: {
      responses: {
        200: {
          content: {
            "application/json": MeResponse;
          };
        };
      };
      codes: DpopCodes | InitDataCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("application.not_found" | "auth.application_missing" | "auth.assurance_too_low" | "auth.per_request_refused" | "auth.proof_outdated" | "bot.compromised" | "bot.disabled" | "bot.not_found" | "referral.required" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/me/identities": {
    /** List one’s identities, oldest first */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": IdentityPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes;
    };
  };
  "/v1/me/identities/{identityId}": {
    /** Remove an identity, never the last one */
    delete: {
      parameters: {
        path: {
          /** The id of the identity. */
          identityId: string;
        };
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      responses: {
        202: {
          content: {
            "application/json": UnlinkingResponse;
          };
        };
        204: {
          content?: never;
        };
      };
      codes: AccountCodes | DpopCodes | IdentityCodes | RequestCodes3 | ServiceCodes | SessionCodes | "auth.assurance_too_low";
    };
  };
  "/v1/me/identities/{identityId}/unlinking": {
    /** Keep an identity that is to leave the account */
    delete: {
      parameters: {
        path: {
          /** The id of the identity. */
          identityId: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("account.first_party_only" | "auth.assurance_too_low" | "identity.not_found");
    };
  };
  "/v1/me/identities/wallets": {
    /** Link the identity of a wallet */
    post: {
      parameters: {
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": WalletProof;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": IdentityResponse;
          };
        };
        201: {
          content: {
            "application/json": IdentityResponse;
          };
        };
      };
      codes: AccountCodes | AuthCodes2 | DpopCodes | RequestCodes | ServiceCodes | SessionCodes | WalletCodes | ("application.not_found" | "chain.unavailable" | "identity.belongs_to_another" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/me/sessions": {
    /** List one’s own sessions, newest first */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": SessionPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes;
    };
    /** End all other sessions, or all */
    delete: {
      parameters: {
        query?: {
          /** Whether this session ends too. */
          all?: boolean;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes;
    };
  };
  "/v1/me/sessions/{sessionId}": {
    /** End one of one’s own sessions */
    delete: {
      parameters: {
        path: {
          /** The id of the session. */
          sessionId: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | ("session.ended" | "session.expired" | "session.not_found" | "session.token_invalid" | "session.token_missing");
    };
  };
  "/v1/me/erasure": {
    /** Show what an erasure of the account would mean */
    get: {
      responses: {
        200: {
          content: {
            "application/json": ErasurePreviewResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes;
    };
  };
  "/v1/me/export": {
    /** Export everything that is stored about the person */
    get: {
      parameters: {
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": ExportResponse;
          };
        };
      };
      codes: AccountCodes | DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "auth.assurance_too_low";
    };
  };
  "/v1/me/export/requests": {
    /** Request an export without a step-up */
    post: {
      responses: {
        202: {
          content: {
            "application/json": DelayedExportResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("account.first_party_only" | "account.step_up_required" | "auth.assurance_too_low");
    };
    /** Get the requested export of the person in this application */
    get: {
      responses: {
        200: {
          content: {
            "application/json": DelayedExportResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "account.export_not_requested";
    };
    /** Cancel a requested export */
    delete: {
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "account.export_not_requested";
    };
  };
  "/v1/me/step-up": {
    /** Step up: prove one’s identity again, for the next five minutes */
    post: {
      requestBody: {
        content: {
          "application/json": ProofRequest;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": StepUpResponse;
          };
        };
      };
      codes: AuthCodes3 | DpopCodes | RequestCodes | ServiceCodes | SessionCodes | WalletCodes | ("account.first_party_only" | "account.other_person" | "application.not_found" | "chain.unavailable" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/me/application-step-up": {
    /** Step up below the account’s level, for the part of the own application */
    post: {
      requestBody: {
        content: {
          "application/json": ProofRequest;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": StepUpResponse;
          };
        };
      };
      codes: AuthCodes3 | DpopCodes | RequestCodes | ServiceCodes | SessionCodes | WalletCodes | ("account.other_person" | "application.not_found" | "chain.unavailable" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/me/merges": {
    /** Merge the account of a wallet into one’s own */
    post: {
      parameters: {
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": WalletProof;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": MergeResponse;
          };
        };
      };
      codes: AuthCodes4 | DpopCodes | RequestCodes | ServiceCodes | SessionCodes | WalletCodes | ("account.first_party_only" | "account.grant_invalid" | "account.nothing_to_merge" | "account.same_account" | "account.step_up_required" | "application.not_found" | "chain.unavailable" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/me/detachments": {
    /** Detach one’s identity from an account that a weaker proof attached it to */
    post: {
      parameters: {
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": WalletProof;
        };
      };
      responses: {
        201: {
          content: {
            "application/json": DetachmentResponse;
          };
        };
      };
      codes: AuthCodes4 | DpopCodes | RequestCodes | ServiceCodes | SessionCodes | WalletCodes | ("account.grant_invalid" | "account.other_person" | "account.step_up_required" | "application.not_found" | "chain.unavailable" | "identity.last_one" | "identity.not_detachable" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/me/contact": {
    /** Store the phone number from `requestContact` */
    post: {
      parameters: {
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": ContactRequest;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: BotCodes | DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("account.contact_of_another" | "account.data_not_needed" | "account.grant_invalid" | "account.step_up_required" | "auth.assurance_too_low" | "auth.proof_outdated" | "contact.auth_date_expired" | "contact.auth_date_in_future" | "contact.auth_date_malformed" | "contact.auth_date_missing" | "contact.contact_malformed" | "contact.contact_missing" | "contact.control_character" | "contact.duplicate_field" | "contact.empty" | "contact.hash_malformed" | "contact.hash_mismatch" | "contact.hash_missing" | "contact.invalid_field_name" | "contact.malformed" | "contact.phone_number_invalid" | "contact.too_long" | "contact.user_id_invalid");
    };
  };
  "/v1/me/joins": {
    /** Ask the person of another account to join it to this one */
    post: {
      parameters: {
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      responses: {
        201: {
          content: {
            "application/json": JoinRequestResponse;
          };
        };
      };
      codes: AccountCodes | DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "auth.assurance_too_low";
    };
  };
  "/v1/me/joins/{joinId}": {
    /** Get what became of a request to join */
    get: {
      parameters: {
        path: {
          /** The id of the request. */
          joinId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": JoinStateResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "account.join_not_found";
    };
    /** Withdraw a request to join */
    delete: {
      parameters: {
        path: {
          /** The id of the request. */
          joinId: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "account.join_not_found";
    };
  };
  "/v1/me/profile": {
    /** Get the fields that one has set oneself */
    get: {
      responses: {
        200: {
          content: {
            "application/json": OwnProfileResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes;
    };
    /** Change the fields that one sets oneself */
    patch: {
      parameters: {
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": ProfilePatch;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": OwnProfileResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("account.grant_invalid" | "account.step_up_required" | "auth.assurance_too_low" | "profile.first_party_only" | "profile.username_changed_too_often" | "profile.username_reserved" | "profile.username_taken");
    };
  };
  "/v1/me/step-up/requests": {
    /** Ask for a code that steps up for one act */
    post: {
      requestBody: {
        content: {
          "application/json": StepUpRequestBody;
        };
      };
      responses: {
        201: {
          content: {
            "application/json": StepUpRequestResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | "account.act_unknown";
    };
  };
  "/v1/me/step-up/requests/{requestId}": {
    /** Get what became of a code */
    get: {
      parameters: {
        path: {
          /** The id of the request. */
          requestId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": StepUpRequestStateResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "account.step_up_request_not_found";
    };
  };
  "/v1/me/joins/separable": {
    /** List the merges and links that can be separated again */
    get: {
      responses: {
        200: {
          content: {
            "application/json": SeparableJoinsResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "account.first_party_only";
    };
  };
  "/v1/me/separations": {
    /** Separate a merge or a link again */
    post: {
      parameters: {
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": SeparationRequest;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": SeparationResponse;
          };
        };
      };
      codes: AccountCodes | DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("auth.assurance_too_low" | "identity.last_one" | "separation.not_found" | "separation.proof_too_old");
    };
  };
  "/v1/me/teams": {
    /** List one’s own teams */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes;
    };
  };
  "/v1/me/invitations": {
    /** List the open invitations that are addressed to the person */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": ReceivedInvitationPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes;
    };
  };
  "/v1/me/invitations/{invitationId}/accept": {
    /** Join a team by an invitation that is addressed to the person */
    post: {
      parameters: {
        path: {
          /** The id of the invitation. */
          invitationId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": AcceptedInvitationResponse;
          };
        };
      };
      codes: DpopCodes | InvitationCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("auth.assurance_too_low" | "team.not_accepted" | "team.too_many_teams");
    };
  };
  "/v1/me/invitations/{invitationId}/decline": {
    /** Decline an invitation */
    post: {
      parameters: {
        path: {
          /** The id of the invitation. */
          invitationId: string;
        };
      };
      requestBody: {
        content: {
          "application/json": DeclineInvitationRequest;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("invitation.block_limit_reached" | "invitation.not_found");
    };
  };
  "/v1/me/invitation-blocks": {
    /** List the teams that the person wants no invitations of */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": InvitationBlockPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes;
    };
  };
  "/v1/me/invitation-blocks/{teamId}": {
    /** Block the invitations of a team */
    put: {
      parameters: {
        path: {
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("invitation.block_limit_reached" | "team.not_found");
    };
    /** Lift the block of a team */
    delete: {
      parameters: {
        path: {
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "team.not_found";
    };
  };
  "/v1/me/referral-code": {
    /** Get one’s own referral code, with its links */
    get: {
      responses: {
        200: {
          content: {
            "application/json": ReferralCodeResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "referral.off";
    };
  };
  "/v1/me/referrals": {
    /** Get how many people one has referred, by level */
    get: {
      responses: {
        200: {
          content: {
            "application/json": ReferralsResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "referral.off";
    };
  };
  "/v1/me/referrals/people": {
    /** List the people of one level, newest first */
    get: {
      parameters: {
        query: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
          /** 1 for people whom the person referred. */
          level: number;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": ReferredPeoplePage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | "referral.off";
    };
  };
  "/v1/wallets/challenges": {
    /** Ask for a challenge to prove a wallet within a session */
    post: {
      requestBody: {
        content: {
          "application/json": WalletChallengeRequest;
        };
      };
      responses: {
        201: {
          content: {
            "application/json": WalletChallengeResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | WalletCodes2;
    };
  };
  "/v1/users": {
    /** Find a person by their username */
    get: {
      parameters: {
        query: {
          /** A username; upper case counts as lower case. */
          username: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": UserResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | ("client.unauthenticated" | "user.not_found");
    };
  };
  "/v1/users/availability": {
    /** Get whether a username is free */
    get: {
      parameters: {
        query: {
          /** A username; upper case counts as lower case. */
          username: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": UsernameAvailabilityResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | "client.unauthenticated";
    };
  };
  "/v1/users/{userId}": {
    /** Get what a person shows */
    get: {
      parameters: {
        path: {
          /** The id of the account, or of one that was merged into it. */
          userId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": UserResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("client.unauthenticated" | "user.not_found");
    };
  };
  "/v1/joins/{code}": {
    /** Get who asks to join */
    get: {
      parameters: {
        path: {
          /** The code of the start parameter, without `j_`. */
          code: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": AskedJoinResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "account.join_not_found";
    };
  };
  "/v1/joins/{code}/accept": {
    /** Accept: this account becomes part of the asking one */
    post: {
      parameters: {
        path: {
          /** The code of the start parameter, without `j_`. */
          code: string;
        };
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": AcceptJoinBody;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": MergeResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("account.first_party_only" | "account.grant_invalid" | "account.join_not_found" | "account.join_number_wrong" | "account.same_account" | "account.step_up_required" | "auth.assurance_too_low" | "user.deactivated" | "user.erasure_pending");
    };
  };
  "/v1/joins/{code}/decline": {
    /** Decline a request to join */
    post: {
      parameters: {
        path: {
          /** The code of the start parameter, without `j_`. */
          code: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "account.join_not_found";
    };
  };
  "/v1/teams": {
    /** Create a team in the application */
    post: {
      requestBody: {
        content: {
          "application/json": CreateTeamRequest;
        };
      };
      responses: {
        201: {
          content: {
            "application/json": TeamResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("auth.assurance_too_low" | "team.name_reserved" | "team.name_taken" | "team.not_accepted" | "team.too_many_teams");
    };
    /** List the teams of the application */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
          /** Only teams whose names begin with this, in upper or lower case; letters that look alike count as one. The list is by name then. */
          name?: string;
          /** Only teams that this person created. */
          createdBy?: string;
          /** Only teams that this person is a member of. A session finds those of others only where the caller is a member too. */
          member?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | "client.unauthenticated";
    };
  };
  "/v1/teams/availability": {
    /** Get whether a name is free */
    get: {
      parameters: {
        query: {
          /** The name that a team would have. */
          name: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamNameAvailabilityResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | "client.unauthenticated";
    };
  };
  "/v1/teams/{teamId}": {
    /** Get one team by its id */
    get: {
      parameters: {
        path: {
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("client.unauthenticated" | "team.not_found");
    };
    /** Change what a team shows of itself */
    patch: {
      parameters: {
        path: {
          /** The id of the team. */
          teamId: string;
        };
      };
      requestBody: {
        content: {
          "application/json": TeamPatch;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("auth.assurance_too_low" | "team.name_reserved" | "team.name_taken" | "team.not_a_member" | "team.not_found" | "team.role_too_low");
    };
    /** Delete a team for seven days, then for good */
    delete: {
      parameters: {
        path: {
          /** The id of the team. */
          teamId: string;
        };
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("account.grant_invalid" | "account.step_up_required" | "auth.assurance_too_low" | "team.not_a_member" | "team.not_found" | "team.recently_merged" | "team.role_too_low");
    };
  };
  "/v1/teams/{teamId}/restore": {
    /** Restore a deleted team */
    post: {
      parameters: {
        path: {
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | TeamCodes | "auth.assurance_too_low";
    };
  };
  "/v1/teams/{teamId}/transfer": {
    /** Make another member the owner */
    post: {
      parameters: {
        path: {
          /** The id of the team. */
          teamId: string;
        };
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": TransferTeamRequest;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("account.grant_invalid" | "account.step_up_required" | "auth.assurance_too_low" | "team.member_not_found" | "team.not_a_member" | "team.not_found" | "team.recently_merged" | "team.role_too_low" | "team.target_assurance_too_low" | "team.target_unavailable");
    };
  };
  "/v1/teams/{teamId}/history": {
    /** List what happened in a team */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
        };
        path: {
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TeamHistoryPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | TeamCodes | ("auth.assurance_too_low" | "client.unauthenticated");
    };
  };
  "/v1/teams/{teamId}/members": {
    /** List the members of a team */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
          /** Only members with this role. */
          role?: "owner" | "admin" | "editor" | "viewer";
        };
        path: {
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": MemberPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | TeamCodes | ("auth.assurance_too_low" | "client.unauthenticated");
    };
  };
  "/v1/teams/{teamId}/members/{userId}": {
    /** Get a member of a team */
    get: {
      parameters: {
        path: {
          /** The id of the account of the member. */
          userId: string;
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": MemberResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("auth.assurance_too_low" | "client.unauthenticated" | "team.member_not_found" | "team.not_a_member" | "team.not_found" | "team.role_too_low");
    };
    /** Change the role of a member */
    patch: {
      parameters: {
        path: {
          /** The id of the account of the member. */
          userId: string;
          /** The id of the team. */
          teamId: string;
        };
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": SetRoleRequest;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("account.grant_invalid" | "account.step_up_required" | "auth.assurance_too_low" | "team.member_not_found" | "team.not_a_member" | "team.not_found" | "team.owner_cannot_leave" | "team.recently_merged" | "team.role_too_low" | "team.target_assurance_too_low");
    };
    /** Remove a member, or leave a team */
    delete: {
      parameters: {
        path: {
          /** The id of the account of the member. */
          userId: string;
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("auth.assurance_too_low" | "team.member_not_found" | "team.not_a_member" | "team.not_found" | "team.owner_cannot_leave" | "team.role_too_low");
    };
  };
  "/v1/wallets/links": {
    /** Link a wallet to the account */
    post: {
      parameters: {
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": WalletSignIn;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": WalletResponse;
          };
        };
        201: {
          content: {
            "application/json": WalletResponse;
          };
        };
      };
      codes: AccountCodes | AuthCodes2 | DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("application.not_found" | "chain.unavailable" | "identity.belongs_to_another" | "user.deactivated" | "user.erasure_pending" | "wallet.address_mismatch" | "wallet.challenge_expired" | "wallet.challenge_invalid" | "wallet.challenge_used" | "wallet.domain_mismatch" | "wallet.network_mismatch" | "wallet.not_accepted" | "wallet.not_found" | "wallet.not_linked" | "wallet.payload_mismatch" | "wallet.proof_expired" | "wallet.proof_in_future" | "wallet.proof_malformed" | "wallet.proof_too_long" | "wallet.public_key_mismatch" | "wallet.public_key_weak" | "wallet.signature_invalid" | "wallet.signature_malformed" | "wallet.signature_not_allowed" | "wallet.signature_unsupported" | "wallet.state_init_malformed" | "wallet.state_init_mismatch");
    };
  };
  "/v1/wallets": {
    /** List one’s wallets, oldest first */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": WalletPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes;
    };
  };
  "/v1/wallets/{walletId}": {
    /** Get one of one’s wallets */
    get: {
      parameters: {
        path: {
          /** The id of the wallet. */
          walletId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": WalletResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | "wallet.not_found";
    };
    /** Name a wallet, or make it the primary one */
    patch: {
      parameters: {
        path: {
          /** The id of the wallet. */
          walletId: string;
        };
      };
      requestBody: {
        content: {
          "application/json": WalletPatch;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": WalletResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("account.first_party_only" | "auth.assurance_too_low" | "wallet.not_found");
    };
    /** Unlink a wallet, with its identity */
    delete: {
      parameters: {
        path: {
          /** The id of the wallet. */
          walletId: string;
        };
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
        };
      };
      responses: {
        202: {
          content: {
            "application/json": UnlinkingResponse;
          };
        };
        204: {
          content?: never;
        };
      };
      codes: AccountCodes | DpopCodes | IdentityCodes | RequestCodes3 | ServiceCodes | SessionCodes | ("auth.assurance_too_low" | "wallet.not_found");
    };
  };
  "/v1/wallets/{walletId}/balances": {
    /** Get the balances of a wallet, by chain */
    get: {
      parameters: {
        path: {
          /** The id of the wallet. */
          walletId: string;
        };
        query?: {
          /** Whether tokens are told that look like spam. */
          includeHidden?: boolean;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": BalancesResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | "wallet.not_found";
    };
  };
  "/v1/wallets/{walletId}/transactions": {
    /** List the transactions of a wallet on one chain, newest first */
    get: {
      parameters: {
        path: {
          /** The id of the wallet. */
          walletId: string;
        };
        query: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
          /** CAIP-2: one of the chains that are followed. */
          chainId: string;
          /** Whether those are told that look like spam, with the reasons. */
          includeHidden?: boolean;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": TransactionsPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | WalletCodes3;
    };
  };
  "/v1/wallets/{walletId}/collectibles": {
    /** List the collectibles that came to a wallet on one chain */
    get: {
      parameters: {
        path: {
          /** The id of the wallet. */
          walletId: string;
        };
        query: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
          /** CAIP-2: one of the chains that are followed. */
          chainId: string;
          /** Whether those are told that look like spam, with the reasons. */
          includeHidden?: boolean;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": CollectiblesPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | WalletCodes3;
    };
  };
  "/v1/invitations/preview": {
    /** Get what an invitation is for, without joining */
    post: {
      requestBody: {
        content: {
          "application/json": InvitationTokenRequest;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": ReceivedInvitationResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("invitation.already_member" | "invitation.already_used" | "invitation.blocked" | "invitation.expired" | "invitation.not_for_you" | "invitation.not_found" | "invitation.revoked" | "invitation.sign_in_again" | "invitation.used_up");
    };
  };
  "/v1/invitations/accept": {
    /** Join a team by the token of an invitation */
    post: {
      requestBody: {
        content: {
          "application/json": InvitationTokenRequest;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": AcceptedInvitationResponse;
          };
        };
      };
      codes: DpopCodes | InvitationCodes | RequestCodes | ServiceCodes | SessionCodes | ("auth.assurance_too_low" | "team.not_accepted" | "team.too_many_teams");
    };
  };
  "/v1/teams/{teamId}/invitations": {
    /** Invite to a team by a link */
    post: {
      parameters: {
        path: {
          /** The id of the team. */
          teamId: string;
        };
        header?: {
          /** The grant of the sign-in that carried a code for this act. Good for one call of the session. */
          "X-Step-Up-Grant"?: string;
          /** Chosen by the caller, 1 to 255 visible characters: a repeated request within 24 hours is answered as the first one, with `Idempotent-Replayed: true`. Refused requests are not remembered. */
          "Idempotency-Key"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": CreateInvitationRequest;
        };
      };
      responses: {
        201: {
          content: {
            "application/json": CreatedInvitationResponse;
          };
        };
      };
      codes: DpopCodes | RequestCodes | ServiceCodes | SessionCodes | ("account.grant_invalid" | "account.step_up_required" | "auth.assurance_too_low" | "idempotency.in_progress" | "idempotency.invalid_key" | "idempotency.key_reused" | "idempotency.unknown_outcome" | "invitation.limit_reached" | "invitation.recipient_limit_reached" | "invitation.usernames_not_needed" | "team.not_a_member" | "team.not_accepted" | "team.not_found" | "team.recently_merged" | "team.role_too_low");
    };
    /** List the invitations of a team */
    get: {
      parameters: {
        query?: {
          /** How many items a page has at most. */
          limit?: number;
          /** Opaque; `nextCursor` of the page before. */
          cursor?: string;
          /** Only open ones, or those that were used up, expired or were revoked. */
          status?: "open" | "ended";
        };
        path: {
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": InvitationPage;
          };
        };
      };
      codes: DpopCodes | RequestCodes2 | ServiceCodes | SessionCodes | TeamCodes | "auth.assurance_too_low";
    };
  };
  "/v1/teams/{teamId}/invitations/{invitationId}": {
    /** Revoke an invitation */
    delete: {
      parameters: {
        path: {
          /** The id of the invitation. */
          invitationId: string;
          /** The id of the team. */
          teamId: string;
        };
      };
      responses: {
        204: {
          content?: never;
        };
      };
      codes: DpopCodes | RequestCodes3 | ServiceCodes | SessionCodes | TeamCodes | ("auth.assurance_too_low" | "invitation.not_found");
    };
  };
}
export interface components {
  schemas: {
    ErrorCode: ErrorCode;
    FieldErrorResponse: FieldErrorResponse;
    ProblemResponse: ProblemResponse;
    SessionResponse: SessionResponse;
    SessionPage: SessionPage;
    RefreshRequest: RefreshRequest;
    SignInResponse: SignInResponse;
    InitDataSignIn: InitDataSignIn;
    ThirdPartyInitDataSignIn: ThirdPartyInitDataSignIn;
    LoginWidgetSignIn: LoginWidgetSignIn;
    WalletSignIn: WalletSignIn;
    ExchangeRequest: ExchangeRequest;
    WalletChallengeRequest: WalletChallengeRequest;
    WalletChallengeResponse: WalletChallengeResponse;
    SignInChallengeRequest: SignInChallengeRequest;
    SocialLinkResponse: SocialLinkResponse;
    ShownFieldsResponse: ShownFieldsResponse;
    UserResponse: UserResponse;
    UsernameAvailabilityResponse: UsernameAvailabilityResponse;
    LostResponse: LostResponse;
    ExportResponse: ExportResponse;
    PendingErasureResponse: PendingErasureResponse;
    ErasurePreviewResponse: ErasurePreviewResponse;
    ErasureResponse: ErasureResponse;
    DelayedExportResponse: DelayedExportResponse;
    IdentityResponse: IdentityResponse;
    IdentityPage: IdentityPage;
    UnlinkingResponse: UnlinkingResponse;
    AskedJoinResponse: AskedJoinResponse;
    AcceptJoinBody: AcceptJoinBody;
    MergeResponse: MergeResponse;
    ProfileResponse: ProfileResponse;
    VisibilityResponse: VisibilityResponse;
    OwnProfileResponse: OwnProfileResponse;
    CurrentSessionResponse: CurrentSessionResponse;
    MeResponse: MeResponse;
    ProofRequest: ProofRequest;
    StepUpResponse: StepUpResponse;
    DetachmentResponse: DetachmentResponse;
    ContactRequest: ContactRequest;
    AppLinkResponse: AppLinkResponse;
    JoinRequestResponse: JoinRequestResponse;
    JoinStateResponse: JoinStateResponse;
    SocialLinkPatch: SocialLinkPatch;
    VisibilityPatch: VisibilityPatch;
    ProfilePatch: ProfilePatch;
    StepUpRequestBody: StepUpRequestBody;
    StepUpRequestResponse: StepUpRequestResponse;
    StepUpRequestStateResponse: StepUpRequestStateResponse;
    SeparableJoinResponse: SeparableJoinResponse;
    SeparableJoinsResponse: SeparableJoinsResponse;
    SeparationRequest: SeparationRequest;
    SeparationResponse: SeparationResponse;
    TeamPatch: TeamPatch;
    CreateTeamRequest: CreateTeamRequest;
    TeamResponse: TeamResponse;
    TeamPage: TeamPage;
    TeamNameAvailabilityResponse: TeamNameAvailabilityResponse;
    TransferTeamRequest: TransferTeamRequest;
    TeamHistoryResponse: TeamHistoryResponse;
    TeamHistoryPage: TeamHistoryPage;
    MemberResponse: MemberResponse;
    MemberPage: MemberPage;
    SetRoleRequest: SetRoleRequest;
    CheckedBlockResponse: CheckedBlockResponse;
    WalletProofResponse: WalletProofResponse;
    WalletResponse: WalletResponse;
    WalletPage: WalletPage;
    WalletPatch: WalletPatch;
    BlockResponse: BlockResponse;
    ClaimedNamesResponse: ClaimedNamesResponse;
    BalanceResponse: BalanceResponse;
    ChainBalancesResponse: ChainBalancesResponse;
    NotFollowedResponse: NotFollowedResponse;
    BalancesResponse: BalancesResponse;
    ChainReadingResponse: ChainReadingResponse;
    BlockOfEntryResponse: BlockOfEntryResponse;
    TransferResponse: TransferResponse;
    TransactionResponse: TransactionResponse;
    TransactionsPage: TransactionsPage;
    CollectibleEventResponse: CollectibleEventResponse;
    CollectibleResponse: CollectibleResponse;
    CollectiblesPage: CollectiblesPage;
    InvitationTokenRequest: InvitationTokenRequest;
    InvitingTeamResponse: InvitingTeamResponse;
    ReceivedInvitationResponse: ReceivedInvitationResponse;
    AcceptedInvitationResponse: AcceptedInvitationResponse;
    ReceivedInvitationPage: ReceivedInvitationPage;
    DeclineInvitationRequest: DeclineInvitationRequest;
    InvitationBlockResponse: InvitationBlockResponse;
    InvitationBlockPage: InvitationBlockPage;
    InvitationRecipientRequest: InvitationRecipientRequest;
    CreateInvitationRequest: CreateInvitationRequest;
    StartLinkResponse: StartLinkResponse;
    CreatedInvitationResponse: CreatedInvitationResponse;
    InvitationRecipientResponse: InvitationRecipientResponse;
    ListedInvitationResponse: ListedInvitationResponse;
    InvitationPage: InvitationPage;
    ReferralCodeResponse: ReferralCodeResponse;
    ReferralLevelResponse: ReferralLevelResponse;
    ReferralsResponse: ReferralsResponse;
    ReferredPersonResponse: ReferredPersonResponse;
    ReferredPeoplePage: ReferredPeoplePage;
    SignInInvitationResponse: SignInInvitationResponse;
    SignInJoinResponse: SignInJoinResponse;
    SignInReferralResponse: SignInReferralResponse;
    SignInStepUpResponse: SignInStepUpResponse;
    LoginWidgetDataSignIn: LoginWidgetDataSignIn;
    LoginWidgetQuerySignIn: LoginWidgetQuerySignIn;
    LoginWidgetTgAuthResultSignIn: LoginWidgetTgAuthResultSignIn;
    ExchangeProof: ExchangeProof;
    WalletSignatureSignIn: WalletSignatureSignIn;
    WalletSignatureProof: WalletSignatureProof;
    WalletTonProofSignIn: WalletTonProofSignIn;
    WalletTonProofProof: WalletTonProofProof;
    WalletProof: WalletProof;
    InvitationRecipientByTelegramUsername: InvitationRecipientByTelegramUsername;
    InvitationRecipientByTelegramUserId: InvitationRecipientByTelegramUserId;
    FieldErrorCode: FieldErrorCode;
    AuthCodes: AuthCodes;
    BotCodes: BotCodes;
    DpopCodes: DpopCodes;
    InitDataCodes: InitDataCodes;
    RequestCodes: RequestCodes;
    ServiceCodes: ServiceCodes;
    WalletCodes: WalletCodes;
    WalletCodes2: WalletCodes2;
    RequestCodes2: RequestCodes2;
    SessionCodes: SessionCodes;
    RequestCodes3: RequestCodes3;
    AccountCodes: AccountCodes;
    IdentityCodes: IdentityCodes;
    AuthCodes2: AuthCodes2;
    AuthCodes3: AuthCodes3;
    AuthCodes4: AuthCodes4;
    InvitationCodes: InvitationCodes;
    TeamCodes: TeamCodes;
    WalletCodes3: WalletCodes3;
  };
}
