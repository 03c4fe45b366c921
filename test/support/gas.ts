import { FundingWallets } from '@countersign/embedded-wallets';
import { aWalletApplication } from './embedded-wallets';
import { CHAIN } from './sends';
import type { Demo, TestApp } from './test-app';

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
