import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';

describeWithAnvil('anvil', () => {
  const anvil = useAnvil({ chainId: 4242 });

  it('has the chain id that is asked for', async () => {
    expect(await anvil.client.getChainId()).toBe(4242);
  });

  it.each<[string, unknown[]]>([
    ['TestErc20', ['Test Token', 'TST', 6]],
    ['TestErc721', []],
    ['TestErc1155', []],
    ['HostileToken', ['Claim at example.invalid', 'USDC']],
    ['OldToken', []],
    ['Forwarder', []],
    ['OwnedWallet', [anvilAccount(1).address]],
    ['WalletFactory', []],
    ['AwkwardWallet', [0]],
    ['PlainDelegate', []],
  ])('deploys %s', async (name, args) => {
    const { address } = await anvil.deploy(name, args);

    expect(await anvil.client.getCode({ address })).toMatch(/^0x[0-9a-f]{100}/);
  });

  it('rejects a call that is reverted, of its own accounts and of others', async () => {
    const art = await anvil.deploy('TestErc721');
    const { address } = anvilAccount(1);
    await anvil.write(art, 'mint', [address, 1n]);
    const stranger = privateKeyToAccount(generatePrivateKey());
    await anvil.pay(stranger.address, 10n ** 18n);

    for (const from of [anvilAccount(2), stranger])
      await expect(anvil.write(art, 'transferFrom', [address, from.address, 1n], { from })).rejects.toThrow(
        'was reverted',
      );
  });

  it('forgets the transfers of blocks that are replaced', async () => {
    const token = await anvil.deploy('TestErc20', ['Test Token', 'TST', 6]);
    const { address } = anvilAccount(2);
    const { blockNumber, blockHash } = await anvil.write(token, 'mint', [address, 5n]);
    expect(await anvil.read(token, 'balanceOf', [address])).toBe(5n);

    await anvil.reorg(1);

    const block = await anvil.client.getBlock({ blockNumber });
    expect(block.hash).not.toBe(blockHash);
    expect(await anvil.read(token, 'balanceOf', [address])).toBe(0n);
  });
});
