import { ApiParam } from '@nestjs/swagger';
import { botIdField, environmentField, providerField } from './dto/bot-fields';

interface Field {
  readonly description: string;
  readonly example?: string;
  readonly format?: string;
  readonly enum?: string[];
}

function inPath(name: string, { description, ...schema }: Field): MethodDecorator {
  return ApiParam({ name, description, schema: { type: 'string', ...schema } });
}

/** The parameters of the paths in this folder, for the document. */
export const ApplicationInPath = (): MethodDecorator =>
  inPath('applicationId', { format: 'uuid', description: 'The application.' });
export const SecretInPath = (): MethodDecorator =>
  inPath('secretId', { format: 'uuid', description: 'The secret, as the list names it.' });
export const BotInPath = (): MethodDecorator =>
  inPath('id', { format: 'uuid', description: 'The `id` of the bot, which is not its `botId`.' });
export const ProviderInPath = (): MethodDecorator => inPath('provider', providerField);
export const EnvironmentInPath = (): MethodDecorator => inPath('environment', environmentField);
export const BotIdInPath = (): MethodDecorator => inPath('botId', botIdField);
