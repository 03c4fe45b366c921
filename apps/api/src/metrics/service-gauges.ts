import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PrincipalsService } from '@countersign/admin';
import { Clock, Metrics, SECOND } from '@countersign/runtime';
import { JobQueue, Notifications, poolOf } from '@countersign/database';
import { IdentityKeys } from '@countersign/sessions';
import { RateLimits } from '@countersign/http';
import { VERSION } from '../version';

@Injectable()
export class ServiceGauges {
  constructor(
    metrics: Metrics,
    dataSource: DataSource,
    notifications: Notifications,
    limits: RateLimits,
    jobs: JobQueue,
    private readonly principals: PrincipalsService,
    private readonly identityKeys: IdentityKeys,
    private readonly clock: Clock,
  ) {
    const pool = poolOf(dataSource);
    metrics.info('countersign_build_info', 'Always 1: what runs here.', {
      version: VERSION,
      node: process.versions.node,
    });
    metrics.gauge(
      'countersign_database_pool_waiting',
      'Work that waits for a connection of the pool.',
      () => pool.waitingCount,
    );
    metrics.gauge(
      'countersign_notifications_live',
      'Whether ends of sessions are heard (1), or sessions are read from their rows (0).',
      () => Number(notifications.isLive),
    );
    metrics.gauge(
      'countersign_rate_limits_shared',
      'Whether all replicas count together (1) or each alone (0); absent without Redis.',
      () => {
        if (!limits.isToBeShared) throw new Error('there is no Redis');
        return Number(limits.isShared);
      },
    );
    metrics.gaugeBy(
      'countersign_job_last_success_seconds',
      'Seconds since a job was last done, on whichever replica; absent while there is no queue or no database.',
      'job_name',
      () => jobs.sinceSuccess(),
    );
    metrics.gauge(
      'countersign_identity_key_age_seconds',
      'Age of the key that signs identity tokens; absent without a key or a database.',
      () => this.ageOfSigningKey(),
    );
    metrics.gauge(
      'countersign_principal_secret_expires_seconds',
      'Seconds until the first secret of an active principal expires; absent without one, or a database.',
      () => this.nextExpiryOfSecrets(),
    );
  }

  private async nextExpiryOfSecrets(): Promise<number> {
    const expiresAt = await this.principals.nextExpiryOfSecrets();
    if (!expiresAt) throw new Error('there is no secret that expires');
    return (expiresAt.getTime() - this.clock.now().getTime()) / SECOND;
  }

  private async ageOfSigningKey(): Promise<number> {
    const signing = (await this.identityKeys.list()).find(({ state }) => state === 'signing');
    if (!signing) throw new Error('there is no key');
    return (this.clock.now().getTime() - signing.createdAt.getTime()) / SECOND;
  }
}
