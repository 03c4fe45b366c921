import { formatUnits } from 'viem/utils';
import { coinDecimals } from '@countersign/wallet-acts';
import type { AssetLimit, SendLimits } from './send-limits';
import { HOUR_MS } from './spending';

/** Sentences about limits, for the person who confirms them. Amounts are in the smallest unit, those of coins also in whole coins. */
export function limitsInWords({
  chains,
  assets,
  recipients,
  firstSendDelayMs,
}: SendLimits): readonly string[] {
  return [
    chains ? `It can send on ${listed(chains, 'no chain')}.` : 'It can send on every chain.',
    ...(assets
      ? [
          'It can send only the following assets. Amounts are in the smallest unit.',
          ...assets.map(assetInWords),
        ]
      : ['It can send any amount of every asset.']),
    recipients ? `It can send to ${listed(recipients, 'no address')}.` : 'It can send to every address.',
    firstSendDelayMs === 0
      ? 'The first send to an address has no delay, unless the application sets one.'
      : `The first send to an address waits ${hoursInWords(firstSendDelayMs / HOUR_MS)}.`,
  ];
}

function hoursInWords(hours: number): string {
  return hours === 1 ? 'an hour' : `${String(hours)} hours`;
}

function assetInWords({ chain, token, perAct, perDay, launchAbove }: AssetLimit): string {
  const inWords = (amount: bigint): string =>
    token === null ? `${String(amount)} (${formatUnits(amount, coinDecimals(chain))} coins)` : String(amount);
  const parts = [
    perAct === null ? 'any amount in one send' : `at most ${inWords(perAct)} in one send`,
    perDay === null ? 'any amount in 24 hours' : `at most ${inWords(perDay)} in 24 hours`,
    launchAbove === null
      ? 'never with an extra confirmation'
      : `with an extra confirmation above ${inWords(launchAbove)}`,
  ];
  return `${token ?? 'The coin'} on ${chain}: ${parts.join(', ')}.`;
}

function listed(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.join(', ');
}
