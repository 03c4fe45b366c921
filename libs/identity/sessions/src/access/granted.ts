import type { Application } from '@countersign/applications';
import { isAtLeast, type Assurance, type Principal } from '../session';

/** The assurance of a session as services get it. */
export type ShownAssurance = Assurance | typeof ALLOWED_BOT;

/**
 * A proof of a bot that a first-party application merely allows. The operator of that bot receives launches of all its
 * visitors, so it reaches no assurance that is asked for.
 */
export const ALLOWED_BOT = 'allowed-bot';

type Shown = Pick<Principal, 'assurance' | 'shownAs'>;

export function shownAssuranceOf({ assurance, shownAs }: Shown): ShownAssurance {
  return shownAs ?? assurance;
}

/** Whether a service that asks for an assurance lets the session pass. */
export function isShownAtLeast(holder: Shown, wanted: Assurance): boolean {
  const shown = shownAssuranceOf(holder);
  return shown !== ALLOWED_BOT && isAtLeast(shown, wanted);
}

/**
 * The session with those scopes that the application still has, and with what services get it. The same object when nothing differs.
 */
export function grantedTo<
  Holder extends Pick<Principal, 'assurance' | 'scopes' | 'isOfAllowedBot' | 'shownAs'>,
>(holder: Holder, { trust, settings }: Pick<Application, 'trust' | 'settings'>): Holder {
  const known =
    holder.isOfAllowedBot && trust === 'first-party' ? { ...holder, shownAs: ALLOWED_BOT } : holder;
  const isGranted = (scope: string): boolean => settings.scopes.includes(scope);
  return known.scopes.every(isGranted) ? known : { ...known, scopes: known.scopes.filter(isGranted) };
}
