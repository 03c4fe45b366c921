import { askService } from './ask-service';

/** A round, as the server describes it. The page knows the wish of one guest at a time. */
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

/** The calls of `examples/game`. No call contains a score. */
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
