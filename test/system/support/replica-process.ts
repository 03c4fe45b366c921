import { patience } from '../../runner/patience.cjs';
import type { WalletBody } from '../../support/linked-wallets';
import type { PersonSession } from '../../support/person-session';
import type { SendBody } from '../../support/sends';
import { productOptionsOf, type TestApp } from '../../support/test-app';
import { freePort, startScript, type RunningScript } from './program';

/** Builds first, where the sources have changed. */
const BUILDING = 'scripts/start.mjs';
const BUILT = 'dist/apps/api/src/main.js';
const CALL_MS = 20_000 * patience;

export interface SendAnswer {
  /** 0 where the answer got lost. */
  readonly status: number;
  readonly body: SendBody & { readonly code?: string };
}

/** The built API as a process of its own, on the database and the keys of an application of the test. */
export class ReplicaProcess {
  private running: RunningScript | undefined;
  /** Whether it listens, as far as is known. */
  isRunning = false;

  private constructor(
    private readonly environment: NodeJS.ProcessEnv,
    private readonly port: number,
  ) {}

  /** @param environment what differs from that of the application, such as the way to the database */
  static async of(
    { database, keys }: TestApp,
    environment: Readonly<Record<string, string>>,
  ): Promise<ReplicaProcess> {
    const [port, gatewayPort] = [await freePort(), await freePort()];
    const { variables } = productOptionsOf(database, { keys });
    return new ReplicaProcess(
      {
        ...{ PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] },
        ...variables,
        ...{ JOBS: 'on', LOG_LEVEL: 'info', PORT: String(port), GATEWAY_PORT: String(gatewayPort) },
        ...environment,
      },
      port,
    );
  }

  async start(): Promise<void> {
    const script = this.running ? BUILT : BUILDING;
    this.running = await startScript([script], this.environment, '"listening"');
    this.isRunning = true;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Its exit code, once it has ended. */
  get ended(): Promise<number | null> | undefined {
    return this.running?.ended;
  }

  signal(name: NodeJS.Signals): void {
    this.running?.child.kill(name);
  }

  /** `kill -9`: not a byte more leaves it. */
  async kill(): Promise<void> {
    this.isRunning = false;
    this.running?.child.kill('SIGKILL');
    await this.running?.ended;
  }

  async send(
    { accessToken }: PersonSession,
    { walletId }: WalletBody,
    { actId }: { readonly actId: string },
  ): Promise<SendAnswer> {
    try {
      const answer = await fetch(`${this.url}/v1/wallets/${walletId}/acts/${actId}/perform`, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}` },
        signal: AbortSignal.timeout(CALL_MS),
      });
      const body = (await answer.json()) as SendAnswer['body'] & { readonly send?: SendBody | null };
      return { status: answer.status, body: body.send ?? body };
    } catch {
      return { status: 0, body: {} as SendAnswer['body'] };
    }
  }
}
