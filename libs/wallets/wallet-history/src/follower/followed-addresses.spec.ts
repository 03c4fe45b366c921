import type { Chain } from '@countersign/chains';
import type { Database } from '@countersign/database';
import type { FollowedDigest, FollowedWallets, WalletsListener } from '@countersign/linked-wallets';
import { FollowedAddresses } from './followed-addresses';

const chain = { id: 'eip155:1', environment: 'production' } as Chain;

function digestOf(walletId: string): FollowedDigest {
  return {
    walletId,
    keyId: 'k1',
    digest: Buffer.from(walletId),
    provider: 'ethereum',
    environment: 'production',
    chainId: null,
    linkedAt: new Date(0),
  };
}

describe('the followed addresses', () => {
  it('keep a wallet that is linked while another follower reads all of them', async () => {
    const linked = new Set(['one']);
    let listener: WalletsListener | undefined;
    let read: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    const followed: Partial<FollowedWallets> = {
      listen: (given) => {
        listener = given;
      },
      find: (_, walletIds) => Promise.resolve(walletIds.filter((id) => linked.has(id)).map(digestOf)),
      async *all() {
        const page = [...linked].map(digestOf);
        await reading;
        yield page;
      },
    };
    const database = {
      read: (work: (manager: never) => unknown) => work({} as never),
    } as unknown as Database;
    const addresses = new FollowedAddresses(followed as FollowedWallets, database);

    const first = addresses.refresh(true);
    await new Promise(setImmediate);
    linked.add('other');
    listener?.onChanged('other');
    const second = addresses.refresh();
    await new Promise(setImmediate);
    read();
    await Promise.all([first, second]);
    await addresses.refresh();

    expect(addresses.on(chain).toSorted()).toEqual(['one', 'other']);
  });

  it('are read again after a failure', async () => {
    let failures = 1;
    const followed: Partial<FollowedWallets> = {
      listen: () => undefined,
      async *all() {
        if (failures-- > 0) throw new Error('the database is away');
        yield [digestOf('one')];
      },
    };
    const database = {
      read: (work: (manager: never) => unknown) => work({} as never),
    } as unknown as Database;
    const addresses = new FollowedAddresses(followed as FollowedWallets, database);

    await expect(addresses.refresh()).rejects.toThrow('the database is away');
    await addresses.refresh();

    expect(addresses.on(chain)).toEqual(['one']);
  });
});
