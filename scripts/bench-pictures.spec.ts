import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(__dirname, 'bench.mjs');

const DOCUMENT = [
  'setting',
  'targets',
  'per-core',
  'statements',
  'refresh',
  'memory',
  'soak',
  'promises',
  'revocation',
]
  .map((name) => `## ${name}\n\n<!-- figures:${name} -->\n\nNot measured yet.\n\n<!-- /figures:${name} -->\n`)
  .join('\n');

interface Outcome {
  readonly code: number;
  readonly stderr: string;
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-pictures-'));
  writeFileSync(join(folder, 'performance.md'), DOCUMENT);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function draw(...words: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, 'pictures', ...words], (error, _, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stderr });
    });
  });
}

function save(name: string, figures: object): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(figures));
  return file;
}

async function drawFrom(source: 'bench' | 'growth' | 'chaos', figures: object): Promise<void> {
  expect(await draw(`--${source}`, save(source, figures), folder)).toEqual({ code: 0, stderr: '' });
}

function written(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

function row(subject: string, rate: number): object {
  const spread = { least: rate * 0.9, most: rate * 1.1, p50: 1, p99: 2 };
  return { operation: 'refresh', subject, rate, ...spread, cost: 0.0001, databaseCost: 0.0002 };
}

function benchOf(...measured: object[]): object {
  return { setting: [['Node', 'v20']], targets: [], statements: [], measured };
}

function widthsOf(svg: string): number[] {
  const bars = svg.matchAll(/<rect class="(?:ours|other)" [^>]*width="([\d.]+)"/g);
  return Array.from(bars, ([, width]) => Number(width));
}

describe('the pictures of a bench', () => {
  it('have bars as long as their values, from zero on', async () => {
    await drawFrom('bench', benchOf(row('Countersign', 1_000), row('other', 4_000)));

    const svg = written('performance/refresh.svg');
    const [ours = 0, theirs = 0] = widthsOf(svg);
    expect(theirs / ours).toBeCloseTo(4, 2);
    expect(svg).not.toContain('logarithmic');
  });

  it('have a logarithmic axis, and say so, where values span orders of magnitude', async () => {
    await drawFrom('bench', benchOf(row('Countersign', 1_000), row('slow', 100), row('quick', 10_000)));

    const svg = written('performance/refresh.svg');
    const [ours = 0, slow = 0, quick = 0] = widthsOf(svg);
    expect(slow).toBeGreaterThan(0);
    expect(quick - ours).toBeCloseTo(ours - slow, 0);
    expect(svg).toContain('logarithmic');
  });

  it('take no markup from a name, and the document no further cell', async () => {
    await drawFrom('bench', benchOf(row('Countersign', 1), row(`<script>"a" | 'b' & c</script>`, 2)));

    const svg = written('performance/refresh.svg');
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;&quot;a&quot; | &#39;b&#39; &amp; c&lt;/script&gt;');
    expect(written('performance.md')).toContain(`<script>"a" \\| 'b' & c</script>`);
  });

  it('say in words what they show', async () => {
    await drawFrom('bench', benchOf(row('Countersign', 1_234), row('other', 4_000)));

    expect(written('performance/refresh.svg')).toMatch(
      /<title id="title">refresh[^<]*<\/title>\n\s*<desc id="description">Countersign 1,234 \(1,111 to 1,357\), other 4,000/,
    );
    expect(written('performance.md')).toContain(
      '![Answers per second, refresh: Countersign 1,234, other 4,000](performance/refresh.svg)',
    );
  });

  it('show what is to be reached, at the rate that it takes', async () => {
    const target = { operation: 'refresh', wanted: 'at least 0.5 of other', of: 'other', least: 0.5 };
    await drawFrom('bench', {
      ...benchOf(row('Countersign', 1_000), row('other', 4_000)),
      targets: [{ ...target, measured: '0.25', isReached: false }],
    });

    expect(written('performance/refresh.svg')).toContain('red: to reach, 0.5 of other (2,000)');
    expect(written('performance.md')).toMatch(/at least 0\.5 of other +\| +0\.25 \| \*\*not reached\*\*/);
  });

  it('have room for a value of zero on a logarithmic axis', async () => {
    const times = [{ name: 'all', count: 2, p50: 0, p99: 5, most: 9 }];
    const results = [{ scenario: 'revocation', promise: 'soon', found: 'yes', faults: 0, times }];
    await drawFrom('chaos', { seed: 1, isShort: true, results });

    expect(written('performance/revocation.svg')).not.toMatch(/NaN|Infinity/);
  });

  it('draw what happened over time', async () => {
    const soak = [30, 60, 90].map((seconds) => ({
      seconds,
      rate: 10,
      p99: 5,
      residentBytes: seconds * 2 ** 20,
    }));
    await drawFrom('growth', { soak });

    const [, points = ''] =
      /<polyline class="curve" points="([^"]+)"/.exec(written('performance/soak.svg')) ?? [];
    const [first = 0, middle = 0, last = 0] = points.split(' ').map((point) => Number(point.split(',')[1]));
    expect(first - middle).toBeCloseTo(middle - last, 0);
    expect(first).toBeGreaterThan(last);
  });
});

