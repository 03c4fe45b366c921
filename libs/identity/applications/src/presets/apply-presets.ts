import type { SignaturePolicy } from '../bots/bot';
import { hasSettingsGroup } from '../settings/settings-groups';
import { presetNames, presets, type PresetName } from './presets';

type Json = Record<string, unknown>;

/** Settings with what presets add: objects field by field, lists by what they lack. `presets` names all that were ever added. */
export function withPresets(settings: object, names: readonly PresetName[]): object {
  if (names.length === 0) return settings;
  const additions = names.map((name) => withoutWallets(presets[name].settings));
  const added = [...additions, { presets: names }].reduce(add, settings);
  return names.includes('rapidpace') ? add(frontUrlOf(added as Json), added) : added;
}

/** What presets allow, and what thieves can do with it: a sentence a line. */
export function linesOf(names: readonly PresetName[]): readonly string[] {
  return presetNames.filter((name) => names.includes(name)).flatMap((name) => presets[name].lines);
}

/** Clients of Xellar alone sign in by init data without Telegram's signature. */
export function signaturePolicyOf(names: readonly PresetName[]): SignaturePolicy {
  return names.length > 0 && names.every((name) => name === 'xellar') ? 'optional' : 'required';
}

/** Where embedded wallets are not in use there is no such group, and sign-ins need none. */
function withoutWallets(settings: object): object {
  return hasSettingsGroup('embeddedWallets')
    ? settings
    : Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'embeddedWallets'));
}

/** Links of Rapidpace end at the first page of the application, unless another URL is set. */
function frontUrlOf({ origins }: Json): object {
  const [origin] = (origins ?? []) as readonly string[];
  return origin === undefined ? {} : { rapidpace: { frontUrl: `${origin}/` } };
}

function add(target: object, addition: object): object {
  return Object.entries(addition).reduce<Json>((sum, [name, value]: [string, unknown]) => {
    const before = sum[name];
    if (isList(value)) return { ...sum, [name]: [...new Set([...(isList(before) ? before : []), ...value])] };
    return { ...sum, [name]: isObject(value) ? add(isObject(before) ? before : {}, value) : value };
  }, target as Json);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
