import { declarationOf, mayDo, teamActNames, teamRoles, type TeamActName } from '@countersign/teams';

const INTRODUCTION = `# What roles may do in a team

This page is generated from the code (\`libs/community/teams/src/team-roles.ts\`): do not edit it. What teams are is in
[teams.md](teams.md).

A member gives, changes and takes away only roles below their own. \`everyone\` is everyone with a session in the
application of the team. Client secrets are those of that application.

`;

/** docs/team-roles.md */
export function teamRolesPage(): string {
  const columns = ['act', ...teamRoles, 'everyone', 'client secret', 'what it is'];
  const lines = teamActNames.map((act) => [`\`${act}\``, ...cellsOf(act)]);
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...lines.map((cells) => (cells[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |\n`;
  const rule = widths.map((width) => '-'.repeat(width));
  return INTRODUCTION + line(columns) + line(rule) + lines.map(line).join('');
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
