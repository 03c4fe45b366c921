import { textOf } from '@countersign/client';
import { useCallback, useState } from 'react';

export interface Action<A extends unknown[]> {
  readonly run: (...args: A) => void;
  readonly isRunning: boolean;
  readonly error: string | null;
}

/** The action of a button. It runs once at a time, and stores its error for display. */
export function useAction<A extends unknown[]>(work: (...args: A) => Promise<void>): Action<A> {
  const [state, setState] = useState<{ isRunning: boolean; error: string | null }>({
    isRunning: false,
    error: null,
  });
  const { isRunning, error } = state;
  const run = useCallback(
    (...args: A) => {
      if (isRunning) return;
      setState({ isRunning: true, error: null });
      work(...args).then(
        () => setState({ isRunning: false, error: null }),
        (thrown: unknown) => setState({ isRunning: false, error: textOf(thrown) }),
      );
    },
    [isRunning, work],
  );
  return { run, isRunning, error };
}
