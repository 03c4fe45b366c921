import type { ApplicationSettings } from '@countersign/applications';
import { isAtLeast, type Principal } from '../session';

/** The settings that decide which scopes of a session count. */
export type ScopeSettings = Pick<ApplicationSettings, 'scopes' | 'scopeAssurance'>;

type Scopes = Principal['scopes'];

/** Settings and lists of scopes are cached objects with a stable identity, so each pair is evaluated once. */
const judged = new WeakMap<ScopeSettings, WeakMap<Scopes, Map<Principal['assurance'], Scopes>>>();

/**
 * The session with those scopes that the application still has and that its assurance is sufficient for. The
 * same object when that is all of them.
 */
export function grantedTo<Holder extends Pick<Principal, 'assurance' | 'scopes'>>(
  holder: Holder,
  settings: ScopeSettings,
): Holder {
  const scopes = grantedScopes(holder, settings);
  return scopes === holder.scopes ? holder : { ...holder, scopes };
}

function grantedScopes(
  { assurance, scopes }: Pick<Principal, 'assurance' | 'scopes'>,
  settings: ScopeSettings,
): Scopes {
  if (scopes.length === 0) return scopes;
  const known = judged.get(settings)?.get(scopes)?.get(assurance);
  if (known) return known;
  const lists = judged.get(settings) ?? new WeakMap<Scopes, Map<Principal['assurance'], Scopes>>();
  const verdicts = lists.get(scopes) ?? new Map<Principal['assurance'], Scopes>();
  const granted = judge(scopes, assurance, settings);
  judged.set(settings, lists.set(scopes, verdicts.set(assurance, granted)));
  return granted;
}

function judge(scopes: Scopes, assurance: Principal['assurance'], settings: ScopeSettings): Scopes {
  const granted = scopes.filter((scope) => {
    const needed = Object.hasOwn(settings.scopeAssurance, scope) ? settings.scopeAssurance[scope] : undefined;
    return settings.scopes.includes(scope) && (needed === undefined || isAtLeast(assurance, needed));
  });
  return granted.length === scopes.length ? scopes : granted;
}
