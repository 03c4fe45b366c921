/** The API of Metapro's clients. */

const ofDoor = (file, ...specs) => ({
  file: `libs/doors/metapro/src/${file}.ts`,
  specs: specs.map((name) => `test/integration/metapro-${name}.integration-spec.ts`),
});

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const metapro = [
  {
    id: 'metapro-teams-name-persons-to-everyone',
    ...ofDoor('teams/team-object', 'teams'),
    find: '(memberIds && team.createdBy) ??',
    replace: 'team.createdBy ??',
  },
  {
    id: 'metapro-teams-by-persons-without-a-token',
    ...ofDoor('teams/teams.service', 'teams'),
    find: '    if (!caller) return null;\n',
    replace: '    if (!caller) return { ...named, ...(createdBy ? { createdBy } : {}) };\n',
  },
  {
    id: 'metapro-teams-members-to-strangers',
    ...ofDoor('teams/teams.service', 'teams'),
    find: "this.access.enter(caller, teamId, 'members.list')",
    replace: "this.access.enter(caller, teamId, 'team.read')",
  },
  {
    id: 'metapro-teams-deleted-one',
    ...ofDoor('teams/teams.service', 'teams'),
    find: "    if (entered.team.deletedAt) throw teamError('team.not_found');\n",
    replace: '',
  },
  {
    id: 'metapro-looked-at-wallet-of-another',
    ...ofDoor('users/looked-at-wallets', 'wallets'),
    find: '[null, owner.userId].includes(owners[index] ?? null)',
    replace: 'index < owners.length',
  },
  {
    id: 'metapro-join-link-unasked',
    ...ofDoor('users/new-address.service', 'wallets'),
    find: 'body.merge === true',
    replace: 'true',
  },
  {
    id: 'metapro-open-route-takes-any-token',
    ...ofDoor('session/metapro.guard', 'token'),
    find: 'return !authorization || super.canActivate(context);',
    replace: 'return !authorization?.startsWith("mp_") || super.canActivate(context);',
  },
];
