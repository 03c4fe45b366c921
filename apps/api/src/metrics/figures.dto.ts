import { Count, Instant, ListOf, Text } from '@countersign/http';
import type { MeasuredFigures, Point } from './figures';

const INSTANT = '2026-11-20T08:13:02.000Z';

export class FigurePointResponse {
  @Instant('The end of its minute.', INSTANT)
  at: string;

  @Count('Sign-ins.', 12)
  signIns: number;

  @Count('Refused sign-ins.', 1)
  refusals: number;

  @Count('Sessions that ended at any replica, as far as this one was notified.', 3)
  endedSessions: number;

  @Count('The time that the oldest due webhook delivery had waited, in seconds; null if unknown.', 0, {
    nullable: true,
  })
  webhookLagSeconds: number | null;

  static of({ at, ...figures }: Point): FigurePointResponse {
    return { at: at.toISOString(), ...figures };
  }
}

export class RefusalCountResponse {
  @Text('The error code.', 'init_data.expired')
  code: string;

  @Count('The number of sign-ins.', 4)
  count: number;
}

export class FiguresResponse {
  @Instant('The start of the first point.', INSTANT)
  from: string;

  @ListOf(FigurePointResponse, 'One for each minute, oldest first; the last one ends now.')
  points: readonly FigurePointResponse[];

  @ListOf(RefusalCountResponse, 'Refused sign-ins of these minutes by code, the most frequent first.')
  refusals: readonly RefusalCountResponse[];

  static of({ from, points, refusals }: MeasuredFigures): FiguresResponse {
    return {
      from: from.toISOString(),
      points: points.map((point) => FigurePointResponse.of(point)),
      refusals: Object.entries(refusals)
        .map(([code, count]) => ({ code, count }))
        .toSorted((a, b) => b.count - a.count),
    };
  }
}
