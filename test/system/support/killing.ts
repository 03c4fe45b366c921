import { TestCustody } from '../../support/custody';
import type { Tap, TcpProxy } from '../../support/tcp-proxy';
import type { TestApp } from '../../support/test-app';
import { testServer } from '../../support/test-server';
import { useFixture } from '../../support/use-fixture';
import { useTcpProxy } from '../../support/use-test-app';
import { ReplicaProcess } from './replica-process';

/** Custody, and the line between it and its database. */
export function useCustodyOnLine() {
  const custodyLine = useTcpProxy(() => testServer().url);
  const custody = useFixture(
    async () => {
      const made = await TestCustody.prepare();
      await made.run(custodyLine.url);
      return made;
    },
    { close: (made) => made.close() },
  );
  return { custody, custodyLine };
}

/** A replica beside the application, whose way to the database the test has, and what kills it. */
export function useVictim(app: TestApp, environment: () => Readonly<Record<string, string>>) {
  const line = useTcpProxy(() => app.database.directUrl);
  const victim = useFixture(
    // With `transaction` no statement is prepared: its text is in the bytes each time.
    () =>
      ReplicaProcess.of(app, {
        ...environment(),
        ...{ DATABASE_URL: line.url, DATABASE_POOLING: 'transaction' },
      }),
    { close: (made) => made.kill() },
  );
  return { line, victim, killing: new Killing(line, victim) };
}

/** Kills a replica once, at a moment that a test names. What is on its way to or from its database then is lost. */
class Killing {
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
