/** The fields that the data of events have: ids and closed words only, never a personal field or a secret. */
export const eventFields = {
  userId: { format: 'uuid', meaning: 'The account' },
  mergedUserId: { format: 'uuid', meaning: 'The account that became part of `userId`' },
  separatedUserId: { format: 'uuid', meaning: 'The account that was a part of `userId`' },
  identityId: { format: 'uuid', meaning: 'The identity' },
  sessionId: { format: 'uuid', meaning: 'The session' },
  applicationId: { format: 'uuid', meaning: 'The application' },
  botRowId: { format: 'uuid', meaning: 'The bot, by its id in the administration API' },
  walletId: { format: 'uuid', meaning: 'The wallet' },
  secretId: { format: 'uuid', meaning: 'The secret' },
  teamId: { format: 'uuid', meaning: 'The team' },
  invitationId: { format: 'uuid', meaning: 'The invitation' },
  endpointId: { format: 'uuid', meaning: 'The webhook endpoint' },
  keyId: { format: 'text', meaning: 'The `kid` of a key' },
  provider: { format: 'text', meaning: 'The provider of the identity' },
  environment: { format: 'text', meaning: 'The environment of the provider' },
  assurance: { format: 'text', meaning: 'The assurance of the proof' },
  door: { format: 'text', meaning: 'The sign-in door' },
  block: { format: 'text', meaning: 'The block in JSON, as `countersign audit blocks --json` prints it' },
  role: { format: 'text', meaning: 'The role in the team' },
  status: { format: 'text', meaning: 'The new status' },
  reason: { format: 'text', meaning: 'Why, as an enumerated word' },
  referrerId: { format: 'uuid', meaning: 'The account that brought `userId` to the application' },
  source: {
    format: 'text',
    meaning:
      'What named the referrer: `start-param`, which the platform signed, or `body`, the application itself',
  },
} as const satisfies Record<string, { readonly format: 'uuid' | 'text'; readonly meaning: string }>;
export type EventField = keyof typeof eventFields;

interface EventDeclaration {
  /** Raised when a field is removed or changes its meaning; added fields do not raise it. */
  readonly version: number;
  readonly meaning: string;
  /**
   * What the events are ordered by: events of one value reach an endpoint one after the other. Null for events without an
   * order: each is a subject of its own.
   */
  readonly orderedBy: EventField | null;
  readonly fields: readonly EventField[];
  /** Fields that some events of the type do not have. */
  readonly optional?: readonly EventField[];
}

/**
 * All types of events. Documents, schemas and the filters of endpoints are made from this table.
 *
 * A name is `[A-Za-z0-9_]` parts with dots between (Standard Webhooks 1.0).
 */
