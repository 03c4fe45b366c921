/** Longest wait for a lock, in milliseconds: shorter than the pool listens for an answer. */
export const LOCK_TIMEOUT_MS = 4_000;

/** Values of PostgreSQL's settings, in the unit of each: milliseconds by default. */
export type ServerLimits = Readonly<Record<string, number>>;

/**
 * Limits that PostgreSQL enforces itself: a silent, frozen or dead process cannot end its transactions. Each
 * is shorter than the ten seconds after which the pool gives up on a response, so that no backend is left
 * behind.
 */
export function serverLimits(patience = 1): ServerLimits {
  return {
    lock_timeout: LOCK_TIMEOUT_MS * patience,
    statement_timeout: 9_000 * patience,
    idle_in_transaction_session_timeout: 5_000 * patience,
    client_connection_check_interval: 1_000,
  };
}

/** For a peer that vanished: its connections are dead after eight seconds. No effect on Unix-domain sockets. */
export const KEEP_ALIVE: ServerLimits = {
  /** Seconds, like the next one. */
  tcp_keepalives_idle: 4,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 2,
  tcp_user_timeout: 8_000,
};

/** One statement for each, so that a server that refuses one accepts the others. */
export function settingStatements(limits: ServerLimits, scope: 'SET' | 'SET LOCAL'): readonly string[] {
  return Object.entries(limits).map(([name, value]) => `${scope} ${name} = ${value}`);
}
