import { ApiParam } from '@nestjs/swagger';
import { environments, providers } from '../bots/bot';

interface Field {
  readonly description: string;
  readonly example?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
}

function inPath(name: string, { description, enum: values, ...schema }: Field): MethodDecorator {
  return ApiParam({
    name,
    description,
    schema: { type: 'string', ...(values ? { enum: [...values] } : {}), ...schema },
  });
}

/** The parameters of the paths in this folder, for the document. */
export const ApplicationInPath = (): MethodDecorator =>
  inPath('applicationId', { format: 'uuid', description: 'The application.' });
export const SecretInPath = (): MethodDecorator =>
  inPath('secretId', { format: 'uuid', description: 'The secret, as the list names it.' });
export const BotInPath = (): MethodDecorator =>
  inPath('id', { format: 'uuid', description: 'The `id` of the bot, which is not its `botId`.' });
export const ProviderInPath = (): MethodDecorator =>
  inPath('provider', { description: 'Its provider.', enum: providers, example: 'telegram' });
export const EnvironmentInPath = (): MethodDecorator =>
  inPath('environment', {
    description: 'The environment of the provider.',
    enum: environments,
    example: 'production',
  });
export const BotIdInPath = (): MethodDecorator =>
  inPath('botId', { description: 'The provider’s number, as text.', example: '7342037359' });
