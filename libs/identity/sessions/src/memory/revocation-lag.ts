import { Injectable } from '@nestjs/common';
import { Clock, SECOND } from '@countersign/clock';
import { Notifications } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import { endReasons } from '../session';
import { REVOKED_CHANNEL } from '../store/session-endings.repository';

/** First item, then the ids of sessions. */
const MESSAGE = /^@(\d+)(?::([^,]+))?((?:,[^,]+)+)$/;

const REASONS: ReadonlySet<string> = new Set(endReasons);

/** Measures how long revocations take to reach this process, and counts ended sessions by reason. */
@Injectable()
export class RevocationLag {
  constructor(notifications: Notifications, clock: Clock, metrics: Metrics) {
    notifications.subscribe(REVOKED_CHANNEL, {
      onMessage: (payload) => {
        const [, sentAt, reason, ids] = MESSAGE.exec(payload) ?? [];
        if (sentAt === undefined) return;
        // A replica of a later version may send another reason: labels are a closed set.
        if (reason !== undefined)
          metrics.sessionsEnded(REASONS.has(reason) ? reason : 'other', (ids ?? '').split(',').length - 1);
        // By two clocks: their difference is part of the measurement.
        metrics.revocationHeard(Math.max(0, clock.now().getTime() - Number(sentAt)) / SECOND);
      },
      onGap: () => undefined,
    });
  }
}
