import { IdInPath } from '@countersign/http';

/** The parameters of the paths in this folder. */
export const ApplicationInPath = (): ParameterDecorator =>
  IdInPath('applicationId', 'application.not_found', 'The application.');
export const BotInPath = (): ParameterDecorator =>
  IdInPath('id', 'bot.not_found', 'The `id` of the bot, which is not its `botId`.');
