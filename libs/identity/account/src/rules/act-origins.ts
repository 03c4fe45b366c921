import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { actOrigin } from '@countersign/auth';
import { SessionsService, type Principal } from '@countersign/sessions';

/** What acts of sessions rest on, for the recovery after a leak. */
@Injectable()
export class ActOrigins {
  constructor(
    private readonly sessions: SessionsService,
    private readonly applications: ApplicationsService,
  ) {}

  /** As `actOrigin`. Without a statement for sessions that the platform's signature opened. */
  async of(
    tx: EntityManager,
    { sessionId, applicationId, assurance }: Pick<Principal, 'sessionId' | 'applicationId' | 'assurance'>,
  ): Promise<string | null> {
    if (assurance !== 'bot-token') return actOrigin(assurance, null);
    const session = await this.sessions.findById(tx, sessionId);
    const { bots } = await this.applications.getBots(applicationId);
    const bot = bots.find(({ id }) => id === session?.botRowId);
    return actOrigin(assurance, bot ? `${bot.provider}/${bot.environment}/${bot.botId}` : null);
  }
}
