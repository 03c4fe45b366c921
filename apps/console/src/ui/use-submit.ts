import { useState, type SyntheticEvent } from 'react';
import { Refusal } from '../api';

interface Submit {
  readonly isRunning: boolean;
  readonly refusal: Refusal | null;
  readonly submit: (event: SyntheticEvent) => void;
}

export function useSubmit(work: () => Promise<void>): Submit {
  const [isRunning, setRunning] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const run = async (): Promise<void> => {
    setRunning(true);
    setRefusal(null);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefusal(error);
    } finally {
      setRunning(false);
    }
  };
  return {
    isRunning,
    refusal,
    submit: (event) => {
      event.preventDefault();
      if (!isRunning) void run();
    },
  };
}
