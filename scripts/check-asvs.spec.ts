interface Asvs {
  asvsProblems(text: string, levels: Record<string, number>, specs: ReadonlySet<string>): readonly string[];
}

const { asvsProblems } = jest.requireActual<Asvs>('./lib/asvs.mjs');

const levels = { '6.1.1': 1, '6.1.2': 2, '6.1.3': 2, '6.3.5': 3 };
const met = '| 6.1.1 | one | so | `tokens` |';
const others = '| 6.1.2, 6.1.3 | there are none |';
const check = (...rows: readonly string[]) => asvsProblems(rows.join('\n'), levels, new Set(['tokens']));

describe('asvsProblems', () => {
  it.each([
    ['a row for each requirement of levels 1 and 2', [met, others]],
    ['a row of level 3', [met, others, '| 6.3.5 | three | so | `tokens` |']],
    ['other lines', ['# Title', '| number | gist |', '| --- | --- |', met, others]],
  ])('accepts %s', (_, rows) => {
    expect(check(...rows)).toEqual([]);
  });

  it.each([
    ['a requirement without a row', [met, '| 6.1.2 | none |'], '6.1.3 has no row'],
    ['a requirement with two rows', [met, met, others], '6.1.1 has 2 rows'],
    ['a number that is not on the list', [met, others, '| 6.9.9 | x |'], '6.9.9 is not on the list'],
    ['no reason', [met, '| 6.1.2, 6.1.3 | |'], 'has an empty cell'],
    ['a requirement that is met without a spec', [met.replace('`tokens`', ''), others], 'names no spec'],
    ['a spec that is not there', [met.replace('tokens', 'other'), others], 'names other'],
  ])('reports %s', (_, rows, problem) => {
    expect(check(...rows)).toEqual([expect.stringContaining(problem)]);
  });
});
