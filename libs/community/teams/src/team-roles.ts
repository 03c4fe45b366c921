/** The highest role is first. */
export const teamRoles = ['owner', 'admin', 'editor', 'viewer'] as const;
export type TeamRole = (typeof teamRoles)[number];

/** A role that a member can be given. Ownership can only be transferred. */
export const givenRoles = ['admin', 'editor', 'viewer'] as const satisfies readonly TeamRole[];
export type GivenRole = (typeof givenRoles)[number];

interface TeamActDeclaration {
  /** The meaning in words for documents, without a full stop. */
  readonly meaning: string;
  /** The roles that may do the act. `everyone` includes non-members in the application. */
  readonly roles: readonly TeamRole[] | 'everyone';
  /** Whether a client secret of the application may also do it. */
  readonly byClients?: true;
  /** Whether sessions of any assurance may do it, because reading or leaving uses no rights of the role. */
  readonly byWeakSessions?: true;
  /** Whether init data alone is enough. By default an act needs a session, because it changes the team. */
  readonly withoutSession?: true;
}

const EDITORS = ['owner', 'admin', 'editor'] as const;
const ADMINS = ['owner', 'admin'] as const;
const OWNER = ['owner'] as const;

/**
 * Guards, the OpenAPI document and `docs/team-roles.md` use this table. A role gives, changes and removes only roles
 * below itself: see `isAbove`.
 */
const teamActs = {
  'team.read': { meaning: 'read the team', roles: 'everyone', byClients: true, withoutSession: true },
  'team.change': { meaning: 'change the description, the images and the links', roles: EDITORS },
  'team.rename': { meaning: 'change the name', roles: ADMINS },
  'team.transfer': { meaning: 'make another member the owner', roles: OWNER },
  'team.delete': { meaning: 'delete the team', roles: OWNER },
  'members.list': { meaning: 'see the members', roles: teamRoles, byClients: true, withoutSession: true },
  'members.set_role': { meaning: 'change roles of members', roles: ADMINS },
  'members.remove': { meaning: 'remove members', roles: ADMINS },
  'members.leave': { meaning: 'leave, or take a lower role', roles: givenRoles, byWeakSessions: true },
  'invitations.create': { meaning: 'invite people, to roles below their own', roles: ADMINS },
  'invitations.list': { meaning: 'see the invitations', roles: ADMINS, withoutSession: true },
  'invitations.revoke': { meaning: 'revoke invitations', roles: ADMINS },
  'listing.read': {
    meaning: 'see a listing before it is published',
    roles: teamRoles,
    byWeakSessions: true,
    withoutSession: true,
  },
  'listing.change': { meaning: 'change and publish the listing', roles: ADMINS, withoutSession: true },
} as const satisfies Record<string, TeamActDeclaration>;

export type TeamActName = keyof typeof teamActs;
export const teamActNames = Object.keys(teamActs) as readonly TeamActName[];

export function declarationOf(act: TeamActName): TeamActDeclaration {
  return teamActs[act];
}

export function mayDo(role: TeamRole | null, act: TeamActName): boolean {
  const { roles } = declarationOf(act);
  return roles === 'everyone' || (role !== null && roles.includes(role));
}

export function allowedText(act: TeamActName): string {
  const { roles, byClients } = declarationOf(act);
  const people = roles === 'everyone' ? 'everyone in the application' : roles.join(', ');
  return byClients ? `${people}; client secrets` : people;
}

export function isForMembers(act: TeamActName): boolean {
  return declarationOf(act).roles !== 'everyone';
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