export const eventTypes = {
  'user.created': {
    version: 1,
    meaning:
      'An account was created: by a first sign-in, a registration or a request, or for an identity that was detached',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'applicationId', 'sessionId'],
    optional: ['applicationId', 'sessionId'],
  },
  'user.status_changed': {
    version: 1,
    meaning: 'An account was deactivated or reactivated',
    orderedBy: 'userId',
    fields: ['userId', 'status'],
  },
  'user.profile_changed': {
    version: 1,
    meaning: 'A person changed their own profile',
    orderedBy: 'userId',
    fields: ['userId'],
  },
  'user.merged': {
    version: 1,
    meaning:
      'An account became part of another: what services store under `mergedUserId` belongs to `userId`',
    orderedBy: 'userId',
    fields: ['userId', 'mergedUserId'],
  },
  'user.separated': {
    version: 1,
    meaning:
      'A merge was taken back: `separatedUserId` is an account of its own again, with what it had before the merge',
    orderedBy: 'userId',
    fields: ['userId', 'separatedUserId'],
  },
  'user.erasure_requested': {
    version: 1,
    meaning: 'The erasure of an account was requested, or scheduled because the account is not used',
    orderedBy: 'userId',
    fields: ['userId'],
  },
  'user.erasure_cancelled': {
    version: 1,
    meaning: 'The erasure of an account was taken back',
    orderedBy: 'userId',
    fields: ['userId'],
  },
  'user.erased': {
    version: 1,
    meaning: 'An account was erased: services remove what they store about the person',
    orderedBy: 'userId',
    fields: ['userId'],
  },
  'identity.linked': {
    version: 1,
    meaning: 'An identity was added to an account',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'provider', 'environment'],
  },
  'identity.unlinked': {
    version: 1,
    meaning: 'An identity left the account: its person unlinked it, with or without the delay of 72 hours',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'provider', 'environment'],
  },
  'identity.unlinking_scheduled': {
    version: 1,
    meaning: 'An identity is to leave its account in some days, unless it signs in until then',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'provider', 'environment'],
  },
  'identity.unlinking_cancelled': {
    version: 1,
    meaning:
      'An identity does not leave its account: it signed in, the account took it back, or could not be reached without it',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'provider', 'environment'],
  },
  'identity.detached': {
    version: 1,
    meaning: 'An identity was moved from an account to a new one of its own, by an operator or its person',
    orderedBy: 'userId',
    fields: ['userId', 'identityId', 'provider', 'environment'],
  },
  'wallet.linked': {
    version: 1,
    meaning:
      'A wallet was linked to an account: by its person, by the sign-in that founded the account, or with an identity that was detached',
    orderedBy: 'userId',
    fields: ['userId', 'walletId', 'identityId', 'provider', 'environment'],
  },
  'wallet.unlinked': {
    version: 1,
    meaning:
      'A wallet was unlinked from an account that stays, with its identity, or with an identity that was detached',
    orderedBy: 'userId',
    fields: ['userId', 'walletId', 'identityId', 'provider', 'environment'],
  },
  'wallet.changed': {
    version: 1,
    meaning: 'A person made a wallet the primary one, or named it',
    orderedBy: 'userId',
    fields: ['userId', 'walletId', 'identityId', 'provider', 'environment'],
  },
  'wallet.owners_changed': {
    version: 1,
    meaning: 'A contract wallet no longer accepts the signature that it was proven with: it has other owners',
    orderedBy: 'userId',
    fields: ['userId', 'walletId', 'identityId', 'provider', 'environment'],
  },
  'session.opened': {
    version: 1,
    meaning: 'A person signed in. A proof that is sent again gets its session back, without an event',
    orderedBy: 'userId',
    fields: ['userId', 'sessionId', 'applicationId', 'identityId', 'assurance', 'door'],
    optional: ['door'],
  },
  'session.stepped_up': {
    version: 1,
    meaning: 'A person confirmed a session with a fresh proof',
    orderedBy: 'userId',
    fields: ['userId', 'sessionId', 'applicationId'],
  },
  'session.ended': {
    version: 1,
    meaning: 'A session ended. Sessions that only expire have no event',
    orderedBy: 'userId',
    fields: ['userId', 'sessionId', 'applicationId', 'reason'],
  },
  'team.created': {
    version: 1,
    meaning: 'A person created a team, and owns it',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId'],
  },
  'team.changed': {
    version: 1,
    meaning: 'The name, the description, an image or a link of a team was changed',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId'],
  },
  'team.ownership_transferred': {
    version: 1,
    meaning: 'A team has another owner: `userId`',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId'],
  },
  'team.deleted': {
    version: 1,
    meaning: 'A team was deleted. Its owner can restore it for seven days',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId'],
  },
  'team.restored': {
    version: 1,
    meaning: 'A deleted team was restored by its owner',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId'],
  },
  'team.reverted': {
    version: 1,
    meaning:
      'An operator gave a team the owner, the roles and the invitations that it had at an instant. Each change has its own event',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId'],
  },
  'team.erased': {
    version: 1,
    meaning: 'A deleted team is gone, and so are its memberships, without an event for each of them',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId'],
  },
  'team_member.joined': {
    version: 1,
    meaning: 'A person became a member of a team',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId', 'role'],
  },
  'team_member.left': {
    version: 1,
    meaning: 'A person is no longer a member: `left`, `removed`, `merged` into a member, or `erased`',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId', 'reason'],
  },
  'team_member.role_changed': {
    version: 1,
    meaning: 'A member of a team has another role',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId', 'role'],
  },
  'invitation.created': {
    version: 1,
    meaning: 'A member of a team made an invitation: `userId` invites to `role`',
    orderedBy: 'teamId',
    fields: ['invitationId', 'teamId', 'applicationId', 'userId', 'role'],
  },
  'invitation.accepted': {
    version: 1,
    meaning: 'A person joined a team by an invitation',
    orderedBy: 'teamId',
    fields: ['invitationId', 'teamId', 'applicationId', 'userId', 'role'],
  },
  'invitation.revoked': {
    version: 1,
    meaning:
      'An invitation ended early: `revoked` by a member, `inviter` may no longer invite, or `team-deleted`. Those that ' +
      'expire or are used up have no event',
    orderedBy: 'teamId',
    fields: ['invitationId', 'teamId', 'applicationId', 'reason'],
  },
  'invitation.reopened': {
    version: 1,
    meaning: 'An invitation that was revoked is open again, since an operator reverted its team',
    orderedBy: 'teamId',
    fields: ['invitationId', 'teamId', 'applicationId'],
  },
  'referral.bound': {
    version: 1,
    meaning:
      'A person signed in to an application for the first time by the referral code of another, for good',
    orderedBy: 'userId',
    fields: ['userId', 'referrerId', 'applicationId', 'source'],
  },
  'referral.removed': {
    version: 1,
    meaning:
      'An operator removed a referral after a leak: the person no longer counts for the referrer and those above',
    orderedBy: 'userId',
    fields: ['userId', 'referrerId', 'applicationId'],
  },
  'application.created': {
    version: 1,
    meaning: 'An application was created',
    orderedBy: 'applicationId',
    fields: ['applicationId'],
  },
  'application.changed': {
    version: 1,
    meaning: 'The name or the settings of an application were changed',
    orderedBy: 'applicationId',
    fields: ['applicationId'],
  },
  'bot.added': {
    version: 1,
    meaning: 'A bot was added to an application',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'bot.changed': {
    version: 1,
    meaning: 'A bot was changed',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'bot.token_rotated': {
    version: 1,
    meaning: 'The token of a bot was replaced',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'bot.removed': {
    version: 1,
    meaning: 'A bot was removed',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'botRowId'],
  },
  'client_secret.added': {
    version: 1,
    meaning: 'A client secret was added',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'secretId'],
  },
  'client_secret.removed': {
    version: 1,
    meaning: 'A client secret was removed',
    orderedBy: 'applicationId',
    fields: ['applicationId', 'secretId'],
  },
  'identity_key.created': {
    version: 1,
    meaning: 'A key of identity tokens was created where there was none',
    orderedBy: 'keyId',
    fields: ['keyId'],
  },
  'identity_key.rotated': {
    version: 1,
    meaning: 'The next key of identity tokens was created',
    orderedBy: 'keyId',
    fields: ['keyId'],
  },
  'identity_key.revoked': {
    version: 1,
    meaning: 'A key of identity tokens is refused from now on',
    orderedBy: 'keyId',
    fields: ['keyId'],
  },
  'audit.sealed': {
    version: 1,
    meaning:
      'A block of the audit trail was signed. Stored elsewhere, it is an anchor: `countersign audit verify --anchors` finds what was cut or rewritten',
    orderedBy: 'keyId',
    fields: ['keyId', 'block'],
  },
  'webhook.endpoint_failing': {
    version: 1,
    meaning: 'An endpoint has accepted no delivery for a day; it is disabled after five days',
    orderedBy: 'endpointId',
    fields: ['endpointId'],
  },
  'webhook.endpoint_disabled': {
    version: 1,
    meaning: 'An endpoint was disabled',
    orderedBy: 'endpointId',
    fields: ['endpointId', 'reason'],
  },
  'webhook.test': {
    version: 1,
    meaning: 'An operator tests an endpoint. Sent to that endpoint, also where it does not ask for the type',
    orderedBy: null,
    fields: ['endpointId'],
  },
} as const satisfies Record<`${string}.${string}`, EventDeclaration>;

export type EventType = keyof typeof eventTypes;
export const eventTypeNames = Object.keys(eventTypes) as readonly EventType[];

type FieldsOf<T extends EventType> = (typeof eventTypes)[T]['fields'][number];
type OptionalOf<T extends EventType> = (typeof eventTypes)[T] extends {
  readonly optional: readonly (infer Field extends EventField)[];
}
  ? Field
  : never;

/** The data of an event of a type. */
export type EventData<T extends EventType> = Readonly<Record<Exclude<FieldsOf<T>, OptionalOf<T>>, string>> &
  Readonly<Partial<Record<OptionalOf<T>, string>>>;

/** The declaration of a type, with the optional parts. */
export function declarationOf(type: EventType): EventDeclaration {
  return eventTypes[type];
}
