import { useCallback, useEffect, useState } from 'react';
import { Refusal } from './api';

export interface Loaded<T> {
  readonly value: T | null;
  readonly refusal: Refusal | null;
  readonly reload: () => void;
}

/**
 * Loads a value. Answers for an earlier key are dropped.
 * @param key the inputs of `load`
 * @param round a change loads again and shows the earlier value meanwhile
 */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>, round = 0): Loaded<T> {
  const [state, setState] = useState<{ key: string; value: T | null; refusal: Refusal | null } | null>(null);
  const [ownRound, reload] = useRound();
  useEffect(() => {
    const controller = new AbortController();
    const settle = (value: T | null, refusal: Refusal | null): void => {
      if (!controller.signal.aborted) setState({ key, value, refusal });
    };
    load(controller.signal).then(
      (value) => settle(value, null),
      (error: unknown) => {
        if (error instanceof Refusal) settle(null, error);
        else if (!controller.signal.aborted) throw error;
      },
    );
    return () => controller.abort();
  }, [key, round, ownRound]);
  const current = state?.key === key ? state : null;
  return {
    value: current?.value ?? null,
    refusal: current?.refusal ?? null,
    reload,
  };
}

export function useRound(): readonly [round: number, reload: () => void] {
  const [round, setRound] = useState(0);
  const reload = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  return [round, reload];
}
