import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { Address } from 'viem';
import type request from 'supertest';
import { aPerson, type Person } from '../factories';
import { describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { indexerOf, useFakeIndexer } from '../support/fake-indexer';
import { useFakeNode } from '../support/fake-node';
import { ANVIL_CHAIN, chainsOf } from '../support/followed-wallets';
import { credentialsOf, expectRefused, MetaproClient, type MetaproLogin } from '../support/metapro-client';
import { linkedWallet } from '../support/metapro-people';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

interface Listed {
  readonly count: number;
  readonly results: readonly {
    readonly contractAddress: string;
    readonly standard: string;
    readonly event: string;
    readonly token: { readonly _tokenId: number | string; readonly _quantity: number | string };
    readonly _tokenId: number | string;
  }[];
  readonly incompleteChains: readonly string[];
}

describeWithAnvil('the collectibles of a wallet, for clients of Metapro', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1'] });
  const node = useFakeNode(() => anvil.url);
  const indexer = useFakeIndexer(anvil);
  const app = useTestApp(() => ({
    environment: {
      CHAINS: chainsOf([node.url], { mayNameAddresses: true, indexer: indexerOf(indexer) }),
    },
  }));
  const project = useApplication(app, {
    origins: [SITE],
    settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
  });
  const client = new MetaproClient(app);
  let cards: Deployed;
  let items: Deployed;

  beforeAll(async () => {
    cards = await anvil.deploy('TestErc721');
    items = await anvil.deploy('TestErc1155');
  });

  /** Signed in by a wallet that has three collectibles, and sent one away. */
  async function anOwner() {
    const account = privateKeyToAccount(generatePrivateKey());
    const key = generatePrivateKey();
    const login = await client.walletLogin(key, { projectId: project.applicationId, rulesChecked: true });
    const owner = privateKeyToAccount(key);
    const wallet = owner.address.toLowerCase() as Address;
    await anvil.pay(wallet, 10n ** 18n);
    await anvil.write(cards, 'mint', [wallet, BigInt(Date.now())]);
    await anvil.write(items, 'mintBatch', [wallet, [3n, 2n ** 60n], [10n, 20n]]);
    await anvil.write(items, 'safeTransferFrom', [wallet, account.address, 3n, 4n, '0x'], { from: owner });
    await anvil.mine(4);
    return { wallet, other: account.address.toLowerCase(), who: credentialsOf(login.body as MetaproLogin) };
  }

  const logIn = async (person: Person) => credentialsOf(await client.logIn(project, person));

  const listOf = async (sent: request.Test): Promise<Listed> => {
    const { status, body } = await sent;
    expect({ status, body: body as unknown }).toMatchObject({ status: 200 });
    return body as Listed;
  };

  it('are listed with what is known of them, and filtered by what clients send', async () => {
    const { wallet, who } = await anOwner();
    const nfts = (query?: string) =>
      listOf(client.nfts(wallet.toUpperCase().replace('0X', '0x'), who, query));
    const [card, item] = [cards.address.toLowerCase(), items.address.toLowerCase()];

    const { count, results, incompleteChains } = await nfts();
    expect({ count, incompleteChains }).toEqual({ count: 3, incompleteChains: [] });
    expect(results.find(({ token }) => token._tokenId === 3)).toEqual({
      ...{ address: item, contractAddress: item, standard: 'erc1155', symbol: null, network: null },
      ...{ chainId: 31337, isFinal: false },
      token: { _tokenId: 3, _quantity: 6, address: item, owner: wallet },
    });
    const ids = async (query: string) => (await nfts(query)).results.map(({ token }) => token._tokenId);
    const huge = String(2n ** 60n);
    expect(await ids('sort[_tokenId]=asc&standard=erc1155')).toEqual([3, huge]);
    expect(await ids('sort[token._tokenId]=desc&standard=erc1155')).toEqual([huge, 3]);
    expect(await ids(`sort[_quantity]=desc&tokens[${item}]=3&tokens[${item}]=${huge}`)).toEqual([huge, 3]);
    expect(await ids(`tokens[${item.toUpperCase().replace('0X', '0x')}]=003`)).toEqual([3]);
    expect(await ids(`skipTokens[${item}]=3&contractAddress=${item}`)).toEqual([huge]);
    expect(await ids(`contractAddress=${card}&limit=99999`)).toHaveLength(1);
    expect(await ids('skip=3')).toEqual([]);
    expect(await ids('networks=polygon')).toEqual([]);
    for (const query of [
      'sort=asc',
      'sort[_tokenId]=up',
      'sort[nothing]=asc',
      `tokens[${item}]=-1`,
      'tokens[x]=1',
      'standard=erc20',
      'network=__proto__',
    ])
      expectRefused(await client.nfts(wallet, who, query), 400, 'request.invalid');
  });

  it('have their transfers as events, newest first', async () => {
    const { wallet, other, who } = await anOwner();
    const events = (query?: string) => listOf(client.nftEvents(wallet, who, query));

    const { count, results } = await events();
    expect(count).toBe(4);
    const item = items.address.toLowerCase();
    expect(results[0]).toMatchObject({
      ...{ event: 'TransferSingle', address: item, from: wallet, to: other, _tokenId: 3, _quantity: 4 },
      ...{ chainId: 31337, network: null, isFinal: false },
    });
    expect((await events('event=Minted')).count).toBe(3);
    expect((await events('event=TransferBatch')).count).toBe(0);
    expect((await events('_tokenId=3')).results.map(({ event }) => event)).toEqual([
      'TransferSingle',
      'Minted',
    ]);
    expect((await events('_tokenId=3&createdAt=asc')).results.map(({ event }) => event)).toEqual([
      'Minted',
      'TransferSingle',
    ]);
    expect((await events('_quantity=4&limit=1&skip=0')).count).toBe(1);
    for (const query of ['event=x', 'createdAt=up', 'transactionHash=0x', 'blockNumber=-1'])
      expectRefused(await client.nftEvents(wallet, who, query), 400, 'request.invalid');
  });

  it('of a wallet that a person connected by this API are listed for the account alone', async () => {
    const [key, person] = [generatePrivateKey(), aPerson()];
    const wallet = privateKeyToAccount(key).address.toLowerCase() as Address;
    await anvil.write(items, 'mintBatch', [wallet, [3n], [10n]]);
    await anvil.mine(4);
    const [who = {}, stranger = {}] = await Promise.all([person, aPerson()].map(logIn));
    expectRefused(await client.nfts(wallet, who), 404, 'wallet.not_found');
    expect((await client.newAddress(who, key)).status).toBe(200);
    const login = await client.walletLogin(key, { projectId: project.applicationId, rulesChecked: true });

    for (const session of [who, credentialsOf(login.body as MetaproLogin)]) {
      expect((await listOf(client.nfts(wallet, session))).results).toMatchObject([
        { token: { _tokenId: 3 } },
      ]);
      expect((await listOf(client.nftEvents(wallet, session))).count).toBe(1);
    }
    expectRefused(await client.nfts(wallet, stranger), 404, 'wallet.not_found');
    await linkedWallet(app, project, aPerson(), key);
    expectRefused(await client.nfts(wallet, who), 404, 'wallet.not_found');
  });

  it('are those of the own account only', async () => {
    const { wallet } = await anOwner();
    const { who, other } = await anOwner();

    for (const address of [wallet, other]) {
      expectRefused(await client.nfts(address, who), 404, 'wallet.not_found');
      expectRefused(await client.nftEvents(address, who), 404, 'wallet.not_found');
    }
    expectRefused(await client.nfts('x', who), 400, 'wallet.address_invalid');
    expectRefused(await client.nfts(wallet, {}), 401, 'metapro.token_invalid');
    expectRefused(await client.nfts(wallet, { wallet }), 401, 'metapro.token_invalid');
  });

  it('are not said to be none where the chain could not be read', async () => {
    const person = aPerson();
    const wallet = await linkedWallet(app, project, person);
    const who = await logIn(person);
    expect(await listOf(client.nfts(wallet, who))).toEqual({ count: 0, results: [], incompleteChains: [] });
    indexer.behind = '2';
    const { count, incompleteChains } = await listOf(client.nftEvents(wallet, who));
    expect({ count, incompleteChains }).toEqual({ count: 0, incompleteChains: [ANVIL_CHAIN] });
    indexer.goAway();
    expectRefused(await client.nfts(wallet, who), 503, 'chain.unavailable');
    indexer.recover();
  });
});
