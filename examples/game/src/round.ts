import { randomInt, randomUUID } from 'node:crypto';

export const ITEMS = ['coffee', 'tea', 'cake'] as const;
export type Item = (typeof ITEMS)[number];

export const ROUND_MS = 10_000;

/** The facts about a round that the page may know. It knows only the guest who is waiting now. */
export interface RoundState {
  readonly roundId: string;
  /** The number of the guest who waits, from 1. */
  readonly guest: number;
  readonly wish: Item;
  readonly points: number;
  readonly msLeft: number;
}

/**
 * Ten seconds in which one person serves guests: a point for each who gets what they want, and one less for each who does not.
 * Wishes, time and points are decided here. A page can only say what it serves.
 */
export class Round {
  readonly roundId = randomUUID();
  private readonly endsAt: number;
  private guest = 1;
  private wish = draw();
  private points = 0;
  private isEnded = false;

  /** @param now milliseconds of a clock that only goes forward, as in the other methods */
  constructor(now: number) {
    this.endsAt = now + ROUND_MS;
  }

  isOver(now: number): boolean {
    return this.isEnded || now >= this.endsAt;
  }

  /** Ends the round. @returns its final points */
  end(): number {
    this.isEnded = true;
    return this.points;
  }

  /** Each guest is served once. A move for another guest is a repetition, and changes nothing. */
  serve(guest: number, item: Item): void {
    if (guest !== this.guest) return;
    this.points = Math.max(0, this.points + (item === this.wish ? 1 : -1));
    this.guest += 1;
    this.wish = draw();
  }

  stateAt(now: number): RoundState {
    const { roundId, guest, wish, points } = this;
    return { roundId, guest, wish, points, msLeft: Math.max(0, Math.ceil(this.endsAt - now)) };
  }
}

function draw(): Item {
  return ITEMS[randomInt(ITEMS.length)] ?? 'coffee';
}