describe('the document', () => {
  it('is the same when it is made again', async () => {
    const figures = benchOf(row('Countersign', 1_000), row('other', 4_000));
    await drawFrom('bench', figures);
    const before = [written('performance.md'), written('performance/refresh.svg')];

    await drawFrom('bench', figures);

    expect([written('performance.md'), written('performance/refresh.svg')]).toEqual(before);
  });

  it('leaves sections as they are that were not measured anew', async () => {
    const memory = [{ name: 'started', sessions: 0, residentBytes: 2 ** 27, heapBytes: 2 ** 26 }];
    await drawFrom('growth', { memory });
    const before = written('performance.md').split('## memory')[1]?.split('## soak')[0];

    await drawFrom('bench', benchOf(row('Countersign', 1_000)));

    expect(written('performance.md').split('## memory')[1]?.split('## soak')[0]).toBe(before);
    expect(before).toContain('| started');
    expect(written('performance.md')).toContain('## soak\n\n<!-- figures:soak -->\n\nNot measured yet.');
  });

  it('is left alone when it has no section for a figure', async () => {
    writeFileSync(join(folder, 'performance.md'), '# Nothing here\n');

    const outcome = await draw('--bench', save('bench', benchOf(row('Countersign', 1))), folder);

    expect(outcome).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no section for any of these figures') as string,
    });
    expect(written('performance.md')).toBe('# Nothing here\n');
    expect(readdirSync(folder)).not.toContain('performance');
  });

  it('of the project has a section for the table of operations', async () => {
    mkdirSync(join(folder, 'docs'));
    cpSync(join(__dirname, '../docs/performance.md'), join(folder, 'docs/performance.md'));
    const figures = benchOf(row('Countersign', 4_321), row('other', 8_642));

    expect(await draw('--bench', save('bench', figures), join(folder, 'docs'))).toEqual({
      code: 0,
      stderr: '',
    });

    expect(written('docs/performance.md')).toMatch(/\| refresh +\| +4,321 \|.*\| 0\.50 × other +\|/);
  });
});

it.each([
  ['nothing', []],
  ['an option that is not known', ['--what', 'x', 'docs']],
  ['a file that is not there', ['--bench', '/nowhere/figures.json', 'docs']],
])('ends with a sentence for %s', async (_, words) => {
  const { code, stderr } = await draw(...words);

  expect(code).toBe(1);
  expect(stderr).toMatch(/Usage: npm run bench -- pictures|cannot be read \(ENOENT\)/);
  expect(stderr).not.toMatch(/^\s+at /m);
});
