import { useCallback, useState } from 'react';

export interface Action<A extends unknown[]> {
  readonly run: (...args: A) => void;
  readonly isRunning: boolean;
  readonly error: string | null;
}

/** What a button does: runs once at a time, and keeps what went wrong to be shown. */
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
        (thrown: unknown) => setState({ isRunning: false, error: asText(thrown) }),
      );
    },
    [isRunning, work],
  );
  return { run, isRunning, error };
}

function asText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'This did not work.';
}
