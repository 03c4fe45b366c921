import type { ProblemShape } from '@countersign/http';
import { leaveOutErrors } from '@countersign/text';
import type { DefiningModule } from './definitions';

/** A part of the product that can be left out, with its words, tables, routes, jobs and commands. */
interface Feature {
  readonly name: string;
  readonly needs?: readonly string[];
  /** The first word of its error codes, if other features load its lib too. */
  readonly errorPrefix?: string;
  readonly load: () => Promise<readonly DefiningModule[]>;
}

/** The names are relative, because Nest's build does not change `import()`. */
const libs = {
  account: () => import('../../../libs/identity/account/src/index.js'),
  auth: () => import('../../../libs/identity/auth/src/index.js'),
  chains: () => import('../../../libs/wallets/chains/src/index.js'),
  console: () => import('../../../libs/platform/console/src/index.js'),
  embeddedWallets: () => import('../../../libs/wallets/embedded-wallets/src/index.js'),
  imports: () => import('../../../libs/identity/imports/src/index.js'),
  leaderboards: () => import('../../../libs/community/leaderboards/src/index.js'),
  linkedWallets: () => import('../../../libs/wallets/linked-wallets/src/index.js'),
  openid: () => import('../../../libs/identity/openid/src/index.js'),
  partnerApis: () => import('../../../libs/doors/partner-apis/src/index.js'),
  referrals: () => import('../../../libs/community/referrals/src/index.js'),
  teams: () => import('../../../libs/community/teams/src/index.js'),
  walletReading: () => import('../../../libs/wallets/wallet-reading/src/index.js'),
  webhooks: () => import('../../../libs/delivery/webhooks/src/index.js'),
};

/** A feature stands after the features that it needs. Its tables have its name in the migrations of the database. */
export const features = [
  { name: 'profiles', errorPrefix: 'profile', load: async () => [(await libs.account()).ProfilesModule] },
  { name: 'teams', needs: ['profiles'], load: async () => [(await libs.teams()).TeamsModule] },
  {
    name: 'invitations',
    needs: ['teams'],
    errorPrefix: 'invitation',
    load: async () => [(await libs.teams()).InvitationsModule],
  },
  {
    name: 'listings',
    needs: ['profiles', 'teams'],
    errorPrefix: 'listing',
    load: async () => [(await libs.teams()).ListingsModule],
  },
  { name: 'referrals', needs: ['profiles'], load: async () => [(await libs.referrals()).ReferralsModule] },
  {
    name: 'leaderboards',
    needs: ['profiles', 'teams', 'referrals'],
    load: async () => [(await libs.leaderboards()).LeaderboardsModule],
  },
  {
    name: 'wallets',
    load: async () => [
      (await libs.chains()).AdminChainsModule,
      (await libs.linkedWallets()).WalletsModule,
      (await libs.walletReading()).WalletReadingModule,
    ],
  },
  {
    name: 'embedded-wallets',
    needs: ['wallets'],
    load: async () => [
      (await libs.embeddedWallets()).CustodyClientModule,
      (await libs.embeddedWallets()).EmbeddedWalletsModule,
      (await libs.embeddedWallets()).SendingModule,
    ],
  },
  { name: 'webhooks', load: async () => [(await libs.webhooks()).WebhooksModule] },
  { name: 'third-party-bots', load: async () => [await (await libs.auth()).loadThirdPartySignIn()] },
  {
    name: 'rapidpace',
    errorPrefix: 'rapidpace',
    load: async () => [(await libs.partnerApis()).RapidpaceModule],
  },
  { name: 'imports', load: async () => [(await libs.imports()).ImportsModule] },
  { name: 'openid', load: async () => [(await libs.openid()).OpenidModule] },
  { name: 'console', load: async () => [(await libs.console()).ConsoleModule] },
  {
    name: 'metapro',
    needs: ['profiles', 'teams', 'listings', 'referrals', 'leaderboards', 'wallets'],
    errorPrefix: 'metapro',
    load: async () => [(await libs.partnerApis()).MetaproModule],
  },
  {
    name: 'xellar',
    needs: ['wallets', 'embedded-wallets'],
    errorPrefix: 'xellar',
    load: async () => [(await libs.partnerApis()).XellarModule],
  },
] as const satisfies readonly Feature[];

export type FeatureName = (typeof features)[number]['name'];

const ALL = 'all';
const NONE = 'none';

/** `COUNTERSIGN_USE`: `all`, `none`, or the names of features. */
export function featuresOf(use: readonly string[]): readonly Feature[] {
  const names: readonly string[] = features.map(({ name }) => name);
  if (use.join() === ALL) return features;
  if (use.join() === NONE) return [];
  const unknown = use.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UseError(
      `COUNTERSIGN_USE names a feature that does not exist: it takes ${ALL}, ${NONE}, or names among ${names.join(', ')}.`,
    );
  const chosen: readonly Feature[] = features.filter(({ name }) => use.includes(name));
  const absent = chosen.flatMap(({ needs = [] }) => needs).filter((name) => !use.includes(name));
  if (absent.length > 0)
    throw new UseError(
      `COUNTERSIGN_USE lacks features that those it names need: add ${[...new Set(absent)].join(', ')}.`,
    );
  return chosen;
}

/** Needs no configuration, so help and migrations can call it. */
export function featuresIn({ COUNTERSIGN_USE }: NodeJS.ProcessEnv): readonly Feature[] {
  return featuresOf((COUNTERSIGN_USE || ALL).split(',').map((name) => name.trim()));
}

export class FeaturesInUse {
  private constructor(
    readonly names: readonly string[],
    readonly modules: readonly DefiningModule[],
  ) {}

  /** The error formats of the APIs of other services. */
  get errors(): readonly ProblemShape[] {
    return this.modules.flatMap(({ errors = [] }) => errors);
  }

  /** Loads the modules of the features, and takes the definitions of these and of `others` into use. */
  static async load(use: readonly string[], others: readonly object[] = []): Promise<FeaturesInUse> {
    const chosen = featuresOf(use);
    const modules: DefiningModule[] = [];
    for (const { load } of chosen) modules.push(...(await load()));
    (await import('./definitions.js')).useDefinitions([...modules, ...others]);
    const all: readonly Feature[] = features;
    leaveOutErrors(all.flatMap((feature) => (chosen.includes(feature) ? [] : (feature.errorPrefix ?? []))));
    const names = chosen.map(({ name }) => name);
    return new FeaturesInUse(names, modules);
  }

  get foreignPrefixes(): readonly string[] {
    return this.errors.flatMap(({ prefixes }) => prefixes);
  }
}

/** Its message is a sentence for an operator. */
export class UseError extends Error {
  override readonly name = 'UseError';
}
