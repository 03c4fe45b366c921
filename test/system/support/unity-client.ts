import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { readableFolder, run } from './program';

const REPOSITORY = join(__dirname, '../../..');
const PACKAGE = join(REPOSITORY, 'published/unity');
const DRIVER = join(__dirname, 'unity/Driver.cs');
const STUBS = join(__dirname, 'unity/UnityStubs.cs');
/** Debian's package libnewtonsoft-json5.0-cil. */
const NEWTONSOFT = '/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll';
/** Unity 2021.3 has C# 9; Debian's compiler has 7.2. */
const OPTIONS = ['-langversion:7.2', '-warnaserror', `-r:${NEWTONSOFT}`];
const COMPILE_MS = 60_000;

/** What came of a command to the driver. */
export interface Outcome {
  readonly result?: unknown;
  readonly error?: {
    readonly Code: string;
    readonly Status: number;
    readonly RequestId: string | null;
    readonly RetryAfter: number | null;
    readonly NeedsRelaunch: boolean;
    readonly Text: string;
  };
  /** Status and path of each request. */
  readonly sent: readonly string[];
}

export interface UnityBuild {
  readonly program: string;
  readonly remove: () => Promise<void>;
}

/** The package and the driver as a program for mono. */
export async function buildUnityDriver(): Promise<UnityBuild> {
  const { path, remove } = await readableFolder();
  const program = join(path, 'driver.exe');
  await run('mcs', [...OPTIONS, `-out:${program}`, ...sourcesOfPackage(), STUBS, DRIVER], COMPILE_MS);
  return { program, remove };
}

/** The package as Unity compiles it for the web, and the example of its page, with stubs for UnityEngine. @throws Error of the compiler */
export async function compileForWeb(folder: string): Promise<void> {
  const example = join(folder, 'Example.cs');
  const [, code = ''] = /```csharp\n([^]*?)```/.exec(readFileSync(join(PACKAGE, 'README.md'), 'utf8')) ?? [];
  writeFileSync(example, code);
  const web = ['-define:UNITY_WEBGL', '-target:library', `-out:${join(folder, 'web.dll')}`];
  await run('mcs', [...OPTIONS, ...web, ...sourcesOfPackage(), STUBS, example], COMPILE_MS);
}

function sourcesOfPackage(): string[] {
  const runtime = join(PACKAGE, 'Runtime');
  return readdirSync(runtime, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.cs'))
    .map((path) => join(runtime, path));
}

/** The client of the package in a process of its own. */
export class UnityClient {
  /** All that it has written. */
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly output: Interface;
  private readonly answers: AsyncIterator<string>;

  constructor({ program }: UnityBuild, api: string, applicationId: string, initData: string) {
    this.child = spawn('mono', [program, api, applicationId, initData], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.output = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    this.answers = this.output[Symbol.asyncIterator]();
  }

  async do(command: string, more: object = {}): Promise<Outcome> {
    this.child.stdin?.write(`${JSON.stringify({ do: command, ...more })}\n`);
    const { value, done } = await this.answers.next();
    if (done) throw new Error(`the driver ended at ${command}`);
    this.lines.push(value);
    return JSON.parse(value) as Outcome;
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    if (this.child.exitCode === null) await once(this.child, 'close');
    this.output.close();
  }
}
