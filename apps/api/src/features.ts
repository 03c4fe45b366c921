import type { Type } from '@nestjs/common';
import type { ProblemShape } from '@countersign/http';
import type { DefiningModule } from './definitions';

/** A part of the product that can be left out, with its words, tables, routes, jobs and commands. */
interface Feature {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly load: () => Promise<readonly DefiningModule[]>;
  /** The error format, if the feature serves clients of another service. */
  readonly errors?: () => Promise<ProblemShape>;
}

/** The names are relative, because Nest's build does not change `import()`. */
const libs = {
  auth: () => import('../../../libs/identity/auth/src/index.js'),
  chains: () => import('../../../libs/wallets/chains/src/index.js'),
  console: () => import('../../../libs/platform/console/src/index.js'),
  embeddedWallets: () => import('../../../libs/wallets/embedded-wallets/src/index.js'),
  imports: () => import('../../../libs/identity/imports/src/index.js'),
  invitations: () => import('../../../libs/community/invitations/src/index.js'),
  leaderboards: () => import('../../../libs/community/leaderboards/src/index.js'),
  linkedWallets: () => import('../../../libs/wallets/linked-wallets/src/index.js'),
  listings: () => import('../../../libs/community/listings/src/index.js'),
  metapro: () => import('../../../libs/doors/metapro/src/index.js'),
  openid: () => import('../../../libs/identity/openid/src/index.js'),
  profiles: () => import('../../../libs/identity/profiles/src/index.js'),
  rapidpace: () => import('../../../libs/doors/rapidpace-door/src/index.js'),
  referrals: () => import('../../../libs/community/referrals/src/index.js'),
  sending: () => import('../../../libs/wallets/sending/src/index.js'),
  teams: () => import('../../../libs/community/teams/src/index.js'),
  walletReading: () => import('../../../libs/wallets/wallet-reading/src/index.js'),
  webhooks: () => import('../../../libs/delivery/webhooks/src/index.js'),
  xellar: () => import('../../../libs/doors/xellar/src/index.js'),
};

/** A feature stands after the features that it needs. Its tables have its name in the migrations of the database. */
export const features = [
  { name: 'profiles', load: async () => [(await libs.profiles()).ProfilesModule] },
  { name: 'teams', needs: ['profiles'], load: async () => [(await libs.teams()).TeamsModule] },
  { name: 'invitations', needs: ['teams'], load: async () => [(await libs.invitations()).InvitationsModule] },
  {
    name: 'listings',
    needs: ['profiles', 'teams'],
    load: async () => [(await libs.listings()).ListingsModule],
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
      (await libs.sending()).SendingModule,
    ],
  },
  { name: 'webhooks', load: async () => [(await libs.webhooks()).WebhooksModule] },
  { name: 'third-party-bots', load: async () => [await (await libs.auth()).loadThirdPartySignIn()] },
  { name: 'rapidpace', load: async () => [(await libs.rapidpace()).RapidpaceModule] },
  { name: 'imports', load: async () => [(await libs.imports()).ImportsModule] },
  { name: 'openid', load: async () => [(await libs.openid()).OpenidModule] },
  { name: 'console', load: async () => [(await libs.console()).ConsoleModule] },
  {
    name: 'metapro',
    needs: ['profiles', 'teams', 'listings', 'referrals', 'leaderboards', 'wallets'],
    load: async () => [(await libs.metapro()).MetaproModule],
    errors: async () => (await libs.metapro()).METAPRO_ERRORS,
  },
  {
    name: 'xellar',
    needs: ['wallets', 'embedded-wallets'],
    load: async () => [(await libs.xellar()).XellarModule],
    errors: async () => (await libs.xellar()).XELLAR_ERRORS,
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
    readonly modules: readonly Type[],
    /** The error formats of the APIs of other services. */
    readonly errors: readonly ProblemShape[],
  ) {}

  /** Loads the modules of the features, and takes the definitions of these and of `others` into use. */
  static async load(use: readonly string[], others: readonly object[] = []): Promise<FeaturesInUse> {
    const chosen = featuresOf(use);
    const modules: DefiningModule[] = [];
    const shapes: ProblemShape[] = [];
    for (const { load, errors } of chosen) {
      modules.push(...(await load()));
      if (errors) shapes.push(await errors());
    }
    (await import('./definitions.js')).useDefinitions([...modules, ...others]);
    const names = chosen.map(({ name }) => name);
    return new FeaturesInUse(names, modules, shapes);
  }

  get foreignPrefixes(): readonly string[] {
    return this.errors.flatMap(({ prefixes }) => prefixes);
  }
}

/** Its message is a sentence for an operator. */
export class UseError extends Error {
  override readonly name = 'UseError';
}
