import { assertNotOutdated } from './verified-proof';

const at = (time: string): Date => new Date(`2026-11-20T12:00:${time}Z`);

describe('a proof, after all sessions were ended', () => {
  it.each<[string, Date | null, Date | null, boolean]>([
    ['of the second before', at('09.000'), at('10.000'), true],
    ['of the second before, when they ended late in the next', at('09.000'), at('10.999'), true],
    ['of the same second, which tells no more', at('10.000'), at('10.999'), false],
    ['of the same instant', at('10.000'), at('10.000'), false],
    ['of later', at('11.000'), at('10.999'), false],
    ['without a date', null, at('10.000'), false],
    ['of somebody whose sessions were never ended', at('09.000'), null, false],
  ])('%s', (_, madeAt, authNotBefore, expected) => {
    const check = (): void => assertNotOutdated(madeAt, authNotBefore);
    if (expected) expect(check).toThrow('auth.proof_outdated');
    else expect(check).not.toThrow();
  });
});
