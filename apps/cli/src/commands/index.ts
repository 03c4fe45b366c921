import { features, featuresIn, type FeatureName } from '../../../api/src/features';
import { apiGroups } from '../api/api-commands';
import { singular } from '../api/command-name';
import type { Declaration, Takes } from '../declaration';
import { audit } from './audit';
import { doctor } from './doctor';
import { explain } from './explain';
import { fakeTelegram } from './fake-telegram';
import { importing } from './import';
import { keys } from './keys';
import { ledger } from './ledger';
import { login, logout } from './login';
import { migrate } from './migrate';
import { principal } from './principal';
import { custody, wallet } from './wallet';

/** The commands that work without the administration API: on the database, the key ring or nothing. */
export const declarations: readonly Declaration[] = [
  importing,
  keys,
  ledger,
  login,
  logout,
  migrate,
  doctor,
  principal,
  custody,
  wallet,
  audit,
  explain,
  fakeTelegram,
];

/** Groups, commands and options that need a feature whose name is not in theirs. `team` has that of `teams`. */
const ofFeatures: Readonly<Record<string, FeatureName>> = {
  chain: 'wallets',
  board: 'leaderboards',
  'wallet state': 'embedded-wallets',
  'wallet freeze': 'embedded-wallets',
  'wallet stop': 'embedded-wallets',
  send: 'embedded-wallets',
  custody: 'embedded-wallets',
  'explain --hmac': 'rapidpace',
  'explain --third-party': 'third-party-bots',
  'bot allow': 'third-party-bots',
  'bot disallow': 'third-party-bots',
  'bot list-allowed': 'third-party-bots',
};

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

export function declarationsIn(environment: NodeJS.ProcessEnv): readonly Declaration[] {
  const inUse: readonly string[] = featuresIn(environment).map(({ name }) => name);
  const exists = (...path: readonly string[]): boolean => {
    const words = path.at(-1)?.split('-').map(singular) ?? [];
    const feature =
      ofFeatures[path.join(' ')] ?? features.find(({ name }) => words.includes(singular(name)))?.name;
    return feature === undefined || inUse.includes(feature);
  };
  const existsWord = (word: string): boolean => exists(singular(word.split(/[._:]/, 1).join()));
  const takesIn = (takes: Takes, ...path: readonly string[]): Takes =>
    Object.fromEntries(
      Object.entries(takes)
        .filter(([name]) => exists(...path, ...name.split(' ', 1)))
        .map(([name, taken]) => [
          name,
          typeof taken === 'string' || !taken.words
            ? taken
            : { ...taken, words: taken.words.filter(existsWord) },
        ]),
    );
  return withApi(declarations)
    .filter(({ name }) => exists(name))
    .map((declaration) =>
      'commands' in declaration
        ? {
            ...declaration,
            commands: Object.fromEntries(
              Object.entries(declaration.commands)
                .filter(([second]) => exists(declaration.name, second))
                .map(([second, command]) => [
                  second,
                  { ...command, takes: takesIn(command.takes, declaration.name, second) },
                ]),
            ),
          }
        : { ...declaration, takes: takesIn(declaration.takes, declaration.name) },
    );
}
