import type { Tap, TcpProxy } from '../../support/tcp-proxy';
import type { ReplicaProcess } from './replica-process';

/** Kills a replica once, at a moment that a test names. What is on its way to or from its database then is lost. */
export class Killing {
  killed: Promise<unknown> | null = null;

  /** @param line between the replica and its database */
  constructor(
    private readonly line: Pick<TcpProxy, 'tap'>,
    private readonly victim: Pick<ReplicaProcess, 'kill'>,
  ) {}

  /** Before each test. */
  reset(): void {
    this.killed = null;
    this.line.tap = () => true;
  }

  kill(): false {
    this.killed ??= this.victim.kill();
    return false;
  }

  /** Before the database gets a statement. */
  beforeStatement(statement: string): void {
    this.line.tap = this.onLine(
      (text, _, direction) => direction !== 'to-server' || !text.includes(statement),
    );
  }

  /** With the commit of the transaction that has a statement: before the database gets it, or when it has done it. */
  atCommitOf(statement: string, when: 'before' | 'after'): void {
    const committing = new Map<unknown, boolean>();
    this.line.tap = this.onLine((text, _, direction, connection) => {
      if (direction === 'to-client') return committing.get(connection) !== true;
      if (text.includes(statement)) committing.set(connection, false);
      if (committing.has(connection) && text.includes('COMMIT')) {
        if (when === 'before') return false;
        committing.set(connection, true);
      }
      return true;
    });
  }

  private onLine(found: (text: string, ...rest: Parameters<Tap>) => boolean): Tap {
    return (...all) => {
      if (this.killed) return false;
      return found(all[0].toString('latin1'), ...all) || this.kill();
    };
  }
}
