import { useCallback, useEffect, useState } from 'react';

export interface List<T> {
  /** `null` until it was read once. */
  readonly items: readonly T[] | null;
  readonly error: string | null;
  readonly reload: () => Promise<void>;
}

/** Reads a list when its part of the page appears, and again by `reload`. The latest reading counts. */
export function useList<T>(read: () => Promise<readonly T[]>): List<T> {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const reload = useCallback(async () => {
    try {
      setItems(await read());
      setError(null);
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown.message : 'This could not be read.');
    }
  }, [read]);
  useEffect(() => {
    let isShown = true;
    read().then(
      (found) => isShown && setItems(found),
      (thrown: unknown) =>
        isShown && setError(thrown instanceof Error ? thrown.message : 'This could not be read.'),
    );
    return () => {
      isShown = false;
    };
  }, [read]);
  return { items, error, reload };
}
