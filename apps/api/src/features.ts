import type { Type } from '@nestjs/common';
import type { ProblemShape } from '@countersign/http';

/** A part of the product that can be left out: without it none of its words, tables, routes, jobs and commands exist. */
interface Feature {
  readonly name: string;
  /** The features that it is built on. */
  readonly needs?: readonly string[];
  /** Loads its libs, which register their words. Their files have relative names: Nest's build leaves `import()` as it is. */
  readonly load: () => Promise<readonly Type[]>;
  /** Of the API of another service whose clients it serves. */
  readonly errors?: () => Promise<ProblemShape>;
}

/**
 * All features, each after those that it needs. `COUNTERSIGN_USE` chooses among them. The tables of each have its name in
 * `libs/platform/database/src/migrations`.
 */
export const features = [
  {
    name: 'profiles',
    load: () => import('../../../libs/identity/profiles/src/index.js').then((lib) => [lib.ProfilesModule]),
  },
  {
    name: 'teams',
    needs: ['profiles'],
    load: () => import('../../../libs/community/teams/src/index.js').then((lib) => [lib.TeamsModule]),
  },
  {
    name: 'invitations',
    needs: ['teams'],
    load: () =>
      import('../../../libs/community/invitations/src/index.js').then((lib) => [lib.InvitationsModule]),
  },
  {
    name: 'listings',
    needs: ['profiles', 'teams'],
    load: () => import('../../../libs/community/listings/src/index.js').then((lib) => [lib.ListingsModule]),
  },
  {
    name: 'referrals',
    needs: ['profiles'],
    load: () => import('../../../libs/community/referrals/src/index.js').then((lib) => [lib.ReferralsModule]),
  },
  {
    name: 'leaderboards',
    needs: ['profiles', 'teams', 'referrals'],
    load: () =>
      import('../../../libs/community/leaderboards/src/index.js').then((lib) => [lib.LeaderboardsModule]),
  },
  {
    name: 'wallets',
    load: async () => {
      const { AdminChainsModule } = await import('../../../libs/wallets/chains/src/index.js');
      const { WalletsModule } = await import('../../../libs/wallets/linked-wallets/src/index.js');
      const { WalletReadingModule } = await import('../../../libs/wallets/wallet-reading/src/index.js');
      const { EvmIndexerModule } = await import('../../../libs/wallets/evm-indexer/src/index.js');
      const { TonHistoryModule } = await import('../../../libs/wallets/ton-history/src/index.js');
      return [AdminChainsModule, WalletsModule, WalletReadingModule, EvmIndexerModule, TonHistoryModule];
    },
  },
  {
    name: 'embedded-wallets',
    needs: ['wallets'],
    load: async () => {
      const { CustodyClientModule } = await import('../../../libs/wallets/custody-client/src/index.js');
      const { EmbeddedWalletsModule } = await import('../../../libs/wallets/embedded-wallets/src/index.js');
      const { SendingModule } = await import('../../../libs/wallets/sending/src/index.js');
      return [CustodyClientModule, EmbeddedWalletsModule, SendingModule];
    },
  },
  {
    name: 'webhooks',
    load: () => import('../../../libs/delivery/webhooks/src/index.js').then((lib) => [lib.WebhooksModule]),
  },
  {
    name: 'third-party-bots',
    load: () =>
      import('../../../libs/identity/auth/src/index.js').then((lib) => [lib.ThirdPartySignInModule]),
  },
  {
    name: 'rapidpace',
    load: () =>
      import('../../../libs/doors/rapidpace-door/src/index.js').then((lib) => [lib.RapidpaceModule]),
  },
  {
    name: 'imports',
    load: () => import('../../../libs/identity/imports/src/index.js').then((lib) => [lib.ImportsModule]),
  },
  {
    name: 'openid',
    load: () => import('../../../libs/identity/openid/src/index.js').then((lib) => [lib.OpenidModule]),
  },
  {
    name: 'console',
    load: () => import('../../../libs/platform/console/src/index.js').then((lib) => [lib.ConsoleModule]),
  },
  {
    name: 'metapro',
    needs: ['profiles', 'teams', 'listings', 'referrals', 'leaderboards', 'wallets'],
    load: () => import('../../../libs/doors/metapro/src/index.js').then((lib) => [lib.MetaproModule]),
    errors: () => import('../../../libs/doors/metapro/src/index.js').then((lib) => lib.METAPRO_ERRORS),
  },
  {
    name: 'xellar',
    needs: ['wallets', 'embedded-wallets'],
    load: () => import('../../../libs/doors/xellar/src/index.js').then((lib) => [lib.XellarModule]),
    errors: () => import('../../../libs/doors/xellar/src/index.js').then((lib) => lib.XELLAR_ERRORS),
  },
] as const satisfies readonly Feature[];

export type FeatureName = (typeof features)[number]['name'];

const ALL = 'all';
const NONE = 'none';

/** `COUNTERSIGN_USE`: `all`, `none`, or the names of features. @throws UseError */
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

/** Without what the configuration reads: for help, and for migrations. @throws UseError */
export function featuresIn({ COUNTERSIGN_USE }: NodeJS.ProcessEnv): readonly Feature[] {
  return featuresOf((COUNTERSIGN_USE || ALL).split(',').map((name) => name.trim()));
}

export class FeaturesInUse {
  private constructor(
    readonly names: readonly string[],
    readonly modules: readonly Type[],
    /** Of the APIs of other services. */
    readonly errors: readonly ProblemShape[],
  ) {}

  /** @throws UseError */
  static async load(use: readonly string[]): Promise<FeaturesInUse> {
    const chosen = featuresOf(use);
    const modules: Type[] = [];
    const shapes: ProblemShape[] = [];
    for (const { load, errors } of chosen) {
      modules.push(...(await load()));
      if (errors) shapes.push(await errors());
    }
    const names = chosen.map(({ name }) => name);
    return new FeaturesInUse(names, modules, shapes);
  }

  get foreignPrefixes(): readonly string[] {
    return this.errors.flatMap(({ prefixes }) => prefixes);
  }
}

/** A sentence for an operator. */
export class UseError extends Error {
  override readonly name = 'UseError';
}
