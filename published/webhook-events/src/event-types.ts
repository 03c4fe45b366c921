// Generated from the code by apps/api/src/openapi/write-documents.ts, as docs/events.schema.json is: do not edit.

/** The fields of each type of event. */
export interface EventData {
  /** The name or the settings of an application were changed. */
  readonly 'application.changed': {
    readonly applicationId: string;
  };
  /** An application was created. */
  readonly 'application.created': {
    readonly applicationId: string;
  };
  /** A block of the audit trail was signed. Stored elsewhere, it is an anchor: `countersign audit verify --anchors` finds what was cut or rewritten. */
  readonly 'audit.sealed': {
    readonly keyId: string;
    readonly block: string;
  };
  /** A season of a leaderboard was closed, and its ranks are final. */
  readonly 'board.season_closed': {
    readonly boardId: string;
    readonly seasonId: string;
    readonly applicationId: string;
    readonly finalPage: string;
  };
  /** A bot was added to an application. */
  readonly 'bot.added': {
    readonly applicationId: string;
    readonly botRowId: string;
  };
  /** A bot was changed. */
  readonly 'bot.changed': {
    readonly applicationId: string;
    readonly botRowId: string;
  };
  /** A bot was removed. */
  readonly 'bot.removed': {
    readonly applicationId: string;
    readonly botRowId: string;
  };
  /** The token of a bot was replaced. */
  readonly 'bot.token_rotated': {
    readonly applicationId: string;
    readonly botRowId: string;
  };
  /** A client secret was added. */
  readonly 'client_secret.added': {
    readonly applicationId: string;
    readonly secretId: string;
  };
  /** A client secret was removed. */
  readonly 'client_secret.removed': {
    readonly applicationId: string;
    readonly secretId: string;
  };
  /** An identity was moved from an account to a new one of its own, by an operator or its person. */
  readonly 'identity.detached': {
    readonly userId: string;
    readonly identityId: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** An identity was added to an account. */
  readonly 'identity.linked': {
    readonly userId: string;
    readonly identityId: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** An identity left the account: its person unlinked it, with or without the delay of 72 hours. */
  readonly 'identity.unlinked': {
    readonly userId: string;
    readonly identityId: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** An identity does not leave its account: it signed in, the account took it back, or could not be reached without it. */
  readonly 'identity.unlinking_cancelled': {
    readonly userId: string;
    readonly identityId: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** An identity is to leave its account in some days, unless it signs in until then. */
  readonly 'identity.unlinking_scheduled': {
    readonly userId: string;
    readonly identityId: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** A key of identity tokens was created where there was none. */
  readonly 'identity_key.created': {
    readonly keyId: string;
  };
  /** A key of identity tokens is refused from now on. */
  readonly 'identity_key.revoked': {
    readonly keyId: string;
  };
  /** The next key of identity tokens was created. */
  readonly 'identity_key.rotated': {
    readonly keyId: string;
  };
  /** A person joined a team by an invitation. */
  readonly 'invitation.accepted': {
    readonly invitationId: string;
    readonly teamId: string;
    readonly applicationId: string;
    readonly userId: string;
    readonly role: string;
  };
  /** A member of a team made an invitation: `userId` invites to `role`. */
  readonly 'invitation.created': {
    readonly invitationId: string;
    readonly teamId: string;
    readonly applicationId: string;
    readonly userId: string;
    readonly role: string;
  };
  /** An invitation that was revoked is open again, since an operator reverted its team. */
  readonly 'invitation.reopened': {
    readonly invitationId: string;
    readonly teamId: string;
    readonly applicationId: string;
  };
  /** An invitation ended early: `revoked` by a member, `inviter` may no longer invite, or `team-deleted`. Those that expire or are used up have no event. */
  readonly 'invitation.revoked': {
    readonly invitationId: string;
    readonly teamId: string;
    readonly applicationId: string;
    readonly reason: string;
  };
  /** A field or the team of a listing was changed. */
  readonly 'listing.changed': {
    readonly listingId: string;
    readonly applicationId: string;
  };
  /** An operator created the listing of an application, as a draft. */
  readonly 'listing.created': {
    readonly listingId: string;
    readonly applicationId: string;
  };
  /** An operator hid a listing. */
  readonly 'listing.hidden': {
    readonly listingId: string;
    readonly applicationId: string;
  };
  /** A member of its team published a listing. */
  readonly 'listing.published': {
    readonly listingId: string;
    readonly applicationId: string;
  };
  /** A hidden listing is again as its team left it. */
  readonly 'listing.unhidden': {
    readonly listingId: string;
    readonly applicationId: string;
  };
  /** A member of its team made a published listing a draft again. */
  readonly 'listing.withdrawn': {
    readonly listingId: string;
    readonly applicationId: string;
  };
  /** A person signed in to an application for the first time by the referral code of another, for good. */
  readonly 'referral.bound': {
    readonly userId: string;
    readonly referrerId: string;
    readonly applicationId: string;
    readonly source: string;
  };
  /** An operator removed a referral after a leak: the person no longer counts for the referrer and those above. */
  readonly 'referral.removed': {
    readonly userId: string;
    readonly referrerId: string;
    readonly applicationId: string;
  };
  /** A session ended. Sessions that only expire have no event. */
  readonly 'session.ended': {
    readonly userId: string;
    readonly sessionId: string;
    readonly applicationId: string;
    readonly reason: string;
  };
  /** A person signed in. A proof that is sent again gets its session back, without an event. */
  readonly 'session.opened': {
    readonly userId: string;
    readonly sessionId: string;
    readonly applicationId: string;
    readonly identityId: string;
    readonly assurance: string;
    readonly door?: string;
  };
  /** A person confirmed a session with a fresh proof. */
  readonly 'session.stepped_up': {
    readonly userId: string;
    readonly sessionId: string;
    readonly applicationId: string;
  };
  /** The name, the description, an image or a link of a team was changed. */
  readonly 'team.changed': {
    readonly teamId: string;
    readonly applicationId: string;
  };
  /** A person created a team, and owns it. */
  readonly 'team.created': {
    readonly teamId: string;
    readonly applicationId: string;
    readonly userId: string;
  };
  /** A team was deleted. Its owner can restore it for seven days. */
  readonly 'team.deleted': {
    readonly teamId: string;
    readonly applicationId: string;
  };
  /** A deleted team is gone, and so are its memberships, without an event for each of them. */
  readonly 'team.erased': {
    readonly teamId: string;
    readonly applicationId: string;
  };
  /** A team has another owner: `userId`. */
  readonly 'team.ownership_transferred': {
    readonly teamId: string;
    readonly applicationId: string;
    readonly userId: string;
  };
  /** A deleted team was restored by its owner. */
  readonly 'team.restored': {
    readonly teamId: string;
    readonly applicationId: string;
  };
  /** An operator gave a team the owner, the roles and the invitations that it had at an instant. Each change has its own event. */
  readonly 'team.reverted': {
    readonly teamId: string;
    readonly applicationId: string;
  };
  /** A person became a member of a team. */
  readonly 'team_member.joined': {
    readonly teamId: string;
    readonly applicationId: string;
    readonly userId: string;
    readonly role: string;
  };
  /** A person is no longer a member: `left`, `removed`, `merged` into a member, or `erased`. */
  readonly 'team_member.left': {
    readonly teamId: string;
    readonly applicationId: string;
    readonly userId: string;
    readonly reason: string;
  };
  /** A member of a team has another role. */
  readonly 'team_member.role_changed': {
    readonly teamId: string;
    readonly applicationId: string;
    readonly userId: string;
    readonly role: string;
  };
  /** An account was created: by a first sign-in, a registration or a request, or for an identity that was detached. */
  readonly 'user.created': {
    readonly userId: string;
    readonly identityId: string;
    readonly applicationId?: string;
    readonly sessionId?: string;
  };
  /** An account was erased: services remove what they store about the person. */
  readonly 'user.erased': {
    readonly userId: string;
  };
  /** The erasure of an account was taken back. */
  readonly 'user.erasure_cancelled': {
    readonly userId: string;
  };
  /** The erasure of an account was requested, or scheduled because the account is not used: tell the person, who can take it back by a sign-in with `cancelErasure`. */
  readonly 'user.erasure_requested': {
    readonly userId: string;
    readonly erasesAt: string;
  };
  /** An account became part of another: what services store under `mergedUserId` belongs to `userId`. */
  readonly 'user.merged': {
    readonly userId: string;
    readonly mergedUserId: string;
  };
  /** A person changed their own profile. */
  readonly 'user.profile_changed': {
    readonly userId: string;
  };
  /** A merge was taken back: `separatedUserId` is an account of its own again, with what it had before the merge. */
  readonly 'user.separated': {
    readonly userId: string;
    readonly separatedUserId: string;
  };
  /** An account was deactivated or reactivated. */
  readonly 'user.status_changed': {
    readonly userId: string;
    readonly status: string;
  };
  /** A person made a wallet the primary one, named it, let a contract wallet sign in or no longer, or confirmed who it obeys. */
  readonly 'wallet.changed': {
    readonly userId: string;
    readonly walletId: string;
    readonly identityId?: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** A person created an embedded wallet. */
  readonly 'wallet.created': {
    readonly userId: string;
    readonly walletId: string;
    readonly identityId?: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** The words of an embedded wallet were shown: who has them can use it without this service. Tell the person. */
  readonly 'wallet.exported': {
    readonly userId: string;
    readonly walletId: string;
  };
  /** An embedded wallet does nothing, by its person or an operator. */
  readonly 'wallet.frozen': {
    readonly userId: string;
    readonly walletId: string;
  };
  /** The limits of what an embedded wallet sends were changed: tell the person. */
  readonly 'wallet.limits_changed': {
    readonly userId: string;
    readonly walletId: string;
  };
  /** A wallet was linked to an account: by its person, by the sign-in that founded the account, or with an identity that was detached. */
  readonly 'wallet.linked': {
    readonly userId: string;
    readonly walletId: string;
    readonly identityId: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** A contract wallet no longer accepts the signature that it was proven with, or a wallet of TON has another key: it has other owners, and does not do all that it did until another identity of the account confirms them. */
  readonly 'wallet.owners_changed': {
    readonly userId: string;
    readonly walletId: string;
    readonly identityId: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** A send ended without moving anything: the version that cancels it is final. */
  readonly 'wallet.send_cancelled': {
    readonly userId: string;
    readonly applicationId: string;
    readonly walletId: string;
    readonly sendId: string;
  };
  /** A send ended in a final block, where it was reverted. */
  readonly 'wallet.send_failed': {
    readonly userId: string;
    readonly applicationId: string;
    readonly walletId: string;
    readonly sendId: string;
  };
  /** A send is final, as two nodes say. Count a payment as made now; on TON only where its outcome is delivered. */
  readonly 'wallet.send_final': {
    readonly userId: string;
    readonly applicationId: string;
    readonly walletId: string;
    readonly sendId: string;
  };
  /** A send moved nothing, and nothing of it can be mined any more. */
  readonly 'wallet.send_not_sent': {
    readonly userId: string;
    readonly applicationId: string;
    readonly walletId: string;
    readonly sendId: string;
  };
  /** A send is never done: a transaction that this service did not send used its nonce. */
  readonly 'wallet.send_replaced': {
    readonly userId: string;
    readonly applicationId: string;
    readonly walletId: string;
    readonly sendId: string;
  };
  /** A send from an embedded wallet waits for the delay of a new recipient or for a launch that confirms it. Notify the person, who can cancel it or freeze the wallet. Other first-party applications of the person get it without `applicationId` and `sendId`. */
  readonly 'wallet.send_waiting': {
    readonly userId: string;
    readonly walletId: string;
    readonly applicationId?: string;
    readonly sendId?: string;
    readonly freezeCode: string;
  };
  /** An embedded wallet is no longer frozen. */
  readonly 'wallet.unfrozen': {
    readonly userId: string;
    readonly walletId: string;
  };
  /** A wallet was unlinked from an account that stays, with its identity, or with an identity that was detached. */
  readonly 'wallet.unlinked': {
    readonly userId: string;
    readonly walletId: string;
    readonly identityId: string;
    readonly provider: string;
    readonly environment: string;
  };
  /** A chain has a transaction of an embedded wallet that this service did not send: who has its words or key sent it, or the application itself one that was only signed. */
  readonly 'wallet.used_elsewhere': {
    readonly userId: string;
    readonly walletId: string;
  };
  /** An endpoint was disabled. */
  readonly 'webhook.endpoint_disabled': {
    readonly endpointId: string;
    readonly reason: string;
  };
  /** An endpoint has accepted no delivery for a day; it is disabled after five days. */
  readonly 'webhook.endpoint_failing': {
    readonly endpointId: string;
  };
  /** An operator tests an endpoint. Sent to that endpoint, also where it does not ask for the type. */
  readonly 'webhook.test': {
    readonly endpointId: string;
  };
}

/** The version of each type. */
export const eventVersions = {
  'application.changed': 1,
  'application.created': 1,
  'audit.sealed': 1,
  'board.season_closed': 1,
  'bot.added': 1,
  'bot.changed': 1,
  'bot.removed': 1,
  'bot.token_rotated': 1,
  'client_secret.added': 1,
  'client_secret.removed': 1,
  'identity.detached': 1,
  'identity.linked': 1,
  'identity.unlinked': 1,
  'identity.unlinking_cancelled': 1,
  'identity.unlinking_scheduled': 1,
  'identity_key.created': 1,
  'identity_key.revoked': 1,
  'identity_key.rotated': 1,
  'invitation.accepted': 1,
  'invitation.created': 1,
  'invitation.reopened': 1,
  'invitation.revoked': 1,
  'listing.changed': 1,
  'listing.created': 1,
  'listing.hidden': 1,
  'listing.published': 1,
  'listing.unhidden': 1,
  'listing.withdrawn': 1,
  'referral.bound': 1,
  'referral.removed': 1,
  'session.ended': 1,
  'session.opened': 1,
  'session.stepped_up': 1,
  'team.changed': 1,
  'team.created': 1,
  'team.deleted': 1,
  'team.erased': 1,
  'team.ownership_transferred': 1,
  'team.restored': 1,
  'team.reverted': 1,
  'team_member.joined': 1,
  'team_member.left': 1,
  'team_member.role_changed': 1,
  'user.created': 1,
  'user.erased': 1,
  'user.erasure_cancelled': 1,
  'user.erasure_requested': 1,
  'user.merged': 1,
  'user.profile_changed': 1,
  'user.separated': 1,
  'user.status_changed': 1,
  'wallet.changed': 1,
  'wallet.created': 1,
  'wallet.exported': 1,
  'wallet.frozen': 1,
  'wallet.limits_changed': 1,
  'wallet.linked': 1,
  'wallet.owners_changed': 1,
  'wallet.send_cancelled': 1,
  'wallet.send_failed': 1,
  'wallet.send_final': 1,
  'wallet.send_not_sent': 1,
  'wallet.send_replaced': 1,
  'wallet.send_waiting': 1,
  'wallet.unfrozen': 1,
  'wallet.unlinked': 1,
  'wallet.used_elsewhere': 1,
  'webhook.endpoint_disabled': 1,
  'webhook.endpoint_failing': 1,
  'webhook.test': 1,
} as const;
