import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Database, Notifications, NotifiedCache } from '@countersign/database';
import { Metrics } from '@countersign/observability';
import { ApplicationsRepository, type KnownApplication } from './applications.repository';

const MOST_APPLICATIONS = 10_000;

/** Changes arrive by notification, from the database itself; this only bounds what nobody notified. */
const FRESH_SECONDS = 30;

/**
 * What every request needs to know of an application, in memory: so that neither a sign-in nor a flood of junk costs a
 * statement. That there is no such application is remembered too.
 */
@Injectable()
export class ApplicationDirectory extends NotifiedCache<KnownApplication> {
  constructor(
    database: Database,
    repository: ApplicationsRepository,
    notifications: Notifications,
    clock: Clock,
    metrics: Metrics,
  ) {
    super(notifications, clock, {
      channel: 'countersign_applications_changed',
      freshSeconds: FRESH_SECONDS,
      maxEntries: MOST_APPLICATIONS,
      watch: (result) => {
        metrics.cacheLookup('applications', result);
      },
      read: (id) => database.read((manager) => repository.findKnown(manager, id)),
    });
    metrics.watchCache('applications', () => this.size);
  }
}
