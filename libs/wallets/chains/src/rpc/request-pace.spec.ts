import { RequestPace } from './request-pace';

describe('requests that can wait', () => {
  it('leave half of the bucket to others', () => {
    const pace = new RequestPace(10, () => 0);

    expect(pace.takeSpare(5)).toBe(0);

    expect(pace.takeSpare(1)).toBe(100);
    expect(pace.take(5, 0)).toBe(0);
    expect(pace.take(1, 0)).toBeNull();
  });

  it('are let through by a full bucket, however many they are', () => {
    let now = 0;
    const pace = new RequestPace(1, () => now);

    expect(pace.takeSpare(4)).toBe(0);

    expect(pace.takeSpare(4)).toBe(4_000);
    now = 4_000;
    expect(pace.takeSpare(4)).toBe(0);
  });
});
