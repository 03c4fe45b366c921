import { ApiParam } from '@nestjs/swagger';
import { environments, providers } from '../bots/bot';
import { IdInPath } from '@countersign/http';

function inPath(
  name: string,
  description: string,
  schema: { enum?: string[]; example: string },
): MethodDecorator {
  return ApiParam({ name, description, schema: { type: 'string', ...schema } });
}

/** The parameters of the paths in this folder. */
export const ApplicationInPath = (): ParameterDecorator =>
  IdInPath('applicationId', 'application.not_found', 'The application.');
export const BotInPath = (): ParameterDecorator =>
  IdInPath('id', 'bot.not_found', 'The `id` of the bot, which is not its `botId`.');
export const ProviderInPath = (): MethodDecorator =>
  inPath('provider', 'Its provider.', { enum: [...providers], example: 'telegram' });
export const EnvironmentInPath = (): MethodDecorator =>
  inPath('environment', 'The environment of the provider.', {
    enum: [...environments],
    example: 'production',
  });
export const BotIdInPath = (): MethodDecorator =>
  inPath('botId', 'The provider’s number, as text.', { example: '7342037359' });
