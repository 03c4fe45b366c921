import { Findings } from './audit-problem';

describe('the problems of a verification', () => {
  it('are named up to a limit of each code, so that many of one hide no other', () => {
    const findings = new Findings();
    for (let number = 1; number <= 25; number += 1) findings.add('record_inserted', { block: number });
    findings.add('principal_forged', { principalId: 'p' });

    const { problems, problemCount } = findings.verdict;
    expect(problemCount).toBe(26);
    expect(problems.filter(({ code }) => code === 'record_inserted')).toHaveLength(20);
    expect(problems.at(-1)).toMatchObject({ code: 'principal_forged', principalId: 'p' });
  });
});
