import type { KeysStatus } from '@countersign/keys';
import { Count, Id, Instant, Integer, ListOf, Text } from '@countersign/http';
import type { MeasuredFigures, Point } from './figures';

const INSTANT = '2026-11-20T08:13:02.000Z';
const REPLICA = '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10';

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

export class ReplicaResponse {
  @Id('The process.', REPLICA)
  replicaId: string;

  @Text('Its version.', '1.0.0')
  version: string;

  @Instant('When it started.', INSTANT)
  startedAt: string;

  @Instant('Its last heartbeat, within the last minute.', INSTANT)
  seenAt: string;

  @Integer('Its clock minus that of the database, in seconds.', 0)
  clockSkewSeconds: number;
}

export class FiguresResponse {
  @Instant('The start of the first point.', INSTANT)
  from: string;

  @ListOf(FigurePointResponse, 'One for each minute, oldest first; the last one ends now.')
  points: readonly FigurePointResponse[];

  @ListOf(RefusalCountResponse, 'Refused sign-ins of these minutes by code, the most frequent first.')
  refusals: readonly RefusalCountResponse[];

  @ListOf(ReplicaResponse, 'Oldest first.')
  replicas: readonly ReplicaResponse[];

  static of({ from, points, refusals }: MeasuredFigures, replicas: KeysStatus['replicas']): FiguresResponse {
    return {
      from: from.toISOString(),
      points: points.map((point) => FigurePointResponse.of(point)),
      refusals: Object.entries(refusals)
        .map(([code, count]) => ({ code, count }))
        .toSorted((a, b) => b.count - a.count),
      replicas: replicas.map(({ id, version, startedAt, seenAt, clockSkewSeconds }) => ({
        replicaId: id,
        version,
        startedAt: startedAt.toISOString(),
        seenAt: seenAt.toISOString(),
        clockSkewSeconds,
      })),
    };
  }
}
