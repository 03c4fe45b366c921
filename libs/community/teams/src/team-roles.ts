/** The highest role is first. */
export const teamRoles = ['owner', 'admin', 'editor', 'viewer'] as const;
export type TeamRole = (typeof teamRoles)[number];

/** A role that a member can be given. Ownership can only be transferred. */
export const givenRoles = ['admin', 'editor', 'viewer'] as const satisfies readonly TeamRole[];
export type GivenRole = (typeof givenRoles)[number];

/** An operation that roles allow in a team. */
export interface TeamPermission {
  readonly name: string;
  /** The meaning in words for documents, without a full stop. */
  readonly meaning: string;
  /** The roles that have it. `everyone` includes non-members in the application. */
  readonly roles: readonly TeamRole[] | 'everyone';
  /** Whether a client secret of the application also has it. */
  readonly byClients?: true;
  /** Whether sessions of any assurance have it, because reading or leaving uses no rights of the role. */
  readonly byWeakSessions?: true;
  /** Whether init data alone is enough. By default a permission needs a session, because it changes the team. */
  readonly withoutSession?: true;
}

const EDITORS = ['owner', 'admin', 'editor'] as const;
const ADMINS = ['owner', 'admin'] as const;
const OWNER = ['owner'] as const;

function permission(
  name: string,
  meaning: string,
  roles: TeamPermission['roles'],
  more: Pick<TeamPermission, 'byClients' | 'byWeakSessions' | 'withoutSession'> = {},
): TeamPermission {
  return { name, meaning, roles, ...more };
}

/**
 * Guards, the OpenAPI document and `docs/team-roles.md` use this table. A role gives, changes and removes only roles
 * below itself: see `isAbove`.
 */
export const teamPermissions = {
  teamRead: permission('team.read', 'read the team', 'everyone', { byClients: true, withoutSession: true }),
  teamChange: permission('team.change', 'change the description, the images and the links', EDITORS),
  teamRename: permission('team.rename', 'change the name', ADMINS),
  teamTransfer: permission('team.transfer', 'make another member the owner', OWNER),
  teamDelete: permission('team.delete', 'delete the team', OWNER),
  membersList: permission('members.list', 'see the members', teamRoles, {
    byClients: true,
    withoutSession: true,
  }),
  membersSetRole: permission('members.set_role', 'change roles of members', ADMINS),
  membersRemove: permission('members.remove', 'remove members', ADMINS),
  membersLeave: permission('members.leave', 'leave, or take a lower role', givenRoles, {
    byWeakSessions: true,
  }),
  invitationsCreate: permission('invitations.create', 'invite people, to roles below their own', ADMINS),
  invitationsList: permission('invitations.list', 'see the invitations', ADMINS, { withoutSession: true }),
  invitationsRevoke: permission('invitations.revoke', 'revoke invitations', ADMINS),
  listingRead: permission('listing.read', 'see a listing before it is published', teamRoles, {
    byWeakSessions: true,
    withoutSession: true,
  }),
  listingChange: permission('listing.change', 'change and publish the listing', ADMINS, {
    withoutSession: true,
  }),
};

export function hasPermission(role: TeamRole | null, { roles }: TeamPermission): boolean {
  return roles === 'everyone' || (role !== null && roles.includes(role));
}

export function allowedText({ roles, byClients }: TeamPermission): string {
  const people = roles === 'everyone' ? 'everyone in the application' : roles.join(', ');
  return byClients ? `${people}; client secrets` : people;
}

export function isForMembers({ roles }: TeamPermission): boolean {
  return roles !== 'everyone';
}

export function isAbove(role: TeamRole, other: TeamRole): boolean {
  return teamRoles.indexOf(role) < teamRoles.indexOf(other);
}

export function higherOf(one: TeamRole, other: TeamRole): TeamRole {
  return isAbove(one, other) ? one : other;
}

export function lowerOf(one: TeamRole, other: TeamRole): TeamRole {
  return isAbove(one, other) ? other : one;
}
