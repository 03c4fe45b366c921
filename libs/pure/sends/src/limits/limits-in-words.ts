import type { AssetLimit, SendLimits } from './send-limits';
import { HOUR_MS } from './spending';

/** Limits for the person who confirms them, a sentence for each that there is. Amounts are in the smallest unit. */
export function limitsInWords({
  chains,
  assets,
  recipients,
  firstSendDelayMs,
}: SendLimits): readonly string[] {
  return [
    chains ? `It sends on ${listed(chains, 'no chain')}.` : 'It sends on every chain.',
    ...(assets
      ? ['It sends only what follows, in the smallest unit.', ...assets.map(assetInWords)]
      : ['It sends any amount of everything.']),
    recipients ? `It sends to ${listed(recipients, 'nobody')}.` : 'It sends to every address.',
    firstSendDelayMs === 0
      ? 'It sends to a new address without a delay, unless the application asks for one.'
      : `The first send to an address waits ${hoursInWords(firstSendDelayMs / HOUR_MS)}.`,
  ];
}

function hoursInWords(hours: number): string {
  return hours === 1 ? 'an hour' : `${String(hours)} hours`;
}

function assetInWords({ chain, token, perAct, perDay, launchAbove }: AssetLimit): string {
  const parts = [
    perAct === null ? 'any amount in one send' : `at most ${String(perAct)} in one send`,
    perDay === null ? 'any in 24 hours' : `at most ${String(perDay)} in 24 hours`,
    launchAbove === null ? 'none waits for a launch' : `more than ${String(launchAbove)} waits for a launch`,
  ];
  return `Of ${token ?? 'the coin'} on ${chain}: ${parts.join(', ')}.`;
}

function listed(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.join(', ');
}
