import { deriveMacKey, type MacKey, type RingKey } from '@countersign/crypto';

/** Derives a key of the ring once, for codes of one kind. @param context differs between the kinds */
export function derivedMacKeys(context: string): (ringKey: RingKey) => MacKey {
  const derived = new Map<string, MacKey>();
  return (ringKey) => {
    const key = derived.get(ringKey.id) ?? deriveMacKey(ringKey, context);
    derived.set(ringKey.id, key);
    return key;
  };
}
