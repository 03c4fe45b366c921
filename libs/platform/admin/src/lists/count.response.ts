import { Count, Flag } from '@countersign/http';

export const MAX_COUNT = 10_000;

/** How many items a list has; more than 10,000 are not counted. */
export class CountResponse {
  @Count('How many there are, at most 10000.', 42, { max: MAX_COUNT })
  count: number;

  @Flag('Whether there are more than `count`.', false)
  isCapped: boolean;
}
