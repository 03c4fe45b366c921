import { defineActs, type Act, type ActDeclaration } from '@countersign/sessions';
import { declarationOf, isForMembers, teamActNames, type TeamActName } from '../team-roles';

/** Owners and admins need the highest assurance that an identity of theirs reaches. */
const ofRole = { level: 'reachable', needsStepUp: false } as const;

/** What makes owners and admins, and what ends a team. */
export const roleActs = defineActs({
  'team.create': { ...ofRole, title: 'Create a team' },
  'team.transfer': { ...ofRole, needsStepUp: true, title: 'Make another member the owner of the team' },
  'team.delete': { ...ofRole, needsStepUp: true, title: 'Delete the team' },
  'members.become_admin': { ...ofRole, title: 'Accept an invitation as an admin of a team' },
  'members.make_admin': { ...ofRole, needsStepUp: true, title: 'Make a member an admin of the team' },
  'invitations.create_for_admin': { ...ofRole, needsStepUp: true, title: 'Invite people as team admins' },
});

/** The other acts of `teamActs`. */
const otherActs: Readonly<Record<string, Act>> = defineActs(
  Object.fromEntries(
    teamActNames.flatMap((name): [string, ActDeclaration][] => {
      const { meaning, byWeakSessions } = declarationOf(name);
      const isDeclared = name in roleActs || byWeakSessions === true || !isForMembers(name);
      return isDeclared ? [] : [[name, { ...ofRole, title: `In a team: ${meaning}` }]];
    }),
  ),
);

/** What owners and admins need for an act; `null` where sessions of any assurance may. */
export function actOfRole(name: TeamActName): Act | null {
  const acts: Readonly<Record<string, Act>> = { ...roleActs, ...otherActs };
  return acts[name] ?? null;
}
