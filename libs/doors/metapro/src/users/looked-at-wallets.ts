import { Injectable } from '@nestjs/common';
import { deriveMacKey, isMacOf, lengthPrefixed, macOf, type MacKey } from '@countersign/crypto';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import type { EvmAddress } from '@countersign/wallet-proofs';
import { identityOf } from '../sign-in/wallet-headers';
import { MAX_LOOKED_AT, PREFERENCE } from './user-object';

const CONTEXT = 'countersign/metapro-wallet/v1';

type Owner = Pick<Principal, 'userId' | 'applicationId'>;

/** A wallet as it is stored, with the code that says that it was proven here. */
interface StoredWallet {
  readonly wallet: string;
  readonly mac: string;
}

/**
 * Wallets that a person connected to look at: they sign in to nothing. They are among the preferences of the application, and
 * the person can change those, so each has a code under the data key of the person. A merge keeps those of the
 * account that survives.
 */
@Injectable()
export class LookedAtWallets {
  constructor(private readonly users: UsersService) {}

  /**
   * Those that were proven, of the preferences that a session sees. One that another account has linked meanwhile is not shown,
   * since its owner is known by then.
   */
  async in(owner: Owner, preferences: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
    const stored = storedIn(preferences);
    if (stored.length === 0) return [];
    const key = await this.keyOf(owner);
    const proven = stored
      .filter(({ wallet, mac }) => isMacOf(key, contentOf(owner, wallet), Buffer.from(mac, 'base64url')))
      .map(({ wallet }) => wallet);
    const owners = await this.users.findOwners(proven.map((wallet) => identityOf(wallet, owner)));
    return proven.filter((_, index) => [null, owner.userId].includes(owners[index] ?? null));
  }

  /** The preferences with one more, as a merge patch. The newest ones stay. */
  async with(
    owner: Owner,
    preferences: Readonly<Record<string, unknown>>,
    wallet: EvmAddress,
  ): Promise<Record<string, unknown>> {
    const mac = macOf(await this.keyOf(owner), contentOf(owner, wallet)).toString('base64url');
    const others = storedIn(preferences).filter((known) => known.wallet !== wallet);
    return { [PREFERENCE]: { wallets: [...others, { wallet, mac }].slice(-MAX_LOOKED_AT) } };
  }

  private async keyOf({ userId }: Owner): Promise<MacKey> {
    return deriveMacKey(await this.users.getDataKey(userId), CONTEXT);
  }
}

function contentOf({ userId, applicationId }: Owner, wallet: string): Buffer {
  return lengthPrefixed([userId, applicationId, wallet]);
}

function storedIn(preferences: Readonly<Record<string, unknown>>): readonly StoredWallet[] {
  const own = preferences[PREFERENCE];
  const list = typeof own === 'object' && own !== null ? (own as { wallets?: unknown }).wallets : null;
  if (!Array.isArray(list)) return [];
  return list.slice(0, MAX_LOOKED_AT).filter(isStored);
}

function isStored(value: unknown): value is StoredWallet {
  if (typeof value !== 'object' || value === null) return false;
  const { wallet, mac } = value as Partial<Record<keyof StoredWallet, unknown>>;
  return typeof wallet === 'string' && typeof mac === 'string';
}
