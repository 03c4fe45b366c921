import { periodAt, type Calendar } from './board-seasons';

describe('periodAt', () => {
  it.each<[Calendar, string, string, string | null]>([
    ['daily', '2026-03-29T23:59:59.999Z', '2026-03-29', '2026-03-30'],
    ['daily', '2026-03-30T00:00:00.000Z', '2026-03-30', '2026-03-31'],
    ['weekly', '2026-11-22T23:59:59.999Z', '2026-11-16', '2026-11-23'],
    ['weekly', '2026-11-23T00:00:00.000Z', '2026-11-23', '2026-11-30'],
    ['weekly', '2027-01-01T12:00:00.000Z', '2026-12-28', '2027-01-04'],
    ['monthly', '2028-02-29T12:00:00.000Z', '2028-02-01', '2028-03-01'],
    ['monthly', '2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
  ])('of a %s board at %s begins at %s', (calendar, now, startsAt, endsAt) => {
    expect(periodAt(calendar, new Date(now))).toEqual({
      startsAt: new Date(startsAt),
      endsAt: endsAt && new Date(endsAt),
    });
  });

  it('has no end where seasons are closed by hand', () => {
    const now = new Date('2026-11-22T10:00:00.000Z');

    expect(periodAt('by-hand', now)).toEqual({ startsAt: now, endsAt: null });
  });
});
