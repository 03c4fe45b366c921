import { Metrics } from './metrics';

const ROUTE = '/v1/me';

/** The samples of one metric, each as its line. */
async function linesOf(metrics: Metrics, name: string): Promise<readonly string[]> {
  return (await metrics.expose()).split('\n').filter((line) => line.startsWith(name));
}

describe('requests', () => {
  it('with a method that is not known are OTHER, however many there are', async () => {
    const metrics = new Metrics();
    for (const method of ['PROPFIND', 'get', 'TRACE'])
      metrics.requestAnswered({ route: ROUTE, method, status: 405, seconds: 0 });

    expect(await linesOf(metrics, 'countersign_http_requests_total')).toEqual([
      'countersign_http_requests_total{route="/v1/me",method="OTHER",status="405"} 3',
    ]);
  });
});

describe('a gauge', () => {
  it('is read at every scrape', async () => {
    const metrics = new Metrics();
    let value = 0;
    metrics.gauge('countersign_test', 'A number.', () => (value += 1));
    metrics.gaugeBy('countersign_test_by', 'Numbers.', 'state', async () => ({ [`state_${value}`]: value }));

    expect(await linesOf(metrics, 'countersign_test')).toEqual([
      'countersign_test 1',
      'countersign_test_by{state="state_1"} 1',
    ]);
    expect(await linesOf(metrics, 'countersign_test')).toEqual([
      'countersign_test 2',
      'countersign_test_by{state="state_2"} 2',
    ]);
  });

  it.each<[string, () => number | Promise<number>]>([
    [
      'throws',
      () => {
        throw new Error('away');
      },
    ],
    ['rejects', () => Promise.reject(new Error('away'))],
    ['never answers', () => new Promise<number>(() => undefined)],
  ])('that %s is absent, and nothing else', async (_name, fail) => {
    const metrics = new Metrics();
    let isAway = false;
    const read = () => (isAway ? fail() : 7);
    metrics.gauge('countersign_test', 'A number.', read);
    metrics.gaugeBy('countersign_test_by', 'Numbers.', 'state', async () => ({ one: await read() }));
    metrics.gauge('countersign_other', 'A number.', () => 1);

    expect(await linesOf(metrics, 'countersign_test')).toEqual([
      'countersign_test 7',
      'countersign_test_by{state="one"} 7',
    ]);
    isAway = true;
    expect(await linesOf(metrics, 'countersign_test')).toEqual([]);
    expect(await linesOf(metrics, 'countersign_other')).toEqual(['countersign_other 1']);
    isAway = false;
    expect(await linesOf(metrics, 'countersign_test')).toHaveLength(2);
  });

  it('is read once for scrapes at the same time', async () => {
    const metrics = new Metrics();
    let reads = 0;
    metrics.gauge('countersign_test', 'A number.', async () => (reads += 1));

    const scrapes = await Promise.all([metrics.expose(), metrics.expose(), metrics.expose()]);

    expect(new Set(scrapes).size).toBe(1);
    expect(reads).toBe(1);
  });
});

it('tells of the process too, once for all applications in it', async () => {
  const lines = await Promise.all(
    [new Metrics(), new Metrics()].map((one) => linesOf(one, 'process_start_time')),
  );

  expect(lines[0]).toHaveLength(1);
  expect(lines[1]).toEqual(lines[0]);
});
