import type { Operation } from './admin-document';

const PREFIX = '/v1/admin/';

/** The rule below makes poor names for these. */
const NAMES: Readonly<Record<string, string>> = {
  listAllowedBots: 'bot list-allowed',
  allowBot: 'bot allow',
  disallowBot: 'bot disallow',
  lookUpUsers: 'user find',
  readCustody: 'custody status',
  readEmbeddedWallet: 'wallet state',
  freezeWallet: 'wallet freeze',
};

const VERBS: Readonly<Record<string, string>> = { read: 'show', change: 'set' };

/**
 * The client issues a token for each command. Two commands work on the database: the first principal is made before any
 * other exists, and wallets can be stopped before the API starts.
 */
const WITHOUT_COMMAND = ['issuePrincipalToken', 'createPrincipal', 'stopWallets'];

/**
 * Returns the group and name of a command: `listTeams` is `team list`, `removeTeamMember` is `team remove-member`, and
 * `POST /v1/admin/teams/{teamId}/transfer` is `team transfer`. Null if no operator calls the operation.
 */
export function commandNameOf({
  operationId,
  path,
}: Operation): readonly [group: string, name: string] | null {
  if (!path.startsWith(PREFIX) || WITHOUT_COMMAND.includes(operationId)) return null;
  const named = NAMES[operationId];
  if (named !== undefined) return named.split(' ') as [string, string];
  const [resource = '', ...more] = path.slice(PREFIX.length).split('/');
  const words = more.filter((word) => !word.startsWith('{'));
  const [, verb = '', noun = ''] = /^([a-z]+)(.*)$/.exec(operationId) ?? [];
  const last = words.at(-1);
  const isAct = last !== undefined && ![last, singular(last)].some((word) => noun.includes(pascal(word)));
  const nested = isAct ? words.slice(0, -1) : words;
  const isOfMany = (word: string): boolean => verb === 'list' || path.endsWith(`/${word}/${last ?? ''}`);
  const of = nested.map((word) => `-${isOfMany(word) ? word : singular(word)}`).join('');
  return [singular(resource), `${isAct ? last : (VERBS[verb] ?? verb)}${of}`];
}

export function singular(word: string): string {
  return word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');
}

function pascal(word: string): string {
  return word.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
