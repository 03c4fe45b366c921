import type { Type } from '@nestjs/common';
import type { ProblemShape } from '@countersign/http';

/** What a feature brings. */
interface LoadedFeature {
  readonly modules: readonly Type[];
  /** The API of another service whose clients it serves. */
  readonly errors?: ProblemShape;
}

/** A part of the product that can be left out: without it none of its words, tables, routes, jobs and commands exist. */
interface Feature<Loaded extends LoadedFeature = LoadedFeature> {
  readonly name: string;
  /** The features that it is built on. */
  readonly needs: readonly string[];
  /** Loads its libs, which register their words. Their files have relative names: Nest's build leaves `import()` as it is. */
  readonly load: () => Promise<Loaded>;
}

/**
 * All features, each after those that it needs. `COUNTERSIGN_USE` chooses among them. The tables of each have its name in
 * `libs/platform/database/src/migrations`.
 */
export const features = [
  {
    name: 'profiles',
    needs: [],
    load: async () => {
      const { ProfilesModule } = await import('../../../libs/identity/profiles/src/index.js');
      return { modules: [ProfilesModule] };
    },
  },
  {
    name: 'teams',
    needs: ['profiles'],
    load: async () => {
      const teams = await import('../../../libs/community/teams/src/index.js');
      return { modules: [teams.TeamsModule] };
    },
  },
  {
    name: 'invitations',
    needs: ['teams'],
    load: async () => {
      const invitations = await import('../../../libs/community/invitations/src/index.js');
      return { modules: [invitations.InvitationsModule] };
    },
  },
  {
    name: 'listings',
    needs: ['profiles', 'teams'],
    load: async () => {
      const listings = await import('../../../libs/community/listings/src/index.js');
      return { modules: [listings.ListingsModule] };
    },
  },
  {
    name: 'referrals',
    needs: ['profiles'],
    load: async () => {
      const referrals = await import('../../../libs/community/referrals/src/index.js');
      return { modules: [referrals.ReferralsModule] };
    },
  },
  {
    name: 'leaderboards',
    needs: ['profiles', 'teams', 'referrals'],
    load: async () => {
      const leaderboards = await import('../../../libs/community/leaderboards/src/index.js');
      return { modules: [leaderboards.LeaderboardsModule] };
    },
  },
  {
    name: 'wallets',
    needs: [],
    load: async () => {
      const chains = await import('../../../libs/wallets/chains/src/index.js');
      const wallets = await import('../../../libs/wallets/linked-wallets/src/index.js');
      const { WalletReadingModule } = await import('../../../libs/wallets/wallet-reading/src/index.js');
      const { EvmIndexerModule } = await import('../../../libs/wallets/evm-indexer/src/index.js');
      const { TonHistoryModule } = await import('../../../libs/wallets/ton-history/src/index.js');
      return {
        modules: [
          chains.AdminChainsModule,
          wallets.WalletsModule,
          WalletReadingModule,
          EvmIndexerModule,
          TonHistoryModule,
        ],
      };
    },
  },
  {
    name: 'embedded-wallets',
    needs: ['wallets'],
    load: async () => {
      const custody = await import('../../../libs/wallets/custody-client/src/index.js');
      const embeddedWallets = await import('../../../libs/wallets/embedded-wallets/src/index.js');
      const sending = await import('../../../libs/wallets/sending/src/index.js');
      return {
        modules: [custody.CustodyClientModule, embeddedWallets.EmbeddedWalletsModule, sending.SendingModule],
      };
    },
  },
  {
    name: 'webhooks',
    needs: [],
    load: async () => {
      const webhooks = await import('../../../libs/delivery/webhooks/src/index.js');
      return { modules: [webhooks.WebhooksModule] };
    },
  },
  {
    name: 'third-party-bots',
    needs: [],
    load: async () => {
      const { ThirdPartySignInModule } = await import('../../../libs/identity/auth/src/index.js');
      return { modules: [ThirdPartySignInModule] };
    },
  },
  {
    name: 'rapidpace',
    needs: [],
    load: async () => {
      const { RapidpaceModule } = await import('../../../libs/doors/rapidpace-door/src/index.js');
      return { modules: [RapidpaceModule] };
    },
  },
  {
    name: 'imports',
    needs: [],
    load: async () => {
      const imports = await import('../../../libs/identity/imports/src/index.js');
      return { modules: [imports.ImportsModule] };
    },
  },
  {
    name: 'console',
    needs: [],
    load: async () => {
      const { ConsoleModule } = await import('../../../libs/platform/console/src/index.js');
      return { modules: [ConsoleModule] };
    },
  },
  {
    name: 'metapro',
    needs: ['profiles', 'teams', 'listings', 'referrals', 'leaderboards', 'wallets'],
    load: async () => {
      const metapro = await import('../../../libs/doors/metapro/src/index.js');
      return { modules: [metapro.MetaproModule], errors: metapro.METAPRO_ERRORS };
    },
  },
  {
    name: 'xellar',
    needs: ['wallets', 'embedded-wallets'],
    load: async () => {
      const xellar = await import('../../../libs/doors/xellar/src/index.js');
      return { modules: [xellar.XellarModule], errors: xellar.XELLAR_ERRORS };
    },
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
  const chosen = features.filter(({ name }) => use.includes(name));
  const absent = chosen.flatMap(({ needs }) => needs).filter((name) => !use.includes(name));
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

/** The features of an environment, loaded. */
export class FeaturesInUse {
  private constructor(
    readonly names: readonly string[],
    readonly loaded: readonly LoadedFeature[],
  ) {}

  /** @throws UseError */
  static async load(use: readonly string[]): Promise<FeaturesInUse> {
    const chosen = featuresOf(use);
    const loaded: LoadedFeature[] = [];
    for (const { load } of chosen) loaded.push(await load());
    return new FeaturesInUse(
      chosen.map(({ name }) => name),
      loaded,
    );
  }

  get modules(): readonly Type[] {
    return this.loaded.flatMap(({ modules }) => modules);
  }

  /** Of the APIs of other services. */
  get errors(): readonly ProblemShape[] {
    return this.loaded.flatMap(({ errors }) => errors ?? []);
  }

  get foreignPrefixes(): readonly string[] {
    return this.errors.flatMap(({ prefixes }) => prefixes);
  }
}

/** A sentence for an operator. */
export class UseError extends Error {
  override readonly name = 'UseError';
}
