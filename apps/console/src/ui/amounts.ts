import { readPage, type Row } from '../api';
import { useMay } from '../session';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';

/** Fields that are amounts in the smallest unit. */
const AMOUNTS = new Set(['perAct', 'perDay']);
const ENTRY = /^([\w-]+:[\w-]+)\/([\w:-]+)\/(\d+)$/;

/** Formats the amounts in a value: those of coins in whole coins if the caller may read the chains, which have their decimals. */
export function useAmounts(): <T>(value: T) => T {
  const mayRead = useMay()('chains:read');
  const { value } = useLoaded(`chains ${mayRead}`, async (signal) =>
    mayRead ? (await readPage('/v1/admin/chains', { signal })).items : [],
  );
  const amountOf = (chainId: unknown, isCoin: boolean, amount: string): string => {
    const chain = isCoin ? value?.find((each) => each['chainId'] === chainId) : undefined;
    if (!chain) return `${amount} ${texts.smallestUnits}`;
    const { symbol, decimals } = chain['currency'] as { readonly symbol: string; readonly decimals: number };
    return `${shifted(amount, decimals)} ${symbol}`;
  };
  const written = (given: unknown): unknown => {
    if (Array.isArray(given)) return given.map(written);
    if (typeof given === 'string')
      return given.replace(
        ENTRY,
        (_, chainId: string, asset: string, amount: string) =>
          `${chainId}/${asset}/${amountOf(chainId, asset === 'coin', amount)}`,
      );
    if (typeof given !== 'object' || given === null) return given;
    const { chain, chainId = chain, token = null } = given as Row;
    return Object.fromEntries(
      Object.entries(given).map(([name, inner]) => [
        name,
        AMOUNTS.has(name) && typeof inner === 'string'
          ? amountOf(chainId, token === null, inner)
          : written(inner),
      ]),
    );
  };
  return <T>(given: T) => written(given) as T;
}

/** An amount of the smallest unit in whole units, exactly. */
function shifted(amount: string, decimals: number): string {
  const digits = amount.padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(whole.length).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
