import { FundingWallets } from '@countersign/embedded-wallets';
import { useAnvil } from './anvil';
import { anEmbeddedWallet, aWalletApplication, useCustody } from './embedded-wallets';
import { useFakeNode } from './fake-node';
import { CHAIN, ETHER, FRIEND, look, send, sendingOn, type SendBody } from './sends';
import type { Demo, TestApp } from './test-app';
import { useFixture } from './use-fixture';
import { useTestApp } from './use-test-app';

export type GasBody = SendBody & { readonly gas: string | null };
export type Holder = Awaited<ReturnType<typeof anEmbeddedWallet>>;

/** What the funding wallet pays at most on the chain of an anvil. */
export const GAS = {
  perSend: String(3n * 10n ** 15n),
  perWalletPerDay: String(5n * 10n ** 15n),
  perHour: String(10n ** 19n),
};

export const listed = (token: string | null, chain = CHAIN) => ({
  ...{ chain, token, perAct: null, perDay: null, launchAbove: null },
});

/** An application in which fees of listed tokens are paid. */
export function anApplicationWithGas(
  app: TestApp,
  tokens: readonly string[],
  { sends = {}, settings = {}, chain = CHAIN, perDay = 10n ** 19n } = {},
): Promise<Demo> {
  const assets = [listed(null, chain), ...tokens.map((token) => listed(token, chain))];
  const gasPerDay = [`${chain}/coin/${perDay}`];
  const more = { sends: { firstSendDelayHours: 0, assets, gasPerDay, ...sends } };
  return aWalletApplication(app, { acts: ['send', 'export'], ...settings }, { more });
}

export async function aFundingWallet(app: TestApp, kind: 'evm' | 'ton' = 'evm') {
  const { wallet, address } = await app.nest
    .get(FundingWallets, { strict: false })
    .create({ kind, environment: 'production' });
  return { walletId: wallet.id, userId: wallet.userId, address };
}

/** An anvil with a token, and an application whose funding wallet pays for sends of the token. */
export function useGas() {
  const anvil = useAnvil();
  const nodes = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)] as const;
  const custody = useCustody();
  const app = useTestApp(() =>
    sendingOn(
      custody,
      nodes.map(({ url }) => url),
      { gas: GAS },
    ),
  );
  const token = useFixture(() => anvil.deploy('TestErc20', ['Coin', 'COIN', 18]));
  const funding = useFixture(() => aFundingWallet(app));
  const game = useFixture(() => anApplicationWithGas(app, [token.address]));
  const setBalance = (address: string, coins: bigint) =>
    anvil.request('anvil_setBalance', [address, `0x${coins.toString(16)}`]);
  const setMining = (isOn: boolean) => anvil.request('evm_setAutomine', [isOn]);

  beforeEach(() => setBalance(funding.address, 100n * ETHER));
  afterEach(async () => {
    await setMining(true);
    await finish();
  });

  /** All that is sent is final. */
  async function finish(): Promise<void> {
    await anvil.mine(70);
    // A look is at fifty.
    for (let round = 0; round < 3; round += 1) await look(app);
  }

  /** A person with tokens and no coin. */
  async function withTokens(demo: Demo = game): Promise<Holder> {
    const holder = await anEmbeddedWallet(app, demo);
    await anvil.write(token, 'mint', [holder.wallet.address, 100n]);
    return holder;
  }

  const tokens = (amount = 1, contract: string = token.address) => ({
    ...{ kind: 'token', token: contract, to: FRIEND, amount: String(amount) },
  });
  const wait = async ({ session, wallet }: Holder) => (await send(session, wallet, tokens())) as GasBody;

  return {
    ...{ anvil, nodes, app, token, funding, game },
    ...{ setBalance, setMining, finish, withTokens, tokens, wait },
  };
}
