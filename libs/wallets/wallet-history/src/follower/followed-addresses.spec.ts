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

    expect(addresses.allOn(chain).toSorted()).toEqual(['one', 'other']);
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

    expect(addresses.allOn(chain)).toEqual(['one']);
  });

  it('name those that are new since a version, unless too many are', async () => {
    const linked = new Set(['one']);
    let listener: WalletsListener | undefined;
    const followed: Partial<FollowedWallets> = {
      listen: (given) => {
        listener = given;
      },
      find: (_, walletIds) => Promise.resolve(walletIds.filter((id) => linked.has(id)).map(digestOf)),
      async *all() {
        yield await Promise.resolve([...linked].map(digestOf));
      },
    };
    const database = {
      read: (work: (manager: never) => unknown) => work({} as never),
    } as unknown as Database;
    const addresses = new FollowedAddresses(followed as FollowedWallets, database);
    const change = async (...walletIds: string[]) => {
      for (const walletId of walletIds) listener?.onChanged(walletId);
      await addresses.refresh();
    };
    await addresses.refresh(true);
    const loaded = addresses.version;

    linked.add('two');
    await change('two');
    const between = addresses.version;
    linked.delete('one');
    linked.add('three');
    await change('one', 'two', 'three');

    expect(addresses.addedOn(chain, loaded)).toEqual(['two', 'three']);
    expect(addresses.addedOn(chain, between)).toEqual(['three']);
    expect(addresses.addedOn(chain, addresses.version)).toEqual([]);
    expect(addresses.allOn(chain)).toEqual(['two', 'three']);

    const many = Array.from({ length: 20_001 }, (_, index) => `new ${index}`);
    for (const walletId of many) linked.add(walletId);
    await change(...many);

    expect(addresses.addedOn(chain, between)).toBeNull();
    expect(addresses.addedOn(chain, addresses.version - 1)).toEqual(['new 20000']);
  });
});
