import type { SensitiveOperation } from '@countersign/sessions';
import { isForMembers, teamPermissions, type TeamPermission } from '../team-roles';

/** Owners and admins need the highest assurance that one of their identities can have. */
const ofRole = { level: 'reachable', needsStepUp: false } as const;
const withStepUp = { ...ofRole, needsStepUp: true } as const;

/** The operations that create owners or admins, or end a team. */
export const teamOperations = {
  create: { name: 'team.create', ...ofRole, title: 'Create a team' },
  transfer: { name: 'team.transfer', ...withStepUp, title: 'Make another member the owner of the team' },
  delete: { name: 'team.delete', ...withStepUp, title: 'Delete the team' },
  becomeAdmin: {
    name: 'members.become_admin',
    ...ofRole,
    title: 'Accept an invitation as an admin of a team',
  },
  makeAdmin: { name: 'members.make_admin', ...withStepUp, title: 'Make a member an admin of the team' },
  inviteAdmins: {
    name: 'invitations.create_for_admin',
    ...withStepUp,
    title: 'Invite people as team admins',
  },
} as const satisfies Readonly<Record<string, SensitiveOperation>>;

/** All of the above, and each permission that uses a right of a role. */
export const allTeamOperations: readonly SensitiveOperation[] = [
  ...Object.values(teamOperations),
  ...Object.values<TeamPermission>(teamPermissions)
    .filter((permission) => isForMembers(permission) && !permission.byWeakSessions)
    .filter(({ name }) => !Object.values(teamOperations).some((operation) => operation.name === name))
    .map(({ name, meaning }) => ({ name, ...ofRole, title: `In a team: ${meaning}` })),
];

/** Returns `null` if sessions of any assurance have the permission. */
export function operationOf({ name }: TeamPermission): SensitiveOperation | null {
  return allTeamOperations.find((operation) => operation.name === name) ?? null;
}
