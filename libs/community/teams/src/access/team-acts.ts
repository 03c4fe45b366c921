import { defineActs, type Act, type ActDeclaration } from '@countersign/sessions';
import { declarationOf, isForMembers, teamActNames, type TeamActName } from '../team-roles';

/** Owners and admins need the highest assurance that one of their identities can have. */
const ofRole = { level: 'reachable', needsStepUp: false } as const;

/** The acts that create owners or admins, or end a team. */
export const roleActs = defineActs({
  'team.create': { ...ofRole, title: 'Create a team' },
  'team.transfer': { ...ofRole, needsStepUp: true, title: 'Make another member the owner of the team' },
  'team.delete': { ...ofRole, needsStepUp: true, title: 'Delete the team' },
  'members.become_admin': { ...ofRole, title: 'Accept an invitation as an admin of a team' },
  'members.make_admin': { ...ofRole, needsStepUp: true, title: 'Make a member an admin of the team' },
  'invitations.create_for_admin': { ...ofRole, needsStepUp: true, title: 'Invite people as team admins' },
});

const otherActs: Readonly<Record<string, Act>> = defineActs(
  Object.fromEntries(
    teamActNames.flatMap((name): [string, ActDeclaration][] => {
      const { meaning, byWeakSessions } = declarationOf(name);
      const isDeclared = name in roleActs || byWeakSessions === true || !isForMembers(name);
      return isDeclared ? [] : [[name, { ...ofRole, title: `In a team: ${meaning}` }]];
    }),
  ),
);

/** Returns the act that owners and admins need, or `null` if sessions of any assurance may do it. */
export function actOfRole(name: TeamActName): Act | null {
  const acts: Readonly<Record<string, Act>> = { ...roleActs, ...otherActs };
  return acts[name] ?? null;
}
