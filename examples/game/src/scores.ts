import { setTimeout as sleep } from 'node:timers/promises';

export interface ScoreSettings {
  /** The address at which this server finds Countersign. */
  readonly countersign: string;
  readonly applicationId: string;
  /** Only this server knows the secret, so pages cannot send scores. */
  readonly clientSecret: string;
  readonly boardId: string;
}

export interface Score {
  /** Unique on the board. Sent again, the score counts once. */
  readonly id: string;
  readonly userId: string;
  readonly score: number;
}

/** Before each attempt. */
const WAITS_MS = [0, 500, 2000, 8000];
const LIMIT_MS = 5000;

/**
 * Sends scores to a board. A call without an answer may have arrived: it is repeated as it is, since ids make that harmless. A game
 * with a database stores the score first, and sends it until it is answered.
 */
export class Scores {
  private readonly url: string;
  private readonly authorization: string;

  constructor({ countersign, applicationId, clientSecret, boardId }: ScoreSettings) {
    this.url = `${countersign}/v1/boards/${boardId}/scores`;
    this.authorization = `Basic ${Buffer.from(`${applicationId}:${clientSecret}`).toString('base64')}`;
  }

  /** @throws Error when the score is refused, or no attempt succeeded */
  async send(score: Score): Promise<void> {
    for (const waitMs of WAITS_MS) {
      await sleep(waitMs);
      const status = await this.attempt(score).catch(() => 503);
      if (status < 400) return;
      // Another attempt would not help.
      if (status < 500 && status !== 429) throw new Error(`The score was refused with ${status}.`);
    }
    throw new Error('Countersign cannot be reached.');
  }

  /** @returns the HTTP status; 422 for a score that was refused alone */
  private async attempt(score: Score): Promise<number> {
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { authorization: this.authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ scores: [score] }),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (!answer.ok) return answer.status;
    const { results } = (await answer.json()) as {
      readonly results: readonly { readonly outcome: string }[];
    };
    return results[0]?.outcome === 'refused' ? 422 : 200;
  }
}
