import { Injectable } from '@nestjs/common';
import { ApplicationsService, type Application } from '@countersign/applications';
import { Clock, plusSeconds } from '@countersign/runtime';
import { metaproError } from './metapro.errors';
import { ListQuery, UUID } from './protocol/list-query';
import { metaproSettings } from './metapro.feature';

const FRESH_SECONDS = 30;

/** Metapro's projects are applications that the operator has switched on for its clients. */
@Injectable()
export class MetaproProjects {
  private known: { readonly until: Date; readonly ids: Promise<readonly string[]> } | null = null;

  constructor(
    private readonly applications: ApplicationsService,
    private readonly clock: Clock,
  ) {}

  /** @param projectId may be absent while one project uses this API, because some calls of clients omit it */
  async get(projectId: string | undefined): Promise<Application> {
    const id = projectId ?? (await this.only());
    const application = await this.applications.findById(id.toLowerCase());
    if (!application || !metaproSettings.of(application.settings).enabled)
      throw metaproError('metapro.project_not_found');
    return application;
  }

  ofQuery(query: unknown): Promise<Application> {
    return this.get(new ListQuery(query).text('projectId', UUID));
  }

  async assertAny(): Promise<void> {
    if ((await this.enabled()).length === 0) throw metaproError('metapro.project_not_found');
  }

  private async only(): Promise<string> {
    const [id, another] = await this.enabled();
    if (id === undefined) throw metaproError('metapro.project_not_found');
    if (another !== undefined) throw metaproError('metapro.project_required');
    return id;
  }

  private async enabled(): Promise<readonly string[]> {
    const now = this.clock.now();
    if (this.known && now < this.known.until) return this.known.ids;
    const ids = this.applications
      .listAll()
      .then((all) => all.filter(({ settings }) => metaproSettings.of(settings).enabled).map(({ id }) => id));
    const known = { until: plusSeconds(now, FRESH_SECONDS), ids };
    this.known = known;
    ids.catch(() => {
      if (this.known === known) this.known = null;
    });
    return ids;
  }
}

export function assertOwn(applicationId: string, projectId = applicationId): void {
  if (projectId.toLowerCase() !== applicationId) throw metaproError('metapro.project_not_found');
}
