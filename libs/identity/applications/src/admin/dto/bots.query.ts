import { Id, Matching, OneOf, PageQuery } from '@countersign/http';
import {
  BOT_ID,
  botStatuses,
  environments,
  providers,
  type BotStatus,
  type Environment,
  type Provider,
} from '../../bots/bot';

export class BotsQuery extends PageQuery {
  @Id('Only bots of this application.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', { input: 'optional' })
  applicationId?: string;

  @OneOf(providers, 'Only bots of this provider.', 'telegram', { input: 'optional' })
  provider?: Provider;

  @OneOf(environments, 'Only bots of this environment.', 'production', { input: 'optional' })
  environment?: Environment;

  @OneOf(botStatuses, 'Only bots with this status.', 'active', { input: 'optional' })
  status?: BotStatus;

  @Matching('Only bots with this number of the provider.', '7342037359', {
    input: 'optional',
    pattern: BOT_ID,
  })
  botId?: string;
}
