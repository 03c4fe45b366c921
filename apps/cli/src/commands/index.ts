import { featuresIn, type FeatureName } from '../../../api/src/features';
import { apiGroups } from '../api/api-commands';
import type { Declaration } from '../declaration';
import { application } from './application';
import { audit } from './audit';
import { board } from './board';
import { bot } from './bot';
import { chain } from './chain';
import { custody } from './custody';
import { doctor } from './doctor';
import { explain } from './explain';
import { fakeTelegram } from './fake-telegram';
import { identity } from './identity';
import { identityKey } from './identity-key';
import { importing } from './import';
import { installation } from './installation';
import { invitation } from './invitation';
import { job } from './job';
import { keys } from './keys';
import { listing } from './listing';
import { migrate } from './migrate';
import { principal } from './principal';
import { rapidpace } from './rapidpace';
import { send } from './send';
import { session } from './session';
import { team } from './team';
import { user } from './user';
import { wallet } from './wallet';
import { webhook } from './webhook';

/** All commands of all features, in the order of the help. */
export const declarations: readonly Declaration[] = [
  application,
  bot,
  user,
  importing,
  session,
  installation,
  identity,
  identityKey,
  chain,
  job,
  keys,
  migrate,
  doctor,
  principal,
  team,
  invitation,
  listing,
  board,
  wallet,
  send,
  custody,
  webhook,
  audit,
  rapidpace,
  explain,
  fakeTelegram,
];

/** What exists with a feature only: a first word, or a first and a second. */
const ofFeatures: Readonly<Record<string, FeatureName>> = {
  import: 'imports',
  chain: 'wallets',
  team: 'teams',
  invitation: 'invitations',
  listing: 'listings',
  board: 'leaderboards',
  wallet: 'wallets',
  'wallet state': 'embedded-wallets',
  'wallet freeze': 'embedded-wallets',
  'wallet unfreeze': 'embedded-wallets',
  'wallet stop': 'embedded-wallets',
  'wallet release': 'embedded-wallets',
  send: 'embedded-wallets',
  custody: 'embedded-wallets',
  webhook: 'webhooks',
  rapidpace: 'rapidpace',
  'bot allow': 'third-party-bots',
  'bot disallow': 'third-party-bots',
  'bot list-allowed': 'third-party-bots',
};

/** With the commands of the administration API, unless the CLI has one of that name. */
export function withApi(local: readonly Declaration[]): readonly Declaration[] {
  const groups = apiGroups();
  return [
    ...groups.filter(({ name }) => !local.some((one) => one.name === name)),
    ...local.map((one) => {
      const { commands = {} } = groups.find(({ name }) => name === one.name) ?? {};
      return 'commands' in one ? { ...one, commands: { ...commands, ...one.commands } } : one;
    }),
  ];
}

/** The commands of login alone and of the features in use. @throws UseError */
export function declarationsIn(environment: NodeJS.ProcessEnv): readonly Declaration[] {
  const inUse: readonly string[] = featuresIn(environment).map(({ name }) => name);
  const exists = (...path: readonly string[]): boolean => {
    const feature = ofFeatures[path.join(' ')];
    return feature === undefined || inUse.includes(feature);
  };
  return withApi(declarations)
    .filter(({ name }) => exists(name))
    .map((declaration) =>
      'commands' in declaration
        ? {
            ...declaration,
            commands: Object.fromEntries(
              Object.entries(declaration.commands).filter(([second]) => exists(declaration.name, second)),
            ),
          }
        : declaration,
    );
}
