import { Injectable } from '@nestjs/common';
import type { Application } from '@countersign/applications';
import { Database } from '@countersign/database';
import { AppError } from '@countersign/text';
import { assertAllowed, RateLimits, type LimitRule } from '@countersign/http';
import { emptyProfile, ProfilesService, toShownFields, USERNAME } from '@countersign/account';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import type { EvmAddress } from '@countersign/wallet-proofs';
import type { MetaproPublicUserResponse, MetaproPublicUsersResponse } from '../dto/user.responses';
import { metaproError } from '../metapro.errors';
import { MetaproProjects } from '../metapro-projects';
import { ListQuery, UUID } from '../protocol/list-query';
import { readWallet } from '../sign-in/metapro-sign-in.service';
import { WalletOwners } from '../sign-in/wallet-owners';
import { toPublicUser } from './user-object';
import { metaproSettings } from '../metapro.feature';

/** The limit is the native one. Without it, a caller could guess usernames. */
const USERNAMES: LimitRule = { name: 'metapro-usernames', limit: 60, window: 60 };
/** Limits the wallets that one person looks up. Otherwise a caller could turn wallets into a list of people. */
const WALLETS: LimitRule = { name: 'metapro-wallets', limit: 120, window: 60 };
export const WALLET = /^0x[0-9a-f]{40}$/i;

interface Wanted {
  readonly userId: string;
  readonly wallet: EvmAddress | null;
}

/** Shows a project's people to others. An allow-list names the public fields. */
@Injectable()
export class MetaproPeople {
  constructor(
    private readonly projects: MetaproProjects,
    private readonly owners: WalletOwners,
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly profiles: ProfilesService,
    private readonly limits: RateLimits,
  ) {}

  /** @param account an id or a wallet */
  async get(
    account: string,
    query: unknown,
    caller: Principal | undefined,
  ): Promise<MetaproPublicUserResponse> {
    const application = await this.projects.ofQuery(query);
    const wanted = UUID.test(account)
      ? [{ userId: account.toLowerCase(), wallet: null }]
      : await this.byWallets(WALLET.test(account) ? [readWallet(account)] : [], application, caller);
    const [found] = await this.shown(wanted, application);
    if (!found) throw metaproError('metapro.user_not_found');
    return found;
  }

  async list(query: unknown, caller: Principal | undefined): Promise<MetaproPublicUsersResponse> {
    const application = await this.projects.ofQuery(query);
    const read = new ListQuery(query);
    const { skip, limit } = read.slice();
    const wallets = read.list('wallets', WALLET).map(readWallet);
    const userIds = read.list('userIds', UUID).map((id) => ({ userId: id.toLowerCase(), wallet: null }));
    const wanted = [...userIds, ...(await this.byWallets(wallets, application, caller))];
    const found = await this.shown(wanted, application);
    return { count: found.length, results: found.slice(skip, skip + limit) };
  }

  async search(text: string, query: unknown): Promise<readonly MetaproPublicUserResponse[]> {
    const application = await this.projects.ofQuery(query);
    if (!USERNAME.test(text)) return [];
    try {
      const { userId } = await this.profiles.getByUsername(text, { applicationId: application.id });
      const found = await this.shown([{ userId, wallet: null }], application);
      // A name that only an application sees is not public.
      return found.filter(({ personalDetails: { username } }) => username !== undefined);
    } catch (error) {
      if (error instanceof AppError && error.code === 'user.not_found') return [];
      throw error;
    }
  }

  async isAvailable({ userId }: Principal, name: string): Promise<boolean> {
    assertAllowed(await this.limits.consume(USERNAMES, [userId]));
    return USERNAME.test(name) && this.profiles.isAvailable(name, userId);
  }

  async lookUp(
    caller: Principal,
    addresses: readonly { readonly wallet: string }[],
  ): Promise<readonly MetaproPublicUserResponse[]> {
    const application = await this.projects.get(caller.applicationId);
    const wallets = addresses.map(({ wallet }) => readWallet(wallet));
    return this.shown(await this.byWallets(wallets, application, caller), application);
  }

  /** Returns accounts only to a session of the project. */
  private async byWallets(
    wallets: readonly EvmAddress[],
    { id }: Pick<Application, 'id'>,
    caller: Principal | undefined,
  ): Promise<readonly Wanted[]> {
    if (caller?.applicationId !== id) return [];
    const found: Wanted[] = [];
    for (const wallet of new Set(wallets)) {
      assertAllowed(await this.limits.consume(WALLETS, [id, caller.userId]));
      const userId = await this.owners.ownerOf(wallet, id);
      if (userId !== null) found.push({ userId, wallet });
    }
    return found;
  }

  /** Returns the people who use the project and show something to everybody. */
  private async shown(
    wanted: readonly Wanted[],
    { id: applicationId, settings }: Pick<Application, 'id' | 'settings'>,
  ): Promise<readonly MetaproPublicUserResponse[]> {
    const wallets = new Map<string, EvmAddress[]>();
    const ids = await Promise.all(wanted.map(({ userId }) => this.users.resolveId(userId)));
    for (const [index, userId] of ids.entries()) {
      const known = wallets.get(userId) ?? [];
      const wallet = wanted[index]?.wallet ?? null;
      wallets.set(userId, wallet === null ? known : [...known, wallet]);
    }
    const userIds = [...wallets.keys()];
    const visits = userIds.map((userId) => ({ userId, applicationId }));
    const visited = await this.database.read((manager) => this.users.findVisited(manager, visits));
    const here = userIds.filter((userId) => visited.has(userId));
    const profiles = metaproSettings.of(settings).showsNames
      ? await this.openShown(here, applicationId)
      : await this.profiles.listPublic(here);
    return userIds.flatMap((userId) => {
      const shown = profiles.get(userId);
      return shown ? [toPublicUser(userId, toShownFields(shown.texts), wallets.get(userId) ?? [])] : [];
    });
  }

  /** Adds the username and the avatar that people show to the application only. */
  private async openShown(userIds: readonly string[], applicationId: string) {
    const [opened, others] = await Promise.all([
      this.profiles.openMany(userIds, { applicationId }),
      this.profiles.listPublic(userIds),
    ]);
    const merged = [...opened].map(([userId, { texts }]) => {
      const { username, avatarUrl } = texts;
      const shown = others.get(userId)?.texts ?? emptyProfile.texts;
      return [userId, { texts: { ...shown, username, avatarUrl } }] as const;
    });
    return new Map(merged.filter(([, { texts }]) => Object.values(texts).some((text) => text !== null)));
  }
}
