import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { endWithUs } from '@countersign/private-postgres';

const RESTART_AFTER_MS = 2_000;
/** The pause doubles up to this one, and begins anew for a process that ran longer. */
const LONGEST_PAUSE_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const ROLE = 'custody';

/** Makes the role of the custody process, and its schema, by a superuser. @returns the URL of the role */
export async function makeCustodyRole(superuserUrl: string): Promise<string> {
  // Only this start knows it.
  const password = randomBytes(24).toString('hex');
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [ROLE]);
    if (rowCount === 0) await client.query(`CREATE ROLE ${ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE`);
    await client.query(`ALTER ROLE ${ROLE} PASSWORD '${password}'`);
    await client.query(`CREATE SCHEMA IF NOT EXISTS custody AUTHORIZATION ${ROLE}`);
  } finally {
    await client.end();
  }
  return Object.assign(new URL(superuserUrl), { username: ROLE, password }).href;
}

/** The custody process, started again when it ends by itself. */
export class CustodyProcess {
  private readonly folder = mkdtempSync(join(tmpdir(), 'countersign-custody-'));
  private child: ChildProcess | null = null;
  private isStopping = false;
  private pauseMs = RESTART_AFTER_MS;

  /**
   * @param environment its own variables, but for the socket. It gets no other ones of this process.
   * @param isEnding whether this process ends, so that none is started again
   * @param log gets the lines of its output
   */
  constructor(
    private readonly program: string,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly isEnding: () => boolean = () => false,
    private readonly log: { write(line: string): void } = process.stdout,
  ) {
    this.run();
  }

  get socket(): string {
    return join(this.folder, 'socket');
  }

  /** For the consent page. */
  get consentSocket(): string {
    return join(this.folder, 'consent');
  }

  async close(): Promise<void> {
    this.isStopping = true;
    const child = this.child;
    if (child?.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(timer);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(): void {
    const child = spawn(this.program, {
      env: {
        PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        ...this.environment,
        CUSTODY_SOCKET: this.socket,
        CUSTODY_CONSENT_SOCKET: this.consentSocket,
        CUSTODY_OPERATOR_SOCKET: join(this.folder, 'operator', 'socket'),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.log.write(`${line}\n`);
    });
    this.child = child;
    const startedAt = Date.now();
    const dismiss = child.pid === undefined ? () => undefined : endWithUs(child.pid);
    const ended = (reason: string): void => {
      if (this.child !== child) return;
      this.child = null;
      dismiss();
      if (this.isStopping || this.isEnding()) return;
      process.stderr.write(`The custody process ended (${reason}): it is started again.\n`);
      if (Date.now() - startedAt > LONGEST_PAUSE_MS) this.pauseMs = RESTART_AFTER_MS;
      setTimeout(() => this.runAgain(), this.pauseMs).unref();
      this.pauseMs = Math.min(2 * this.pauseMs, LONGEST_PAUSE_MS);
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code) => ended(String(code ?? 'killed')));
  }

  private runAgain(): void {
    if (this.isStopping || this.isEnding()) return;
    try {
      this.run();
    } catch (error) {
      process.stderr.write(`The custody process does not start: ${(error as Error).message}\n`);
    }
  }
}
