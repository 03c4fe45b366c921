import { Injectable } from '@nestjs/common';
import { AppError } from '@countersign/text';
import { Metrics, type CountBy } from '@countersign/runtime';
import { actKinds, type ActKind } from './acts';

@Injectable()
export class ActMetrics {
  private readonly count: CountBy<'act' | 'outcome'>;

  constructor(metrics: Metrics) {
    this.count = metrics.counter(
      'countersign_wallet_acts_total',
      'Acts of embedded wallets at this replica: asked for, done, unanswered by custody, or the code of the refusal.',
      'act',
      'outcome',
    );
    // The counter starts at 0, so that an alert sees the first refusal too.
    for (const act of actKinds) this.count({ act, outcome: 'wallet.above_hour_limit' }, 0);
  }

  /** @param outcome the outcome if the work succeeds */
  async counted<T>(act: ActKind, outcome: 'asked' | 'done', work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work();
      this.count({ act, outcome });
      return answer;
    } catch (error) {
      this.count({ act, outcome: outcomeOf(error) });
      throw error;
    }
  }
}

function outcomeOf(error: unknown): string {
  if (!(error instanceof AppError)) return 'failed';
  return error.code === 'wallet.custody_unavailable' ? 'unanswered' : error.code;
}
