import { askService } from './ask-service';

/** A round as the server tells it: the page learns the wish of one guest at a time. */
export interface Round {
  readonly roundId: string;
  readonly guest: number;
  readonly wish: string;
  readonly points: number;
  readonly msLeft: number;
}

export interface Result {
  readonly points: number;
  readonly isSent: boolean;
}

/** Calls of `examples/game`. None of them names a score. */
export const gameApi = {
  start(): Promise<Round> {
    return askService('POST', '/game/rounds');
  },
  serve({ roundId, guest }: Round, item: string): Promise<Round> {
    return askService('POST', `/game/rounds/${roundId}/moves`, { guest, item });
  },
  /** Answers when the round is over. */
  result({ roundId }: Round): Promise<Result> {
    return askService('GET', `/game/rounds/${roundId}/result`);
  },
};
