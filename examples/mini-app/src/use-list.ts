import { useCallback, useEffect, useState } from 'react';
import { messageOf } from './message-of';

export interface List<T> {
  /** `null` until the list was read once. */
  readonly items: readonly T[] | null;
  readonly error: string | null;
  readonly reload: () => Promise<void>;
}

/** Reads a list when its component appears, and again at `reload`. */
export function useList<T>(read: () => Promise<readonly T[]>): List<T> {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const reload = useCallback(async () => {
    try {
      setItems(await read());
      setError(null);
    } catch (thrown) {
      setError(messageOf(thrown));
    }
  }, [read]);
  useEffect(() => {
    let isShown = true;
    read().then(
      (found) => isShown && setItems(found),
      (thrown: unknown) => isShown && setError(messageOf(thrown)),
    );
    return () => {
      isShown = false;
    };
  }, [read]);
  return { items, error, reload };
}
