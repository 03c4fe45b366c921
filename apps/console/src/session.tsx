import { createContext, useContext } from 'react';
import type { Session } from './api';

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('outside of a session');
  return session;
}

export function useMay(): (scope: string | null) => boolean {
  const { scopes } = useSession();
  return (scope) => scope === null || scopes.includes(scope);
}
