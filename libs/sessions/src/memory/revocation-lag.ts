import { Injectable } from '@nestjs/common';
import { Clock, SECOND } from '@countersign/clock';
import { Notifications } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import { REVOKED_CHANNEL } from '../store/session-endings.repository';

/** Measures how long an end of a session takes from the statement that says so to this process. */
@Injectable()
export class RevocationLag {
  constructor(notifications: Notifications, clock: Clock, metrics: Metrics) {
    notifications.subscribe(REVOKED_CHANNEL, {
      onMessage: (payload) => {
        const sentAt = /^@(\d+),/.exec(payload)?.[1];
        if (sentAt === undefined) return;
        // Two clocks: what they differ by is part of what is measured.
        metrics.revocationHeard(Math.max(0, clock.now().getTime() - Number(sentAt)) / SECOND);
      },
      onGap: () => undefined,
    });
  }
}
