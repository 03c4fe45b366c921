import { onExchange } from './recorder';

/** The pair that this page saw last, and when it was used. */
export interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
  readonly refreshExpiresIn: number;
  readonly sessionId: string;
  readonly tokenType: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  readonly usedAt: number;
}

interface PairChange {
  readonly pair: Pair;
  readonly isNew: boolean;
}

const listeners = new Set<(change: PairChange) => void>();
let pair: Pair | null = null;

export function pairAtHand(): Pair | null {
  return pair;
}

/** What the client keeps in the storage of the page: any script of the page could read it. */
export function storedPair(): Pair | null {
  for (const [name, text] of [...Object.entries(sessionStorage), ...Object.entries(localStorage)]) {
    if (!name.startsWith('countersign:')) continue;
    const { pair: stored, at } = JSON.parse(String(text)) as { pair: Pair | null; at: number };
    if (stored) return { ...stored, issuedAt: at, usedAt: at };
  }
  return null;
}

/** After a reload the pair is in the storage, and no answer has brought it. */
export function takeStoredPair(): void {
  const stored = storedPair();
  if (pair === null && stored) take({ pair: stored, isNew: true });
}

export function onPair(listener: (change: PairChange) => void): void {
  listeners.add(listener);
}

onExchange(({ who, url, status, answer, headers }) => {
  if (who !== 'you') return;
  const now = Date.now();
  const token = headers.find(([name]) => name === 'authorization')?.[1].split(' ')[1];
  if (status === 200 && /\/v1\/auth\/.*(init-data|refresh)$/.test(url)) {
    const issued = JSON.parse(answer) as Omit<Pair, 'issuedAt' | 'usedAt'>;
    take({ pair: { ...issued, issuedAt: now, usedAt: now }, isNew: true });
  } else if (pair && token === pair.accessToken && status !== 401) {
    take({ pair: { ...pair, usedAt: now }, isNew: false });
  }
});

function take(change: PairChange): void {
  ({ pair } = change);
  for (const listener of listeners) listener(change);
}
