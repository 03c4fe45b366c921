// Generated from docs/openapi/public.json by scripts/lib/unity-package.mjs: do not edit it.

using System;
using System.Collections.Generic;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Countersign
{
    [Preserve]
    public class BoardResponse
    {
        /// <summary>The leaderboard.</summary>
        [Preserve, JsonProperty("boardId")]
        public string BoardId { get; set; }

        /// <summary>Its name.</summary>
        [Preserve, JsonProperty("name")]
        public string Name { get; set; }

        /// <summary>Which score of a person counts.</summary>
        [Preserve, JsonProperty("rule")]
        public string Rule { get; set; }

        /// <summary>Which score is in front.</summary>
        [Preserve, JsonProperty("better")]
        public string Better { get; set; }

        /// <summary>When seasons end: by the calendar in UTC, weeks on Sunday, or by hand.</summary>
        [Preserve, JsonProperty("calendar")]
        public string Calendar { get; set; }

        /// <summary>The current season.</summary>
        [Preserve, JsonProperty("season")]
        public SeasonResponse Season { get; set; }
    }

    [Preserve]
    public class CurrentSessionResponse
    {
        /// <summary>The id of the session.</summary>
        [Preserve, JsonProperty("sessionId")]
        public string SessionId { get; set; }

        /// <summary>The application that the session is for.</summary>
        [Preserve, JsonProperty("applicationId")]
        public string ApplicationId { get; set; }

        /// <summary>How hard the proof that opened the session is to forge.</summary>
        [Preserve, JsonProperty("assurance")]
        public string Assurance { get; set; }

        /// <summary>What the session may do.</summary>
        [Preserve, JsonProperty("scopes")]
        public List<string> Scopes { get; set; }
    }

    [Preserve]
    public class FrozenByLaunchResponse
    {
        /// <summary>The embedded wallet. It does nothing now.</summary>
        [Preserve, JsonProperty("walletId")]
        public string WalletId { get; set; }
    }

    [Preserve]
    public class IdentityResponse
    {
        /// <summary>The id of the identity.</summary>
        [Preserve, JsonProperty("identityId")]
        public string IdentityId { get; set; }

        /// <summary>The platform, such as <c>telegram</c> or <c>openweb3</c>.</summary>
        [Preserve, JsonProperty("provider")]
        public string Provider { get; set; }

        /// <summary>The environment of the platform, such as <c>production</c> or <c>test</c>.</summary>
        [Preserve, JsonProperty("environment")]
        public string Environment { get; set; }

        /// <summary>The platform’s own id of the person.</summary>
        [Preserve, JsonProperty("subject")]
        public string Subject { get; set; }

        /// <summary>When the identity was first seen.</summary>
        [Preserve, JsonProperty("createdAt")]
        public DateTimeOffset CreatedAt { get; set; }

        /// <summary>Its maximum assurance: the weakest one that it was attached to the account by.</summary>
        [Preserve, JsonProperty("assurance")]
        public string Assurance { get; set; }

        /// <summary>When it leaves the account, unless it signs in until then.</summary>
        [Preserve, JsonProperty("unlinksAt")]
        public DateTimeOffset? UnlinksAt { get; set; }
    }

    [Preserve]
    internal class InitDataSignIn
    {
        /// <summary>The id of the application.</summary>
        [Preserve, JsonProperty("applicationId")]
        public string ApplicationId { get; set; }

        /// <summary>Shown to the person in the list of their sessions.</summary>
        [Preserve, JsonProperty("deviceName")]
        public string DeviceName { get; set; }

        /// <summary>Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so.</summary>
        [Preserve, JsonProperty("cancelErasure")]
        public bool? CancelErasure { get; set; }

        /// <summary>Only where the application has several bots.</summary>
        [Preserve, JsonProperty("botId")]
        public string BotId { get; set; }

        /// <summary>The init data of the Mini App as it is, at most 8 KiB.</summary>
        [Preserve, JsonProperty("initData")]
        public string InitData { get; set; }
    }

    [Preserve]
    public class InvitingTeamResponse
    {
        /// <summary>The id of the team.</summary>
        [Preserve, JsonProperty("teamId")]
        public string TeamId { get; set; }

        /// <summary>Its name.</summary>
        [Preserve, JsonProperty("name")]
        public string Name { get; set; }

        /// <summary>The address of its logo.</summary>
        [Preserve, JsonProperty("logoUrl")]
        public string LogoUrl { get; set; }
    }

    [Preserve]
    public class LaunchedSendResponse
    {
        /// <summary>The embedded wallet.</summary>
        [Preserve, JsonProperty("walletId")]
        public string WalletId { get; set; }

        /// <summary>The send. Read it and show it to the person, who confirms or cancels it.</summary>
        [Preserve, JsonProperty("sendId")]
        public string SendId { get; set; }

        /// <summary>The call that confirms it brings it as <c>X-Step-Up-Grant</c>, in this session and once.</summary>
        [Preserve, JsonProperty("grant")]
        public string Grant { get; set; }

        /// <summary>Seconds for which the grant is good.</summary>
        [Preserve, JsonProperty("expiresIn")]
        public long ExpiresIn { get; set; }
    }

    [Preserve]
    public class MeResponse
    {
        /// <summary>The id of the account.</summary>
        [Preserve, JsonProperty("userId")]
        public string UserId { get; set; }

        /// <summary>When the account was created.</summary>
        [Preserve, JsonProperty("createdAt")]
        public DateTimeOffset CreatedAt { get; set; }

        /// <summary>Whether the account may be used.</summary>
        [Preserve, JsonProperty("status")]
        public string Status { get; set; }

        [Preserve, JsonProperty("profile")]
        public ProfileResponse Profile { get; set; }

        /// <summary>What the person has set themselves.</summary>
        [Preserve, JsonProperty("ownProfile")]
        public OwnProfileResponse OwnProfile { get; set; }

        /// <summary>The identities of the account, oldest first.</summary>
        [Preserve, JsonProperty("identities")]
        public List<IdentityResponse> Identities { get; set; }

        /// <summary>None for init data per request.</summary>
        [Preserve, JsonProperty("session")]
        public CurrentSessionResponse Session { get; set; }

        /// <summary>When sessions ended that weaker proofs had opened, since the platform itself named the person for the first time.</summary>
        [Preserve, JsonProperty("weakerSessionsEndedAt")]
        public DateTimeOffset? WeakerSessionsEndedAt { get; set; }

        /// <summary>The requested erasure of the account. A stronger sign-in than the one that requested it cancels it.</summary>
        [Preserve, JsonProperty("erasure")]
        public PendingErasureResponse Erasure { get; set; }
    }

    [Preserve]
    public class NamedRequestResponse
    {
        /// <summary>What the call does: show each line to the person.</summary>
        [Preserve, JsonProperty("lines")]
        public List<string> Lines { get; set; }

        /// <summary>The path parameters and body of the call. Any other call is refused.</summary>
        [Preserve, JsonProperty("call")]
        public JObject Call { get; set; }
    }

    [Preserve]
    public class OwnProfileResponse : ShownFieldsResponse
    {
        /// <summary>Preferences in the application of the session.</summary>
        [Preserve, JsonProperty("preferences")]
        public JObject Preferences { get; set; }

        /// <summary>Who sees each field.</summary>
        [Preserve, JsonProperty("visibility")]
        public VisibilityResponse Visibility { get; set; }
    }

    [Preserve]
    public class PendingErasureResponse
    {
        /// <summary>When the account will be erased.</summary>
        [Preserve, JsonProperty("erasesAt")]
        public DateTimeOffset ErasesAt { get; set; }

        /// <summary>When it was requested.</summary>
        [Preserve, JsonProperty("requestedAt")]
        public DateTimeOffset RequestedAt { get; set; }

        /// <summary>The application that it was requested in; null for an operator, or for an idle account.</summary>
        [Preserve, JsonProperty("applicationId")]
        public string ApplicationId { get; set; }
    }

    [Preserve]
    internal class ProblemResponse
    {
        /// <summary>What went wrong, for people: the same for every occurrence of the code.</summary>
        [Preserve, JsonProperty("title")]
        public string Title { get; set; }

        /// <summary>Why the call failed. Codes are never renamed. Later versions add codes: treat an unknown one by its status.</summary>
        [Preserve, JsonProperty("code")]
        public string Code { get; set; }

        /// <summary>The id of the request, as in <c>X-Request-Id</c>.</summary>
        [Preserve, JsonProperty("requestId")]
        public string RequestId { get; set; }
    }

    [Preserve]
    public class ProfileResponse
    {
        /// <summary>The first name, as the platform knows it.</summary>
        [Preserve, JsonProperty("firstName")]
        public string FirstName { get; set; }

        /// <summary>The last name, as the platform knows it.</summary>
        [Preserve, JsonProperty("lastName")]
        public string LastName { get; set; }

        /// <summary>The username on the platform, without <c>@</c>.</summary>
        [Preserve, JsonProperty("username")]
        public string Username { get; set; }

        /// <summary>The URL of the photo.</summary>
        [Preserve, JsonProperty("photoUrl")]
        public string PhotoUrl { get; set; }

        /// <summary>The language of the client, as an IETF language tag.</summary>
        [Preserve, JsonProperty("languageCode")]
        public string LanguageCode { get; set; }

        /// <summary>E.164. Only where the application needs <c>phone</c>.</summary>
        [Preserve, JsonProperty("phoneNumber")]
        public string PhoneNumber { get; set; }

        /// <summary>Whether the person pays the platform for premium features. Only where the application needs <c>premium</c>.</summary>
        [Preserve, JsonProperty("premium")]
        public bool? Premium { get; set; }
    }

    [Preserve]
    public class RankResponse
    {
        /// <summary>From 1: of equal scores the one that was reached first.</summary>
        [Preserve, JsonProperty("rank")]
        public long Rank { get; set; }

        /// <summary>The account; <c>null</c> where it is gone, or hidden from the person who referred it.</summary>
        [Preserve, JsonProperty("userId")]
        public string UserId { get; set; }

        /// <summary>What counts by the rule of the leaderboard.</summary>
        [Preserve, JsonProperty("score")]
        public long Score { get; set; }

        /// <summary>When the score that counts was accepted.</summary>
        [Preserve, JsonProperty("reachedAt")]
        public DateTimeOffset ReachedAt { get; set; }

        /// <summary>The season.</summary>
        [Preserve, JsonProperty("seasonId")]
        public string SeasonId { get; set; }

        /// <summary>The rank is exact as of this instant or a moment later.</summary>
        [Preserve, JsonProperty("asOf")]
        public DateTimeOffset AsOf { get; set; }

        /// <summary>How many people have a score in the season, or in the group.</summary>
        [Preserve, JsonProperty("people")]
        public long People { get; set; }
    }

    [Preserve]
    public class RankedPerson
    {
        /// <summary>From 1: of equal scores the one that was reached first.</summary>
        [Preserve, JsonProperty("rank")]
        public long Rank { get; set; }

        /// <summary>The account; <c>null</c> where it is gone, or hidden from the person who referred it.</summary>
        [Preserve, JsonProperty("userId")]
        public string UserId { get; set; }

        /// <summary>What counts by the rule of the leaderboard.</summary>
        [Preserve, JsonProperty("score")]
        public long Score { get; set; }

        /// <summary>When the score that counts was accepted.</summary>
        [Preserve, JsonProperty("reachedAt")]
        public DateTimeOffset ReachedAt { get; set; }

        /// <summary>Public fields; <c>null</c> where the person made nothing public.</summary>
        [Preserve, JsonProperty("person")]
        public UserResponse Person { get; set; }
    }

    [Preserve]
    public class RanksResponse
    {
        /// <summary>The season.</summary>
        [Preserve, JsonProperty("seasonId")]
        public string SeasonId { get; set; }

        /// <summary>The ranks are exact as of this instant or a moment later.</summary>
        [Preserve, JsonProperty("asOf")]
        public DateTimeOffset AsOf { get; set; }

        /// <summary>How many people have a score in the season, or in the group.</summary>
        [Preserve, JsonProperty("people")]
        public long People { get; set; }

        /// <summary>In the order of ranks.</summary>
        [Preserve, JsonProperty("items")]
        public List<RankedPerson> Items { get; set; }
    }

    [Preserve]
    internal class RefreshRequest
    {
        /// <summary>The refresh token of the latest pair.</summary>
        [Preserve, JsonProperty("refreshToken")]
        public string RefreshToken { get; set; }

        /// <summary>Of the running Mini App: refused when it names another person than the session. Its age is not checked.</summary>
        [Preserve, JsonProperty("initData")]
        public string InitData { get; set; }
    }

    [Preserve]
    public class SeasonPage
    {
        /// <summary>Newest first.</summary>
        [Preserve, JsonProperty("items")]
        public List<SeasonResponse> Items { get; set; }

        /// <summary><c>cursor</c> of the next page; null on the last page.</summary>
        [Preserve, JsonProperty("nextCursor")]
        public string NextCursor { get; set; }
    }

    [Preserve]
    public class SeasonResponse
    {
        /// <summary>The season.</summary>
        [Preserve, JsonProperty("seasonId")]
        public string SeasonId { get; set; }

        /// <summary>From 1.</summary>
        [Preserve, JsonProperty("number")]
        public long Number { get; set; }

        /// <summary>When it began.</summary>
        [Preserve, JsonProperty("startsAt")]
        public DateTimeOffset StartsAt { get; set; }

        /// <summary>When it ends; <c>null</c> where it is closed by hand.</summary>
        [Preserve, JsonProperty("endsAt")]
        public DateTimeOffset? EndsAt { get; set; }

        /// <summary>Since when its ranks are final; <c>null</c> while they are not.</summary>
        [Preserve, JsonProperty("closedAt")]
        public DateTimeOffset? ClosedAt { get; set; }
    }

    [Preserve]
    public class ShownFieldsResponse
    {
        /// <summary>The display name.</summary>
        [Preserve, JsonProperty("displayName")]
        public string DisplayName { get; set; }

        /// <summary>The unique username.</summary>
        [Preserve, JsonProperty("username")]
        public string Username { get; set; }

        /// <summary>The URL of the avatar.</summary>
        [Preserve, JsonProperty("avatarUrl")]
        public string AvatarUrl { get; set; }

        /// <summary>The URL of the banner.</summary>
        [Preserve, JsonProperty("bannerUrl")]
        public string BannerUrl { get; set; }

        /// <summary>About the person.</summary>
        [Preserve, JsonProperty("biography")]
        public string Biography { get; set; }

        /// <summary>Links to other sites.</summary>
        [Preserve, JsonProperty("links")]
        public List<SocialLinkResponse> Links { get; set; }

        /// <summary>A contact.</summary>
        [Preserve, JsonProperty("email")]
        public string Email { get; set; }

        /// <summary>Whether the address is known to be the person’s.</summary>
        [Preserve, JsonProperty("emailVerified")]
        public bool EmailVerified { get; set; }

        /// <summary>A contact in E.164.</summary>
        [Preserve, JsonProperty("phone")]
        public string Phone { get; set; }

        /// <summary>Whether the number is known to be the person’s.</summary>
        [Preserve, JsonProperty("phoneVerified")]
        public bool PhoneVerified { get; set; }
    }

    [Preserve]
    public class SignInInvitationResponse
    {
        /// <summary><c>offered</c>: accept it with <c>POST /v1/invitations/accept</c> and the token in <c>startParam</c>.</summary>
        [Preserve, JsonProperty("outcome")]
        public string Outcome { get; set; }

        /// <summary>Where it is refused: <c>invitation.not_found</c>, <c>.expired</c>, <c>.used_up</c>, <c>.revoked</c>, <c>.not_for_you</c>, <c>.sign_in_again</c>, <c>.already_member</c>, <c>.already_used</c>, <c>.team_full</c>, <c>.declined</c>, <c>.blocked</c>, <c>team.too_many_teams</c> or <c>team.not_accepted</c>.</summary>
        [Preserve, JsonProperty("code")]
        public string Code { get; set; }

        /// <summary>The id of the invitation.</summary>
        [Preserve, JsonProperty("invitationId")]
        public string InvitationId { get; set; }

        /// <summary>Where it is offered or accepted, or the person is a member already.</summary>
        [Preserve, JsonProperty("team")]
        public InvitingTeamResponse Team { get; set; }

        /// <summary>The role that the invited person gets.</summary>
        [Preserve, JsonProperty("role")]
        public string Role { get; set; }

        /// <summary>When it expires.</summary>
        [Preserve, JsonProperty("expiresAt")]
        public DateTimeOffset? ExpiresAt { get; set; }
    }

    [Preserve]
    public class SignInJoinResponse
    {
        /// <summary>The code, for GET /v1/joins/{code} and the acceptance.</summary>
        [Preserve, JsonProperty("code")]
        public string Code { get; set; }

        /// <summary>The acceptance brings it as <c>X-Step-Up-Grant</c>.</summary>
        [Preserve, JsonProperty("grant")]
        public string Grant { get; set; }

        /// <summary>Seconds for which the grant is good.</summary>
        [Preserve, JsonProperty("expiresIn")]
        public long ExpiresIn { get; set; }
    }

    [Preserve]
    public class SignInReferralResponse
    {
        /// <summary><c>bound</c> where the person now has a referrer, for good.</summary>
        [Preserve, JsonProperty("outcome")]
        public string Outcome { get; set; }

        /// <summary>Why the code was ignored.</summary>
        [Preserve, JsonProperty("code")]
        public string Code { get; set; }
    }

    [Preserve]
    public class SignInStepUpResponse
    {
        /// <summary>The act, as the table of acts in docs/security.md names it.</summary>
        [Preserve, JsonProperty("act")]
        public string Act { get; set; }

        /// <summary>What is done, for the person who confirms it.</summary>
        [Preserve, JsonProperty("title")]
        public string Title { get; set; }

        /// <summary>The call of the act brings it as <c>X-Step-Up-Grant</c>, in this session and once.</summary>
        [Preserve, JsonProperty("grant")]
        public string Grant { get; set; }

        /// <summary>Seconds for which the grant is good.</summary>
        [Preserve, JsonProperty("expiresIn")]
        public long ExpiresIn { get; set; }

        /// <summary>If the code names more than the act: the grant is valid for this request alone.</summary>
        [Preserve, JsonProperty("request")]
        public NamedRequestResponse Request { get; set; }
    }

    [Preserve]
    public class SignedIn
    {
        /// <summary>The id of the session.</summary>
        [Preserve, JsonProperty("sessionId")]
        public string SessionId { get; set; }

        /// <summary>The id of the account.</summary>
        [Preserve, JsonProperty("userId")]
        public string UserId { get; set; }

        /// <summary>Whether this sign-in created the account.</summary>
        [Preserve, JsonProperty("isNewUser")]
        public bool IsNewUser { get; set; }

        /// <summary>How hard the proof is to forge.</summary>
        [Preserve, JsonProperty("assurance")]
        public string Assurance { get; set; }

        /// <summary>The start parameter of the launch, or of the start of Log In With Telegram. Chosen by the author of the link, so it proves nothing.</summary>
        [Preserve, JsonProperty("startParam")]
        public string StartParam { get; set; }

        /// <summary>Present where this sign-in cancelled the erasure of the account.</summary>
        [Preserve, JsonProperty("erasureCancelled")]
        public bool? ErasureCancelled { get; set; }

        /// <summary>A JWT for services behind a gateway that can only verify a JWKS; where the application asks for it (<c>identityToken.inAnswers</c>), and a key can be had.</summary>
        [Preserve, JsonProperty("identityToken")]
        public string IdentityToken { get; set; }

        /// <summary>Only at the first use of a proof whose start parameter is <c>f_</c> and the <c>freezeCode</c> of the event of a send of this person: the wallet that it froze.</summary>
        [Preserve, JsonProperty("frozenWallet")]
        public FrozenByLaunchResponse FrozenWallet { get; set; }

        /// <summary>Only where the start parameter carries an invitation, and at the first use of the proof: offered, accepted (<c>invitations.acceptAtSignIn</c> of the application) or refused. The sign-in succeeds in any case.</summary>
        [Preserve, JsonProperty("invitation")]
        public SignInInvitationResponse Invitation { get; set; }

        /// <summary>Only at the first use of a proof whose start parameter is <c>j_</c> and the code of an open request to join: the grant to accept it.</summary>
        [Preserve, JsonProperty("join")]
        public SignInJoinResponse Join { get; set; }

        /// <summary>Present where the start parameter or the body had a referral code.</summary>
        [Preserve, JsonProperty("referral")]
        public SignInReferralResponse Referral { get; set; }

        /// <summary>Only at the first use of a proof whose start parameter is <c>s_</c> and a code that this person asked for in this application: the act, and the grant for it.</summary>
        [Preserve, JsonProperty("stepUp")]
        public SignInStepUpResponse StepUp { get; set; }

        /// <summary>Only at the first use of a proof whose start parameter is <c>w_</c> and the code of a send of this person that waits for a launch: the grant to confirm it.</summary>
        [Preserve, JsonProperty("waitingSend")]
        public LaunchedSendResponse WaitingSend { get; set; }
    }

    [Preserve]
    public class SocialLinkResponse
    {
        /// <summary>What the link is called.</summary>
        [Preserve, JsonProperty("label")]
        public string Label { get; set; }

        /// <summary>An https URL.</summary>
        [Preserve, JsonProperty("url")]
        public string Url { get; set; }
    }

    [Preserve]
    internal class Tokens
    {
        /// <summary><c>DPoP</c> when the session is bound to the key of the <c>DPoP</c> header (RFC 9449).</summary>
        [Preserve, JsonProperty("tokenType")]
        public string TokenType { get; set; }

        /// <summary>Opaque. Send it in <c>Authorization</c> after its type.</summary>
        [Preserve, JsonProperty("accessToken")]
        public string AccessToken { get; set; }

        /// <summary>Seconds until the access token ends unless it is used.</summary>
        [Preserve, JsonProperty("expiresIn")]
        public long ExpiresIn { get; set; }

        /// <summary>Opaque. Good for one refresh.</summary>
        [Preserve, JsonProperty("refreshToken")]
        public string RefreshToken { get; set; }

        /// <summary>Seconds until the session ends unless it is refreshed.</summary>
        [Preserve, JsonProperty("refreshExpiresIn")]
        public long RefreshExpiresIn { get; set; }
    }

    [Preserve]
    public class TopResponse
    {
        /// <summary>The season.</summary>
        [Preserve, JsonProperty("seasonId")]
        public string SeasonId { get; set; }

        /// <summary>The ranks are exact as of this instant or a moment later.</summary>
        [Preserve, JsonProperty("asOf")]
        public DateTimeOffset AsOf { get; set; }

        /// <summary>How many people have a score in the season, or in the group.</summary>
        [Preserve, JsonProperty("people")]
        public long People { get; set; }

        /// <summary>In the order of ranks.</summary>
        [Preserve, JsonProperty("items")]
        public List<RankedPerson> Items { get; set; }

        /// <summary><c>cursor</c> of the next page; null on the last page.</summary>
        [Preserve, JsonProperty("nextCursor")]
        public string NextCursor { get; set; }
    }

    [Preserve]
    public class UserResponse
    {
        /// <summary>The id of the account; of a merged one that of the survivor.</summary>
        [Preserve, JsonProperty("userId")]
        public string UserId { get; set; }

        /// <summary>The fields that the caller may see.</summary>
        [Preserve, JsonProperty("profile")]
        public ShownFieldsResponse Profile { get; set; }
    }

    [Preserve]
    public class VisibilityResponse
    {
        /// <summary>Who sees the field.</summary>
        [Preserve, JsonProperty("displayName")]
        public string DisplayName { get; set; }

        /// <summary>Who sees the field.</summary>
        [Preserve, JsonProperty("username")]
        public string Username { get; set; }

        /// <summary>Who sees the field.</summary>
        [Preserve, JsonProperty("avatarUrl")]
        public string AvatarUrl { get; set; }

        /// <summary>Who sees the field.</summary>
        [Preserve, JsonProperty("bannerUrl")]
        public string BannerUrl { get; set; }

        /// <summary>Who sees the field.</summary>
        [Preserve, JsonProperty("biography")]
        public string Biography { get; set; }

        /// <summary>Who sees the field.</summary>
        [Preserve, JsonProperty("links")]
        public string Links { get; set; }

        /// <summary>Who sees the field.</summary>
        [Preserve, JsonProperty("email")]
        public string Email { get; set; }

        /// <summary>Who sees the field.</summary>
        [Preserve, JsonProperty("phone")]
        public string Phone { get; set; }
    }
}
