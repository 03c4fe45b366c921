import { Metrics } from './metrics';

const ROUTE = '/v1/me';

/** The samples of one metric, each as its line. */
async function linesOf(metrics: Metrics, name: string): Promise<readonly string[]> {
  return (await metrics.expose()).split('\n').filter((line) => line.startsWith(name));
}

describe('requests', () => {
  it('are told apart by route, method and status', async () => {
    const metrics = new Metrics();
    const answered = { route: ROUTE, method: 'GET', status: 200, seconds: 0.001 };
    metrics.requestAnswered(answered);
    metrics.requestAnswered(answered);
    metrics.requestAnswered({ ...answered, status: 401 });
    metrics.requestAnswered({ ...answered, method: 'DELETE', status: 204 });
    metrics.requestAnswered({ ...answered, route: 'unknown', status: 404 });

    expect(await linesOf(metrics, 'countersign_http_requests_total')).toEqual([
      'countersign_http_requests_total{route="/v1/me",method="GET",status="200"} 2',
      'countersign_http_requests_total{route="/v1/me",method="GET",status="401"} 1',
      'countersign_http_requests_total{route="/v1/me",method="DELETE",status="204"} 1',
      'countersign_http_requests_total{route="unknown",method="GET",status="404"} 1',
    ]);
  });

  it('with a method that is not known are OTHER, however many there are', async () => {
    const metrics = new Metrics();
    for (const method of ['PROPFIND', 'get', 'TRACE'])
      metrics.requestAnswered({ route: ROUTE, method, status: 405, seconds: 0 });

    expect(await linesOf(metrics, 'countersign_http_requests_total')).toEqual([
      'countersign_http_requests_total{route="/v1/me",method="OTHER",status="405"} 3',
    ]);
  });

  it('have durations by route and method', async () => {
    const name = 'countersign_http_request_duration_seconds';
    const metrics = new Metrics();
    for (const seconds of [0, 0.0005, 0.4, 1_000])
      metrics.requestAnswered({ route: ROUTE, method: 'GET', status: 200, seconds });

    const lines = await linesOf(metrics, name);
    const cumulative = lines.filter((line) => line.includes('_bucket')).map((line) => line.split(' ').at(-1));

    expect(cumulative).toEqual([...Array(9).fill('2'), ...Array(5).fill('3'), '4']);
    expect(lines).toContain(`${name}_count{route="/v1/me",method="GET"} 4`);
    expect(lines).toContain(`${name}_sum{route="/v1/me",method="GET"} 1000.4005`);
  });

  it('of one application are none of another', async () => {
    const [one, another] = [new Metrics(), new Metrics()];
    one.requestAnswered({ route: ROUTE, method: 'GET', status: 200, seconds: 0 });

    expect(await linesOf(another, 'countersign_http_requests_total')).toEqual([]);
  });
});

describe('what happens', () => {
  it('is counted since the start, not since the last scrape', async () => {
    const metrics = new Metrics();
    metrics.cacheLookup('sessions', 'hit');
    metrics.signIn('telegram_init_data', 'signed_in');
    await metrics.expose();
    metrics.cacheLookup('sessions', 'hit');
    metrics.signIn('telegram_init_data', 'signed_in');
    metrics.signIn('telegram_init_data', 'init_data.expired');

    expect(await linesOf(metrics, 'countersign_cache_lookups_total{cache="sessions"')).toEqual([
      'countersign_cache_lookups_total{cache="sessions",result="hit"} 2',
      'countersign_cache_lookups_total{cache="sessions",result="miss"} 0',
    ]);
    expect(await linesOf(metrics, 'countersign_sign_ins_total')).toEqual([
      'countersign_sign_ins_total{door="telegram_init_data",outcome="signed_in"} 2',
      'countersign_sign_ins_total{door="telegram_init_data",outcome="init_data.expired"} 1',
    ]);
  });

  it('is counted by what a module declares', async () => {
    const metrics = new Metrics();
    const [count, countBy] = [
      metrics.counter('countersign_toys_total', 'Toys.'),
      metrics.counter('countersign_toys_by_total', 'Toys.', 'kind'),
    ];
    count({});
    countBy({ kind: 'bear' });
    countBy({ kind: 'bear' }, 2);

    expect(await linesOf(metrics, 'countersign_toys')).toEqual([
      'countersign_toys_total 1',
      'countersign_toys_by_total{kind="bear"} 3',
    ]);
  });

  it('is measured where it lasts', async () => {
    const metrics = new Metrics();
    metrics.histogram('countersign_naps_seconds', 'Naps.', 'kind')({ kind: 'short' }, 0.2);
    metrics.jobDone('session-upkeep', 'failed', 0.3);
    for (const lag of [0.02, -4, Number.NaN]) metrics.revocationHeard(lag);

    expect(await linesOf(metrics, 'countersign_naps_seconds_sum')).toEqual([
      'countersign_naps_seconds_sum{kind="short"} 0.2',
    ]);
    expect(await linesOf(metrics, 'countersign_job_duration_seconds_sum')).toEqual([
      'countersign_job_duration_seconds_sum{job_name="session-upkeep",outcome="failed"} 0.3',
    ]);
    expect(await linesOf(metrics, 'countersign_revocation_lag_seconds_sum')).toEqual([
      'countersign_revocation_lag_seconds_sum 0.02',
    ]);
    expect(await linesOf(metrics, 'countersign_revocation_lag_seconds_count')).toEqual([
      'countersign_revocation_lag_seconds_count 2',
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

  it('of caches is there for those that said how many entries they have', async () => {
    const metrics = new Metrics();

    expect(await linesOf(metrics, 'countersign_cache_entries')).toEqual([]);
    metrics.watchCache('refusals', () => 12);
    expect(await linesOf(metrics, 'countersign_cache_entries')).toEqual([
      'countersign_cache_entries{cache="refusals"} 12',
    ]);
  });
});

it('tells of the process too, once for all applications in it', async () => {
  const lines = await Promise.all(
    [new Metrics(), new Metrics()].map((one) => linesOf(one, 'process_start_time')),
  );

  expect(lines[0]).toHaveLength(1);
  expect(lines[1]).toEqual(lines[0]);
});
