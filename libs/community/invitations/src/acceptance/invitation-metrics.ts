import { Injectable } from '@nestjs/common';
import { Metrics, type CountBy } from '@countersign/observability';

@Injectable()
export class InvitationMetrics {
  private readonly count: CountBy<'outcome'>;

  constructor(metrics: Metrics) {
    this.count = metrics.counter(
      'countersign_invitations_total',
      'Invitations to teams that people accepted at this replica: accepted, or the code of the refusal.',
      'outcome',
    );
  }

  /** @param outcome `accepted`, or an error code */
  answered(outcome: string): void {
    this.count({ outcome });
  }
}
