import { useSyncExternalStore } from 'react';

export function useRoute(): readonly string[] {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

export function hrefOf(...path: readonly string[]): string {
  return `#/${path.map((part) => encodeURIComponent(part)).join('/')}`;
}

export function go(...path: readonly string[]): void {
  location.hash = hrefOf(...path);
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
