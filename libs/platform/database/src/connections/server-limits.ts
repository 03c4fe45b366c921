/** The longest wait for a lock, in milliseconds. It is shorter than the pool's wait for an answer. */
export const LOCK_TIMEOUT_MS = 4_000;

/** Values of PostgreSQL's settings, in milliseconds unless the setting has another unit. */
export type ServerLimits = Readonly<Record<string, number>>;

/** PostgreSQL enforces these limits even if this process freezes. Each is shorter than the pool's ten seconds. */
export function serverLimits(patience = 1): ServerLimits {
  return {
    lock_timeout: LOCK_TIMEOUT_MS * patience,
    statement_timeout: 9_000 * patience,
    idle_in_transaction_session_timeout: 5_000 * patience,
    client_connection_check_interval: 1_000,
  };
}

/** Ends connections of a vanished peer after eight seconds. It has no effect on Unix-domain sockets. */
export const KEEP_ALIVE: ServerLimits = {
  /** Seconds, like the next limit. */
  tcp_keepalives_idle: 4,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 2,
  tcp_user_timeout: 8_000,
};

/** One statement for each limit, so that a server that refuses one accepts the others. */
export function settingStatements(limits: ServerLimits, scope: 'SET' | 'SET LOCAL'): readonly string[] {
  return Object.entries(limits).map(([name, value]) => `${scope} ${name} = ${value}`);
}
