import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { readPage, whenChanged } from './api';
import { useMay } from './session';
import { useLoaded, useRound } from './use-loaded';

/** What has a name that tells people more than its ID. */
const NAMED = [
  ['applicationId', '/v1/admin/applications', 'applications:read'],
  ['principalId', '/v1/admin/principals', 'principals:read'],
] as const;

const RETRY_MS = 10_000;

type Names = Readonly<Record<string, ReadonlyMap<string, string>>>;

const NamesContext = createContext<Names>({});

/** Reads the names of applications and principals, the newest 200 of each, and again when one may have changed. */
export function WithNames({ children }: { readonly children: ReactNode }): ReactNode {
  const may = useMay();
  const [round, reload] = useRound();
  useEffect(() => {
    whenChanged((path) => {
      if (NAMED.some(([, list]) => path.startsWith(list))) reload();
    });
  }, [reload]);
  const read = async (path: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
    const field = NAMED.find(([, each]) => each === path)?.[0] ?? '';
    const { items } = await readPage(path, { signal, query: { limit: '200' } });
    return new Map(items.map((row) => [String(row[field]), String(row['name'])]));
  };
  const { value, refusal } = useLoaded(
    'names',
    async (signal) => {
      const found = NAMED.filter(([, , scope]) => may(scope)).map(
        async ([field, path]) => [field, await read(path, signal)] as const,
      );
      return Object.fromEntries(await Promise.all(found));
    },
    round,
  );
  useEffect(() => {
    const timer = refusal ? setTimeout(reload, RETRY_MS) : undefined;
    return () => {
      clearTimeout(timer);
    };
  }, [refusal, reload]);
  const names = useMemo(() => value ?? {}, [value]);
  return <NamesContext value={names}>{children}</NamesContext>;
}

/** The names of all things that a field has the ID of. Empty where they are not known. */
export function useNames(field: string): ReadonlyMap<string, string> {
  return useContext(NamesContext)[field] ?? new Map();
}
