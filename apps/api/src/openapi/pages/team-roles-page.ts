import { declarationOf, mayDo, teamActNames, teamRoles, type TeamActName } from '@countersign/teams';
import { table } from './table';

/** The end of docs/team-roles.md. */
export function teamRolesPage(): string {
  return table(
    ['act', ...teamRoles, 'everyone', 'client secret', 'what it is'],
    teamActNames.map((act) => [`\`${act}\``, ...cellsOf(act)]),
  );
}

function cellsOf(act: TeamActName): readonly string[] {
  const { meaning, byClients } = declarationOf(act);
  const yes = (may: boolean): string => (may ? 'yes' : '');
  return [
    ...teamRoles.map((role) => yes(mayDo(role, act))),
    yes(mayDo(null, act)),
    yes(byClients === true),
    meaning,
  ];
}
