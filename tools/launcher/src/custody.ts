import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { endWithUs } from '@countersign/private-postgres';

const STOP_LIMIT_MS = 10_000;
const ROLE = 'custody';

/** Makes the role and the schema of the custody process. @returns the URL of the role */
export async function makeCustodyRole(superuserUrl: string): Promise<string> {
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

export class CustodyProcess {
  private readonly folder = mkdtempSync(join(tmpdir(), 'countersign-custody-'));
  private readonly children: Child[];

  /** @param environment its variables without sockets; it gets no variable of this process */
  constructor(
    private readonly program: string,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly log: { write(line: string): void } = process.stdout,
  ) {
    const sockets = {
      CUSTODY_SOCKET: this.socket,
      CUSTODY_CONSENT_SOCKET: this.consentSocket,
      CUSTODY_READER_SOCKET: this.readerSocket,
      CUSTODY_OPERATOR_SOCKET: join(this.folder, 'operator', 'socket'),
    };
    this.children = [
      new Child('custody process', program, ['--development'], { ...environment, ...sockets }, log),
    ];
  }

  startReader(): void {
    const { LOG_LEVEL = 'info' } = this.environment;
    const variables = { LOG_LEVEL, CUSTODY_READER_SOCKET: this.readerSocket };
    this.children.unshift(new Child('reader of chains', this.program, ['reader'], variables, this.log));
  }

  get socket(): string {
    return join(this.folder, 'socket');
  }

  get consentSocket(): string {
    return join(this.folder, 'consent');
  }

  private get readerSocket(): string {
    return join(this.folder, 'reader');
  }

  async close(): Promise<void> {
    for (const child of this.children) await child.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

class Child {
  private readonly child: ChildProcess;
  private isStopping = false;

  constructor(
    name: string,
    program: string,
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
    log: { write(line: string): void },
  ) {
    const PATH = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
    const child = spawn(program, words, {
      env: { PATH, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    createInterface({ input: child.stdout }).on('line', (line) => log.write(`${line}\n`));
    const dismiss = child.pid === undefined ? () => undefined : endWithUs(child.pid);
    const ended = (reason: string): void => {
      dismiss();
      if (!this.isStopping) process.stderr.write(`The ${name} ended (${reason}): start again.\n`);
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code) => ended(String(code ?? 'killed')));
  }

  async close(): Promise<void> {
    this.isStopping = true;
    const { child } = this;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  }
}
