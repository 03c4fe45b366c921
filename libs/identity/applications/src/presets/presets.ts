import { DefinitionsInUse, extensionPoint } from '@countersign/runtime';
import { isObject } from '../merge-patch';
import { settingsInUse } from '../settings/settings-groups';
import type { SignaturePolicy } from '../bots/bot';

/** A system whose public clients an application can serve. */
export interface Preset {
  readonly name: string;
  /** Settings as an operator writes them, based on the stored ones. Lists are added to the application's lists. */
  settings?(stored: object): object;
  /** Sentences for the operator: what is needed and allowed, and what a thief can do with it. */
  readonly lines: readonly string[];
  /** The policy for bots of an application that has no presets with another one; `required` by default. */
  readonly signaturePolicy?: SignaturePolicy;
}

/** Adds what a preset needs besides settings, if it is missing. The call may be repeated. */
export const AddsForPreset = extensionPoint<{ addTo(applicationId: string): Promise<void> }, Preset>();

type Json = Record<string, unknown>;

export const presetsInUse = new DefinitionsInUse<Preset>('preset', /^[a-z][a-z0-9-]*$/);

export const miniAppPreset: Preset = {
  name: 'mini-app',
  lines: [
    'Mini App: people sign in with init data that Telegram has signed.',
    'The thief of a session can read and act as its person until the session ends.',
    'An act that needs a step-up also needs a new launch of the Mini App.',
    'During the first five minutes after a sign-in, three acts need no new launch: to request the erasure of the account, to change the e-mail address or phone number, and to make a profile field public.',
    'The thief of the bot token cannot sign in with init data, because Telegram has to sign it too.',
  ],
};

/** Adds presets: objects field by field, lists by what they lack. `presets` names all that were ever added. */
export function withPresets(settings: object, names: readonly string[]): object {
  if (names.length === 0) return settings;
  const additions = names.flatMap((name) => [
    presetsInUse.find(name)?.settings?.(settings) ?? {},
    ...settingsInUse.all
      .filter(({ ofPresets }) => name in ofPresets)
      .map((group) => ({ [group.name]: group.ofPresets[name] })),
  ]);
  return [...additions, { presets: names }].reduce(add, settings);
}

export function linesOf(names: readonly string[]): readonly string[] {
  return presetsInUse.all.filter(({ name }) => names.includes(name)).flatMap(({ lines }) => lines);
}

/** `optional` if all presets say so. A preset of an unused feature says nothing. */
export function signaturePolicyOf(names: readonly string[]): SignaturePolicy {
  const isOptional = (name: string) => presetsInUse.find(name)?.signaturePolicy === 'optional';
  return names.length > 0 && names.every(isOptional) ? 'optional' : 'required';
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
