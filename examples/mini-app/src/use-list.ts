import { textOf } from '@countersign/client';
import { useCallback, useEffect, useState } from 'react';

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
      setError(textOf(thrown));
    }
  }, [read]);
  useEffect(() => {
    let isShown = true;
    read().then(
      (found) => isShown && setItems(found),
      (thrown: unknown) => isShown && setError(textOf(thrown)),
    );
    return () => {
      isShown = false;
    };
  }, [read]);
  return { items, error, reload };
}
