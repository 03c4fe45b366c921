import { refusedAct, type RefusedAct } from '../act-refusals';
import type { ActContext } from '../wallet-act';

/** Why a domain is not one of the application's; null for one that is, letter by letter. */
export function foreignDomain(domain: string, { domains }: ActContext): RefusedAct | null {
  return domains.includes(domain) ? null : refusedAct('wallet.foreign_domain');
}

/** Unix seconds. */
export function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
