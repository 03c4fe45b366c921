import { Test, type TestingModule } from '@nestjs/testing';
import { Clock, ClockModule, plusSeconds } from '@countersign/clock';
import { ConfigModule, readConfiguration } from '@countersign/config';
import { generateKeyRing } from '@countersign/crypto';
import { createLogger, ObservabilityModule } from '@countersign/observability';
import { LimitsModule, RateLimits, SharedStore, type LimitRule } from '.';

const rule: LimitRule = { name: 'test', limit: 2, window: 60 };

class MovedClock extends Clock {
  private current = new Date('2026-11-03T10:00:00Z');

  override now(): Date {
    return this.current;
  }

  advance(seconds: number): void {
    this.current = plusSeconds(this.current, seconds);
  }
}

describe('without Redis', () => {
  const clock = new MovedClock();
  const logLines: string[] = [];
  let module: TestingModule;
  let limits: RateLimits;

  beforeEach(async () => {
    const configuration = readConfiguration({
      NODE_ENV: 'test',
      DATABASE_URL: 'postgresql://localhost/none',
      KEYS: JSON.stringify(generateKeyRing()),
    });
    const logger = createLogger('debug', { write: (line) => logLines.push(line) });
    module = await Test.createTestingModule({
      imports: [ConfigModule.of(configuration), ObservabilityModule.of(logger), ClockModule, LimitsModule],
    })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    limits = module.get(RateLimits);
    await module.get(SharedStore).start();
  });

  afterEach(() => module.close());

  it('counts by the injected clock, in whole seconds, rounded up', async () => {
    const first = await limits.consume(rule, ['user', 'a']);
    clock.advance(57.5);
    const second = await limits.consume(rule, ['user', 'a']);
    clock.advance(2);
    const third = await limits.consume(rule, ['user', 'a']);
    clock.advance(0.5);

    expect(first).toEqual({ isAllowed: true, resetIn: 60 });
    expect(second).toEqual({ isAllowed: true, resetIn: 3 });
    expect(third).toEqual({ isAllowed: false, resetIn: 1 });
    expect(await limits.peek(rule, ['user', 'a'])).toEqual({ isAllowed: true, resetIn: 60 });
  });

  it('begins a new window when the rule gets another length, and not when it gets another limit', async () => {
    await limits.consume(rule, ['a']);
    await limits.consume(rule, ['a']);

    expect(await limits.peek({ ...rule, limit: 5 }, ['a'])).toMatchObject({ isAllowed: true });
    expect(await limits.peek({ ...rule, limit: 1 }, ['a'])).toMatchObject({ isAllowed: false });
    expect(await limits.peek({ ...rule, window: 30 }, ['a'])).toMatchObject({ isAllowed: true });
  });

  it('shares nothing and says nothing of it', () => {
    const store = module.get(SharedStore);

    expect([limits.isShared, limits.isToBeShared, store.isLive]).toEqual([false, false, false]);
    expect(logLines).toEqual([]);
  });
});
