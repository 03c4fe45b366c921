import type { Example } from './example';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RoundBody {
  readonly roundId: string;
  readonly guest: number;
  readonly wish: string;
}

/** A new person of the example who plays its game without the page: with the access token that the page has. */
export class GamePlayer {
  private static count = 0;

  private constructor(
    private readonly example: Example,
    readonly applicationId: string,
    readonly userId: string,
    private readonly accessToken: string,
  ) {}

  static async signIn(example: Example): Promise<GamePlayer> {
    GamePlayer.count += 1;
    const service = serviceOf(example);
    const { applicationId } = (await ask(`${service}/playground/people`)).body as { applicationId: string };
    const id = 4_000_000_000_500_000 + GamePlayer.count;
    const { initData } = (await ask(`${service}/playground/init-data`, { id })).body;
    const signedIn = await ask(`${service}/v1/auth/telegram/init-data`, { applicationId, initData });
    const { userId, accessToken } = signedIn.body as { userId: string; accessToken: string };
    return new GamePlayer(example, applicationId, userId, accessToken);
  }

  async start(): Promise<RoundBody> {
    return (await this.game('rounds', {})).body as unknown as RoundBody;
  }

  /** @param body none for GET */
  game(path: string, body?: object): Promise<Answer> {
    return ask(`http://127.0.0.1:${this.example.port + 2}/game/${path}`, body, this.bearer);
  }

  /** A move; by default the right one. */
  serve(round: RoundBody, move: object = { guest: round.guest, item: round.wish }): Promise<Answer> {
    return this.game(`rounds/${round.roundId}/moves`, move);
  }

  /** @param headers by default those of the page */
  sendScore(
    id: string,
    score: number,
    headers: Readonly<Record<string, string>> = this.bearer,
  ): Promise<Answer> {
    return ask(this.board('scores'), { scores: [{ id, userId: this.userId, score }] }, headers);
  }

  rank(): Promise<Answer> {
    return ask(this.board(`ranks/${this.userId}`), undefined, this.bearer);
  }

  private get bearer(): { readonly authorization: string } {
    return { authorization: `Bearer ${this.accessToken}` };
  }

  /** What the server of the game sends with its scores. */
  get clientSecret(): { readonly authorization: string } {
    const pair = Buffer.from(`${this.applicationId}:${this.example.game.clientSecret}`);
    return { authorization: `Basic ${pair.toString('base64')}` };
  }

  private board(path: string): string {
    return `${serviceOf(this.example)}/v1/boards/${this.example.game.boardId}/${path}`;
  }
}

function serviceOf({ port }: Example): string {
  return `http://127.0.0.1:${port + 3}`;
}

async function ask(
  url: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const answer = await fetch(url, {
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  const parsed = (await answer.json()) as Answer['body'];
  return { status: answer.status, body: parsed };
}
